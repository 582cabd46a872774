export default {
  choosing: {
    searchShops: "Cerca tra {{number}} negozi",
    noShop: "Nessun negozio con questo indirizzo",
    include: "Prodotti scelti uno per uno",
    exclude: "Prodotti esclusi uno per uno",
    pick: "Scegli prodotti",
    pickFor: "Scegli prodotti: {{label}}",
    take: "Conferma",
    searchProducts: "Cerca i prodotti del negozio principale per titolo o SKU",
    notRead: "I prodotti del negozio principale appaiono qui una volta letti, con la prima sincronizzazione.",
    most: "Scegli al massimo {{number}} prodotti.",
    moreChosen: "Mostra altri {{number}}",
    chosen_one: "{{number}} prodotto scelto",
    chosen_other: "{{number}} prodotti scelti",
  },
};

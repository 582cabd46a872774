export default {
  choosing: {
    searchShops: "Rechercher parmi {{number}} boutiques",
    noShop: "Aucune boutique à cette adresse",
    include: "Produits choisis un par un",
    exclude: "Produits exclus un par un",
    pick: "Choisir des produits",
    pickFor: "Choisir des produits : {{label}}",
    take: "Valider",
    searchProducts: "Rechercher les produits de la boutique principale par titre ou SKU",
    notRead:
      "Les produits de la boutique principale apparaissent ici une fois lus, lors de la première synchronisation.",
    most: "Choisissez {{number}} produits au maximum.",
    moreChosen: "Afficher {{number}} de plus",
    chosen_one: "{{number}} produit choisi",
    chosen_other: "{{number}} produits choisis",
  },
};

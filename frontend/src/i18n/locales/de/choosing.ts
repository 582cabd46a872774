export default {
  choosing: {
    searchShops: "{{number}} Shops durchsuchen",
    noShop: "Kein Shop mit dieser Adresse",
    include: "Einzeln gewählte Produkte",
    exclude: "Einzeln ausgeschlossene Produkte",
    pick: "Produkte wählen",
    pickFor: "Produkte wählen: {{label}}",
    take: "Übernehmen",
    searchProducts: "Produkte des Hauptshops nach Titel oder SKU durchsuchen",
    notRead:
      "Die Produkte des Hauptshops erscheinen hier, sobald sie mit der ersten Synchronisierung gelesen wurden.",
    most: "Wählen Sie höchstens {{number}} Produkte.",
    moreChosen: "{{number}} weitere anzeigen",
    chosen_one: "{{number}} Produkt gewählt",
    chosen_other: "{{number}} Produkte gewählt",
  },
};

export default {
  choosing: {
    searchShops: "Rechercher parmi {{number}} boutiques",
    noShop: "Aucune boutique à cette adresse",
  },
};

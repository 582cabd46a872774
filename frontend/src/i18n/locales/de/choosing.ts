export default {
  choosing: {
    searchShops: "{{number}} Shops durchsuchen",
    noShop: "Kein Shop mit dieser Adresse",
  },
};

export default {
  choosing: {
    searchShops: "Search {{number}} shops",
    noShop: "No shop with this address",
  },
};

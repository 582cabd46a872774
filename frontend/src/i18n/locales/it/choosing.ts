export default {
  choosing: {
    searchShops: "Cerca tra {{number}} negozi",
    noShop: "Nessun negozio con questo indirizzo",
  },
};

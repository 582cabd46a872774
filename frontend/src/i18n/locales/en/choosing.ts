export default {
  choosing: {
    searchShops: "Search {{number}} shops",
    noShop: "No shop with this address",
    include: "Products chosen individually",
    exclude: "Products excluded individually",
    pick: "Choose products",
    pickFor: "Choose products: {{label}}",
    take: "Done",
    searchProducts: "Search the main shop's products by title or SKU",
    notRead: "The main shop's products appear here after the first sync.",
    most: "Choose {{number}} products at most.",
    moreChosen: "Show {{number}} more",
    chosen_one: "{{number}} product chosen",
    chosen_other: "{{number}} products chosen",
  },
};

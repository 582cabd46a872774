export default {
  choosing: {
    searchShops: "Buscar entre {{number}} tiendas",
    noShop: "Ninguna tienda con esta dirección",
  },
};

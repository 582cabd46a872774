export default {
  choosing: {
    searchShops: "Buscar entre {{number}} tiendas",
    noShop: "Ninguna tienda con esta dirección",
    include: "Productos elegidos uno a uno",
    exclude: "Productos excluidos uno a uno",
    pick: "Elegir productos",
    pickFor: "Elegir productos: {{label}}",
    take: "Aceptar",
    searchProducts: "Buscar productos de la tienda principal por título o SKU",
    notRead:
      "Los productos de la tienda principal aparecen aquí una vez leídos, con la primera sincronización.",
    most: "Elige {{number}} productos como máximo.",
    moreChosen: "Mostrar {{number}} más",
    chosen_one: "{{number}} producto elegido",
    chosen_other: "{{number}} productos elegidos",
  },
};

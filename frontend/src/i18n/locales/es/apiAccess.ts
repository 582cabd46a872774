export default {
  apiAccess: {
    title: "Acceso a la API",
    subtitle: "Con un token, tus propios programas usan esta app con los permisos de esta tienda.",
    cardText: "Permite que tus propios programas, como un sistema de almacén, trabajen con esta app.",
    open: "Gestionar los tokens de la API",
    tokens: "Tokens de la API",
    token: "Nuevo token de la API",
    create: "Crear token",
    emptyTitle: "Ningún programa tiene acceso todavía",
    emptyText: "Crea un token para cada programa: así podrás revocarlos por separado.",
    name: "Nombre",
    nameHelp: "¿Qué programa lo usa? Con este nombre lo reconocerás más adelante.",
    namePlaceholder: "Sistema de almacén",
    may: "Qué puede hacer",
    scope: { READ: "Solo lectura", WRITE: "Lectura y cambios" },
    scopeHelp: {
      READ: "Ve las tiendas, los productos, las tareas y la configuración. No cambia nada.",
      WRITE:
        "Además puede hacer lo que esta tienda puede hacer aquí, como iniciar una sincronización. La clave de conexión, los permisos cedidos y el plan quedan reservados a las personas.",
    },
    newTitle: "Copia ahora el token «{{name}}»",
    newText:
      "Solo se muestra esta vez. Guárdalo como una contraseña: quien lo tenga puede usar la app en nombre de esta tienda.",
    newDone: "Ya lo he copiado",
    created: "Creado el {{date}}",
    used: "Último uso {{when}}",
    neverUsed: "Nunca usado",
    revoke: "Revocar",
    revokeOf: "Revocar {{name}}",
    revokeTitle: "¿Revocar «{{name}}»?",
    revokeText:
      "Los programas que usan este token pierden el acceso de inmediato. No se puede deshacer, pero puedes crear un token nuevo en cualquier momento.",
    revoked: "El token se ha revocado",
    developers: "Para desarrolladores",
    developersText:
      "La API GraphQL está disponible en esta dirección, por HTTP, WebSocket o Server-Sent Events.",
    address: "Dirección de la API",
    graphiql: "Probar en GraphiQL",
    docs: "Leer la documentación",
  },
};

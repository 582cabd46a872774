export default {
  rights: {
    overtaken: {
      title: "Otra persona ha guardado esta configuración mientras tanto",
      text: "Tus cambios no se han guardado. Carga la configuración nueva y vuelve a hacer tus cambios.",
      action: "Cargar la configuración nueva",
    },
    results: {
      allDone: "Guardado para las demás tiendas",
      someFailed: "No se han podido cambiar todas las tiendas",
      done: "Guardado.",
    },
    targets: {
      none: "No hay ninguna otra tienda conectada.",
      notDelegated: "Su propietario no te ha dado permiso para cambiar su configuración.",
      more: "Mostrar más tiendas",
      chosen_one: "{{count}} tienda elegida",
      chosen_other: "{{count}} tiendas elegidas",
    },
    others: {
      title: "Cambiar otras tiendas de la misma manera",
      text: "Allí solo se guarda lo que has modificado. Todo lo demás se queda como está.",
    },
    copy: {
      menu: "Copiar la configuración a…",
      title: "Copiar la configuración de {{shop}}",
      what: "Se copia toda la configuración de sincronización y sustituye la de las tiendas elegidas.",
      money: "Una tienda con otra moneda conserva su tipo de cambio, su importe fijo y su terminación.",
      locations: "Las correspondencias de sucursales no se copian, porque cada tienda tiene las suyas.",
      to: "Copiar a",
      alone: "Podrás copiar la configuración en cuanto una segunda tienda siga a esta.",
      startSync: "Sincronizar estas tiendas enseguida",
      startSyncHelp:
        "Si no, la configuración se aplica a partir del próximo cambio; una tienda que nunca se ha sincronizado espera a su primera sincronización. Los límites de seguridad se aplican en cualquier caso.",
      action: "Copiar la configuración",
      close: "Cerrar",
    },
    fieldGroup: {
      texts: "Textos y motores de búsqueda",
      media: "Imágenes y videos",
      organisation: "Organización",
      variants: "Variantes",
      inventory: "Inventario e impuestos",
      shipping: "Envío y aduana",
      metafields: "Más datos",
    },
    rate: {
      changed:
        "El tipo de cambio {{rate}} se indicó para otras monedas. La tienda principal vende ahora en {{from}} y la dependiente en {{to}}; los precios no se sincronizan hasta que lo confirmes o lo cambies.",
      use: "Usar este tipo de cambio para {{from}} → {{to}}",
    },
    stockExample: "Con {{main}} unidades en la tienda principal, la dependiente muestra {{shown}}.",
    example: {
      price: "Precio en la tienda principal",
      step: {
        rate: "Convertido",
        percent: "Porcentaje",
        amount: "Importe fijo",
        ending: "Terminación más cercana",
        rounding: "Redondeado a la unidad mínima",
      },
    },
    pause: {
      pause: "Pausar",
      resume: "Reanudar",
      askTitle: "¿Pausar la sincronización con {{shop}}?",
      askText:
        "Durante la pausa no se envía nada y las tareas en curso se detienen. No se pierde nada: lo que cambie mientras tanto se anota y llega al reanudar.",
      paused: "En pausa",
      resumed: "La sincronización continúa",
      resumedAndSyncing: "La sincronización continúa y se pone al día",
      bannerTitle: "{{shop}} ha pausado la sincronización",
      bannerText: "No se envía nada. Lo que cambie mientras tanto se anota y llega al reanudar.",
      bannerOther:
        "No se envía nada. Solo {{shop}} puede reanudar; lo que cambie mientras tanto llegará entonces.",
    },
    disconnect: {
      ends: "Deja de sincronizarse todo y las tareas en curso se detienen. Si la tienda principal podía actuar por la dependiente, eso también termina.",
      stays: "Lo que se conserva",
      products: "Todos los productos se quedan como están.",
      links: "Se conservan los vínculos entre productos.",
      settings: "Se conservan la configuración de sincronización y las correspondencias de sucursales.",
      again: "Si se vuelven a conectar las mismas dos tiendas, todo se retoma donde estaba.",
    },
    address: {
      main: "Tienda principal:",
      dependent: "Tienda dependiente:",
    },
    delegation: {
      title: "Dejar que la tienda principal actúe por esta tienda",
      on: "Permitido",
      off: "Desactivado",
      textOff:
        "Por ahora solo esta tienda cambia su configuración y decide. Si lo permites, {{main}} también podrá:",
      textOn: "{{main}} puede hacer por esta tienda lo mismo que tú:",
      settings:
        "cambiar la configuración de sincronización y las correspondencias de sucursales, y copiar la configuración de otras tiendas",
      held: "decidir sobre los cambios en espera y los productos que no se pueden asociar",
      undo: "deshacer cambios, corregir diferencias, conservar valores de la tienda y reanudar lo que hayas pausado",
      never:
        "Conservas todos estos derechos y puedes terminar esto en cualquier momento. También termina al desconectar las tiendas.",
      give: "Permitir",
      take: "Retirar el permiso",
      given: "{{main}} ya puede actuar por esta tienda",
      taken: "{{main}} ya no puede actuar por esta tienda",
      askTitle: "¿Dejar que {{main}} actúe por esta tienda?",
      askText:
        "Las personas y los programas de {{main}} podrán cambiar entonces lo que se sincroniza aquí, incluidos precios y existencias. Puedes retirar este permiso en cualquier momento.",
      asMain: "{{shop}} te deja actuar por ella: aquí cambias su configuración.",
    },
    actionsOf: "Acciones para {{shop}}",
    locations: {
      ofDependent: "Cambias las correspondencias de {{shop}}.",
      readOnly: "Solo {{shop}} puede cambiarlas. Pide los cambios a su propietario.",
      defaultText:
        "Sin correspondencias se usan las sucursales predeterminadas de ambas tiendas. La primera correspondencia sustituye esto.",
      add: "Agregar correspondencia",
      allMapped: "Todas las sucursales activas de la tienda principal tienen correspondencia.",
      closed_one: "{{names}} está desactivada en Shopify y no se puede elegir.",
      closed_other: "{{names}} están desactivadas en Shopify y no se pueden elegir.",
      gone: "Sucursal eliminada",
      inactive: "Inactiva",
      inactiveMain:
        "La sucursal de la tienda principal no está activa, así que no cuenta. Si ninguna otra alimenta el destino, sus existencias se quedan como están.",
      inactiveDependent:
        "La sucursal de la tienda dependiente no está activa. Sus existencias se quedan como están hasta que se active de nuevo o elijas otra.",
      changeOf: "Cambiar la correspondencia de {{main}}",
      remove: "Las existencias de esta sucursal dejan de contar. Las demás correspondencias se conservan.",
      removeLast:
        "Es la última correspondencia: después se vuelven a usar las sucursales predeterminadas de ambas tiendas.",
      removeAction: "Eliminar",
    },
  },
};

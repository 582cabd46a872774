export default {
  matter: {
    open: "Abrir la app",
    toSettings: "Ver su configuración",
    toShops: "Ver las tiendas",
    frozen:
      "Los pagos de tu plan se han detenido. Lo vinculado continúa y los productos nuevos quedan en espera.",
    cancelled:
      "Tu suscripción ha terminado. Lo vinculado continúa y puede que los productos nuevos tengan que esperar.",
    pending: "El cambio a {{plan}} espera tu confirmación.",
    full_one: "Has alcanzado el límite de tu plan y {{number}} producto espera sitio.",
    full_other: "Has alcanzado el límite de tu plan y {{number}} productos esperan sitio.",
    reached: "Has alcanzado el límite de tu plan. Los productos nuevos tendrán que esperar sitio.",
    failed: "La última tarea de {{shop}} ha fallado.",
    partly: "La última tarea de {{shop}} ha fallado en parte.",
    paused: "La sincronización con {{shop}} está en pausa. No se envía nada hasta que se reanude.",
    rateChanged: "Los precios de {{shop}} están en pausa: el tipo de cambio se definió para otras monedas.",
    others_one: "{{number}} más",
    others_other: "{{number}} más",
    many: {
      suspended:
        "la app ha perdido el acceso a {{number}} tiendas: {{shops}}. Ábrela en ellas para continuar.",
      failed: "Las últimas tareas de {{number}} tiendas han fallado: {{shops}}.",
      paused: "La sincronización con {{number}} tiendas está en pausa: {{shops}}.",
      settings: "{{number}} tiendas aún no han elegido qué sincronizar: {{shops}}.",
      held: "Hay cambios en {{number}} tiendas que esperan una decisión: {{shops}}.",
      conflicts: "Hay productos que no se pueden asociar con certeza en {{number}} tiendas: {{shops}}.",
      rate: "Los precios de {{number}} tiendas están en pausa por falta de tipo de cambio: {{shops}}.",
    },
  },
};

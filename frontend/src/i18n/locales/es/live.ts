export default {
  parity: {
    equal: "Sincronizada al {{share}}",
    differences_one: "{{number}} diferencia",
    differences_other: "{{number}} diferencias",
    notChecked:
      "Aún no se ha comprobado nada. Cada producto se comprueba automáticamente en el plazo de un día.",
    checked_one: "{{checked}} de {{linked}} producto comprobado",
    checked_other: "{{checked}} de {{linked}} productos comprobados",
  },
  delay: {
    usual: "Los cambios suelen llegar en {{median}}, el 95 % en menos de {{most}}",
    stock:
      "Existencias en menos de {{most}}: hasta entonces, dos tiendas pueden vender la misma última unidad",
  },
  aside: {
    title_one: "{{number}} elemento no se pudo sincronizar",
    title_other: "{{number}} elementos no se pudieron sincronizar",
    text: "Tres intentos han fallado. Todo lo demás continúa.",
    reason: "Último motivo: {{reason}}",
    retried: "Se intenta de nuevo",
  },
  difference: {
    emptyTitle: "Sin diferencias",
    emptyText: "Lo que difiera tras una comprobación aparece aquí.",
    main: "Debería ser:",
    repair: "Corregir",
    repairOf: "Corregir {{title}}",
    repairAll: "Corregir todo",
    repairing: "Corrección iniciada",
    reason: {
      DRIFT: "Se corrige automáticamente",
      HELD: "Conservado",
      LOCAL_EDIT: "Editado localmente, conservado",
      LOCAL_STOCK: "Existencias propias de esta tienda",
      BRAKE: "Espera una decisión",
      REFUSED: "No se puede cambiar",
    },
  },
  edits: {
    emptyTitle: "No se ha editado nada localmente",
    emptyText: "Los valores sincronizados que alguien cambia en la tienda dependiente aparecen aquí.",
    kept: "Conservado",
    overwritten: "Se aplicó el valor de la tienda principal",
    keep: "Conservar este valor en adelante",
    keepOf: "Conservar este valor en adelante: {{title}}, {{what}}",
    keeping: "Este valor se conservará en esta tienda",
    useMain: "Usar el valor de la tienda principal",
    useMainOf: "Usar el valor de la tienda principal: {{title}}, {{what}}",
    usingMain: "Se está aplicando el valor de la tienda principal",
    found: "Detectado el {{date}}",
  },
};

export default {
  matter: {
    open: "Apri l'app",
    toSettings: "Vedi le sue impostazioni",
    toShops: "Vedi i negozi",
    frozen:
      "I pagamenti del tuo piano si sono interrotti. Ciò che è collegato prosegue, i nuovi prodotti attendono.",
    cancelled:
      "Il tuo abbonamento è terminato. Ciò che è collegato prosegue, i nuovi prodotti potrebbero dover attendere.",
    pending: "Il passaggio a {{plan}} attende la tua conferma.",
    full_one: "Hai raggiunto il limite del tuo piano e {{number}} prodotto attende un posto.",
    full_other: "Hai raggiunto il limite del tuo piano e {{number}} prodotti attendono un posto.",
    reached: "Hai raggiunto il limite del tuo piano. I nuovi prodotti attenderanno un posto.",
    failed: "L'ultima attività per {{shop}} non è riuscita.",
    partly: "L'ultima attività per {{shop}} è riuscita solo in parte.",
    paused: "La sincronizzazione verso {{shop}} è in pausa. Non viene inviato nulla fino alla ripresa.",
    rateChanged:
      "I prezzi per {{shop}} sono in pausa: il tasso di cambio è stato impostato per altre valute.",
    others_one: "{{number}} altro",
    others_other: "altri {{number}}",
    many: {
      suspended: "L'app ha perso l'accesso a {{number}} negozi: {{shops}}. Aprila lì per continuare.",
      failed: "Le ultime attività per {{number}} negozi non sono riuscite: {{shops}}.",
      paused: "La sincronizzazione verso {{number}} negozi è in pausa: {{shops}}.",
      settings: "{{number}} negozi non hanno ancora scelto cosa sincronizzare: {{shops}}.",
      held: "Modifiche in {{number}} negozi attendono una decisione: {{shops}}.",
      conflicts: "In {{number}} negozi alcuni prodotti non si possono abbinare con certezza: {{shops}}.",
      rate: "I prezzi per {{number}} negozi sono in pausa perché manca un tasso di cambio: {{shops}}.",
    },
  },
};

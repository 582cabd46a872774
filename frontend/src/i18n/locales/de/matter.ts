export default {
  matter: {
    open: "App öffnen",
    toSettings: "Einstellungen ansehen",
    toShops: "Shops ansehen",
    frozen:
      "Die Zahlungen für Ihren Plan sind ausgesetzt. Was verknüpft ist, läuft weiter, neue Produkte warten.",
    cancelled:
      "Ihr Abonnement ist beendet. Was verknüpft ist, läuft weiter, neue Produkte müssen unter Umständen warten.",
    pending: "Der Wechsel zu {{plan}} wartet auf Ihre Bestätigung.",
    full_one: "Die Obergrenze Ihres Plans ist erreicht, {{number}} Produkt wartet auf einen freien Platz.",
    full_other: "Die Obergrenze Ihres Plans ist erreicht, {{number}} Produkte warten auf einen freien Platz.",
    reached: "Die Obergrenze Ihres Plans ist erreicht. Neue Produkte warten auf einen freien Platz.",
    failed: "Der letzte Vorgang für {{shop}} ist fehlgeschlagen.",
    partly: "Der letzte Vorgang für {{shop}} ist teilweise fehlgeschlagen.",
    paused: "Die Synchronisierung zu {{shop}} ist pausiert. Bis sie fortgesetzt wird, wird nichts gesendet.",
    rateChanged:
      "Die Preise für {{shop}} pausieren: Der Umrechnungskurs wurde für andere Währungen festgelegt.",
    others_one: "{{number}} weiterer",
    others_other: "{{number}} weitere",
    many: {
      suspended:
        "Die App hat keinen Zugriff mehr auf {{number}} Shops: {{shops}}. Öffnen Sie sie dort, damit es weitergeht.",
      failed: "Die letzten Vorgänge für {{number}} Shops sind fehlgeschlagen: {{shops}}.",
      paused: "Die Synchronisierung zu {{number}} Shops ist pausiert: {{shops}}.",
      settings: "{{number}} Shops haben noch nicht gewählt, was synchronisiert werden soll: {{shops}}.",
      held: "Änderungen in {{number}} Shops warten auf eine Entscheidung: {{shops}}.",
      conflicts: "In {{number}} Shops lassen sich Produkte nicht sicher zuordnen: {{shops}}.",
      rate: "Die Preise für {{number}} Shops pausieren, weil ein Umrechnungskurs fehlt: {{shops}}.",
    },
  },
};

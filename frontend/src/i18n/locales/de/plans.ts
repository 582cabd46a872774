export default {
  plan: {
    menu: "Plan",
    title: "Plan",
    used_one: "{{used}} von {{allowed}} Produkt verknüpft",
    used_other: "{{used}} von {{allowed}} Produkten verknüpft",
    linked_one: "{{used}} Produkt verknüpft",
    linked_other: "{{used}} Produkte verknüpft",
    usage: "Genutzte Produkte",
    anyNumber: "Ihr Plan hat keine Obergrenze.",
    ownServer: "Die Zahl der Produkte ist hier nicht begrenzt.",
    countedMain: "Ein Produkt zählt einmal, mit wie vielen abhängigen Shops es auch verknüpft ist.",
    limit_one: "Bis zu {{number}} Produkt",
    limit_other: "Bis zu {{number}} Produkte",
    unlimited: "Beliebig viele Produkte",
    free: "Kostenfrei",
    per: {
      EVERY_30_DAYS: "{{price}} alle 30 Tage",
      ANNUAL: "{{price}} im Jahr",
    },
    current: "Aktueller Plan",
    choose: "Pläne",
    upgrade: "Upgraden",
    change: "Wechseln",
    upgradeTo: "Auf {{plan}} upgraden",
    changeTo: "Zu {{plan}} wechseln",
    atShopify:
      "Einen kostenpflichtigen Plan bestätigen Sie bei Shopify; er erscheint auf Ihrer Shopify-Rechnung.",
    fullTitle: "Die Obergrenze Ihres Plans ist erreicht",
    full_one:
      "{{number}} Produkt wartet auf einen freien Platz. Was verknüpft ist, wird weiter synchronisiert, und nichts wird entfernt.",
    full_other:
      "{{number}} Produkte warten auf einen freien Platz. Was verknüpft ist, wird weiter synchronisiert, und nichts wird entfernt.",
    waits_one: "{{number}} Produkt wartet",
    waits_other: "{{number}} Produkte warten",
    others_one:
      "{{number}} Produkt wartet wegen des Plans eines verbundenen Shops. Das Upgrade muss dort erfolgen.",
    others_other:
      "{{number}} Produkte warten wegen des Plans eines verbundenen Shops. Das Upgrade muss dort erfolgen.",
    pendingTitle: "Der Wechsel zu {{plan}} wartet auf Ihre Bestätigung",
    pendingText:
      "Bis Sie ihn bei Shopify genehmigen, bleibt alles, wie es ist. Die Anfrage verfällt nach zwei Tagen.",
    confirmNow: "Bei Shopify bestätigen",
    stay: "Bei {{plan}} bleiben",
    stays: "Es hat sich nichts geändert. Dieser Shop bleibt bei {{plan}}.",
    frozenTitle: "Die Zahlungen sind ausgesetzt",
    frozenText:
      "Shopify konnte die Zahlung für {{plan}} nicht einziehen. Bis sie wieder eingeht, wird über {{number}} Produkte hinaus nichts Neues verknüpft; was verknüpft ist, läuft weiter.",
    cancelledTitle: "Ihr Abonnement ist beendet",
    cancelledText:
      "Dieser Shop hat jetzt den Plan {{plan}}. Was verknüpft ist, läuft weiter; neue Produkte warten, soweit sie die Obergrenze überschreiten.",
    seen: "Mit {{plan}} fortfahren",
    outcome: {
      ACTIVE: "Vielen Dank. Dieser Shop hat jetzt den Plan {{plan}}.",
      PENDING: "Shopify hat den Wechsel noch nicht bestätigt. Sobald das geschehen ist, steht es hier.",
      DECLINED: "Sie haben den Wechsel abgelehnt. Dieser Shop bleibt bei {{plan}}.",
      EXPIRED: "Die Anfrage ist verfallen. Dieser Shop bleibt bei {{plan}}.",
      FROZEN: "Die Zahlung ist bei Shopify nicht gelungen.",
      CANCELLED: "Dieses Abonnement ist beendet. Dieser Shop hat den Plan {{plan}}.",
      UNKNOWN: "Shopify kennt diese Anfrage nicht. Dieser Shop hat den Plan {{plan}}.",
    },
    checking: "Shopify wird gefragt …",
    lessTitle: "Zu {{plan}} wechseln?",
    lessFree: "Das kostenpflichtige Abonnement endet sofort; die restliche Zeit schreibt Shopify gut.",
    lessUse:
      "{{used}} Produkte sind verknüpft, {{allowed}} sieht der Plan vor. Sie laufen weiter, neue warten.",
    changed: "Dieser Shop hat jetzt den Plan {{plan}}",
    more: "Plan upgraden",
    manage: "Pläne ansehen",
  },
};

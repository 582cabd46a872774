export default {
  plan: {
    menu: "Forfait",
    title: "Forfait",
    used_one: "Produits liés : {{used}} sur {{allowed}}",
    used_other: "Produits liés : {{used}} sur {{allowed}}",
    linked_one: "{{used}} produit lié",
    linked_other: "{{used}} produits liés",
    usage: "Produits utilisés",
    anyNumber: "Votre forfait n'a pas de limite.",
    ownServer: "Rien ne limite ici le nombre de produits.",
    countedMain:
      "Un produit compte une seule fois, quel que soit le nombre de boutiques dépendantes auxquelles il est lié.",
    limit_one: "Jusqu'à {{number}} produit",
    limit_other: "Jusqu'à {{number}} produits",
    unlimited: "Nombre de produits illimité",
    free: "Sans frais",
    per: {
      EVERY_30_DAYS: "{{price}} tous les 30 jours",
      ANNUAL: "{{price}} par an",
    },
    current: "Forfait actuel",
    choose: "Forfaits",
    upgrade: "Passer à ce forfait",
    change: "Choisir ce forfait",
    upgradeTo: "Passer au forfait {{plan}}",
    changeTo: "Choisir le forfait {{plan}}",
    atShopify: "Un forfait payant se confirme chez Shopify ; il figure sur votre facture Shopify.",
    fullTitle: "La limite de votre forfait est atteinte",
    full_one:
      "{{number}} produit attend une place. Ce qui est lié continue d'être synchronisé, et rien n'est retiré.",
    full_other:
      "{{number}} produits attendent une place. Ce qui est lié continue d'être synchronisé, et rien n'est retiré.",
    waits_one: "{{number}} produit en attente",
    waits_other: "{{number}} produits en attente",
    others_one:
      "{{number}} produit attend à cause du forfait d'une boutique connectée. C'est là qu'il faut passer au forfait supérieur.",
    others_other:
      "{{number}} produits attendent à cause du forfait d'une boutique connectée. C'est là qu'il faut passer au forfait supérieur.",
    pendingTitle: "Le passage au forfait {{plan}} attend votre confirmation",
    pendingText:
      "Tant que vous ne l'avez pas approuvé chez Shopify, rien ne change. La demande expire au bout de deux jours.",
    confirmNow: "Confirmer chez Shopify",
    stay: "Rester au forfait {{plan}}",
    stays: "Rien n'a changé. Cette boutique reste au forfait {{plan}}.",
    frozenTitle: "Les paiements sont interrompus",
    frozenText:
      "Shopify n'a pas pu encaisser le paiement du forfait {{plan}}. Jusqu'à sa reprise, rien de nouveau n'est lié au-delà de {{number}} produits ; ce qui est lié continue.",
    cancelledTitle: "Votre abonnement a pris fin",
    cancelledText:
      "Cette boutique est désormais au forfait {{plan}}. Ce qui est lié continue ; les nouveaux produits qui dépassent la limite attendent.",
    seen: "Continuer avec le forfait {{plan}}",
    outcome: {
      ACTIVE: "Merci. Cette boutique est désormais au forfait {{plan}}.",
      PENDING: "Shopify n'a pas encore confirmé le changement. Cette page l'affichera dès que ce sera fait.",
      DECLINED: "Vous avez refusé le changement. Cette boutique reste au forfait {{plan}}.",
      EXPIRED: "La demande a expiré. Cette boutique reste au forfait {{plan}}.",
      FROZEN: "Le paiement n'a pas abouti chez Shopify.",
      CANCELLED: "Cet abonnement a pris fin. Cette boutique est au forfait {{plan}}.",
      UNKNOWN: "Shopify ne connaît pas cette demande. Cette boutique est au forfait {{plan}}.",
    },
    checking: "Vérification auprès de Shopify…",
    lessTitle: "Passer au forfait {{plan}} ?",
    lessFree: "L'abonnement payant prend fin immédiatement ; Shopify crédite le temps restant.",
    lessUse:
      "{{used}} produits sont liés, le forfait en prévoit {{allowed}}. Ils continuent, les nouveaux attendent.",
    changed: "Cette boutique est désormais au forfait {{plan}}",
    more: "Passer au forfait supérieur",
    manage: "Voir les forfaits",
  },
};

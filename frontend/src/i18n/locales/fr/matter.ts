export default {
  matter: {
    open: "Ouvrir l'application",
    toSettings: "Voir ses paramètres",
    toShops: "Voir les boutiques",
    frozen:
      "Les paiements de votre forfait sont interrompus. Ce qui est lié continue, les nouveaux produits attendent.",
    cancelled:
      "Votre abonnement a pris fin. Ce qui est lié continue, de nouveaux produits peuvent devoir attendre.",
    pending: "Le passage à {{plan}} attend votre confirmation.",
    full_one: "La limite de votre forfait est atteinte et {{number}} produit attend une place.",
    full_other: "La limite de votre forfait est atteinte et {{number}} produits attendent une place.",
    reached: "La limite de votre forfait est atteinte. Les nouveaux produits attendront une place.",
    failed: "La dernière tâche pour {{shop}} a échoué.",
    partly: "La dernière tâche pour {{shop}} a échoué en partie.",
    paused: "La synchronisation vers {{shop}} est en pause. Rien n'est envoyé avant la reprise.",
    rateChanged:
      "Les prix pour {{shop}} sont en pause : le taux de conversion a été défini pour d'autres devises.",
    others_one: "{{number}} autre",
    others_other: "{{number}} autres",
    many: {
      suspended:
        "L'application n'a plus accès à {{number}} boutiques : {{shops}}. Ouvrez-la dans ces boutiques pour continuer.",
      failed: "Les dernières tâches pour {{number}} boutiques ont échoué : {{shops}}.",
      paused: "La synchronisation vers {{number}} boutiques est en pause : {{shops}}.",
      settings: "{{number}} boutiques n'ont pas encore choisi ce qu'il faut synchroniser : {{shops}}.",
      held: "Des modifications dans {{number}} boutiques attendent une décision : {{shops}}.",
      conflicts:
        "Des produits ne peuvent pas être associés avec certitude dans {{number}} boutiques : {{shops}}.",
      rate: "Les prix pour {{number}} boutiques sont en pause, faute de taux de conversion : {{shops}}.",
    },
  },
};

export default {
  outage: {
    unreachable: "Le serveur ne répond pas pour le moment. La page reprendra d'elle-même dès qu'il répondra.",
    session: "Votre session a expiré. Rien n'a été perdu.",
    queued: "En attente depuis {{time}}, démarre d'elle-même",
    queuedSince: "En attente depuis le {{date}}, démarre d'elle-même",
    stalled: "À l'arrêt depuis {{time}}, reprendra d'elle-même",
    stalledTitle: "Le traitement en arrière-plan est à l'arrêt",
    stalledJobs_one:
      "{{number}} tâche attend d'être traitée depuis {{time}}. Elle reprendra d'elle-même ; sinon, contactez le support.",
    stalledJobs_other:
      "{{number}} tâches attendent d'être traitées depuis {{time}}. Elles reprendront d'elles-mêmes ; sinon, contactez le support.",
  },
};

export default {
  outage: {
    unreachable:
      "Le serveur ne répond pas pour le moment. La page se mettra à jour automatiquement dès qu'il répondra.",
    session: "Votre session a expiré. Rien n'a été perdu.",
    queued: "En attente depuis {{time}}, démarre automatiquement",
    queuedSince: "En attente depuis le {{date}}, démarre automatiquement",
    stalled: "À l'arrêt depuis {{time}}, reprend automatiquement",
    waitingTitle: "La synchronisation est à l'arrêt",
    waitingWork:
      "Des modifications attendent depuis {{time}}. Elles seront synchronisées automatiquement ; sinon, contactez l'assistance.",
    stalledTitle: "Les tâches sont à l'arrêt",
    stalledJobs_one:
      "{{number}} tâche est à l'arrêt depuis {{time}}. Elle reprend automatiquement ; sinon, contactez l'assistance.",
    stalledJobs_other:
      "{{number}} tâches sont à l'arrêt depuis {{time}}. Elles reprennent automatiquement ; sinon, contactez l'assistance.",
  },
};

export default {
  outage: {
    unreachable:
      "Le serveur ne répond pas pour le moment. La page se mettra à jour automatiquement dès qu'il répondra.",
    session: "Votre session a expiré. Rien n'a été perdu.",
    queued: "En attente depuis {{time}}, démarre automatiquement",
    queuedSince: "En attente depuis le {{date}}, démarre automatiquement",
  },
};

export default {
  outage: {
    unreachable: "Le serveur ne répond pas pour le moment. La page reprendra d'elle-même dès qu'il répondra.",
    session: "Votre session a expiré. Rien n'a été perdu.",
    queued: "En attente depuis {{time}}, démarre d'elle-même",
    queuedSince: "En attente depuis le {{date}}, démarre d'elle-même",
  },
};

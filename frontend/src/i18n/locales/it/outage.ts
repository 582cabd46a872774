export default {
  outage: {
    unreachable:
      "Il server al momento non risponde. La pagina si aggiornerà automaticamente appena risponderà.",
    session: "La sessione è scaduta. Non è andato perso nulla.",
    queued: "In attesa dalle {{time}}, parte automaticamente",
    queuedSince: "In attesa dal {{date}}, parte automaticamente",
    stalled: "Ferma dalle {{time}}, riprende automaticamente",
    waitingTitle: "La sincronizzazione è ferma",
    waitingWork:
      "Alcune modifiche sono in attesa dalle {{time}}. Vengono sincronizzate automaticamente; in caso contrario contatta l'assistenza.",
    stalledTitle: "Le attività sono ferme",
    stalledJobs_one:
      "{{number}} attività è ferma dalle {{time}}. Riprende automaticamente; in caso contrario contatta l'assistenza.",
    stalledJobs_other:
      "{{number}} attività sono ferme dalle {{time}}. Riprendono automaticamente; in caso contrario contatta l'assistenza.",
  },
};

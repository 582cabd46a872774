export default {
  outage: {
    unreachable: "Il server al momento non risponde. La pagina riprenderà da sola appena risponderà.",
    session: "La sessione è scaduta. Non è andato perso nulla.",
    queued: "In attesa dalle {{time}}, parte da sola",
    queuedSince: "In attesa dal {{date}}, parte da sola",
    stalled: "Ferma dalle {{time}}, riprenderà da sola",
    stalledTitle: "Il lavoro in background è fermo",
    stalledJobs_one:
      "{{number}} attività attende dalle {{time}}. Riprenderà da sola; in caso contrario contatta l'assistenza.",
    stalledJobs_other:
      "{{number}} attività attendono dalle {{time}}. Riprenderanno da sole; in caso contrario contatta l'assistenza.",
  },
};

export default {
  outage: {
    unreachable:
      "Il server al momento non risponde. La pagina si aggiornerà automaticamente appena risponderà.",
    session: "La sessione è scaduta. Non è andato perso nulla.",
    queued: "In attesa dalle {{time}}, parte automaticamente",
    queuedSince: "In attesa dal {{date}}, parte automaticamente",
  },
};

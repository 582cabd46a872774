export default {
  outage: {
    unreachable: "Il server al momento non risponde. La pagina riprenderà da sola appena risponderà.",
    session: "La sessione è scaduta. Non è andato perso nulla.",
    queued: "In attesa dalle {{time}}, parte da sola",
    queuedSince: "In attesa dal {{date}}, parte da sola",
  },
};

export default {
  outage: {
    unreachable:
      "Der Server antwortet gerade nicht. Die Seite wird automatisch aktualisiert, sobald er wieder antwortet.",
    session: "Ihre Sitzung ist abgelaufen. Es ging nichts verloren.",
    queued: "Wartet seit {{time}} Uhr, startet automatisch",
    queuedSince: "Wartet seit {{date}}, startet automatisch",
  },
};

export default {
  outage: {
    unreachable:
      "Der Server antwortet gerade nicht. Die Seite läuft von selbst weiter, sobald er es wieder tut.",
    session: "Ihre Sitzung ist abgelaufen. Es ging nichts verloren.",
    queued: "Wartet seit {{time}} Uhr, beginnt von selbst",
    queuedSince: "Wartet seit {{date}}, beginnt von selbst",
  },
};

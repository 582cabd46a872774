export default {
  outage: {
    unreachable:
      "Der Server antwortet gerade nicht. Die Seite läuft von selbst weiter, sobald er es wieder tut.",
    session: "Ihre Sitzung ist abgelaufen. Es ging nichts verloren.",
    queued: "Wartet seit {{time}} Uhr, beginnt von selbst",
    queuedSince: "Wartet seit {{date}}, beginnt von selbst",
    stalled: "Steht seit {{time}} Uhr, läuft von selbst weiter",
    stalledTitle: "Die Hintergrundarbeit steht still",
    stalledJobs_one:
      "{{number}} Auftrag wartet seit {{time}} Uhr auf Bearbeitung. Er läuft von selbst weiter; wenden Sie sich an den Support, wenn nicht.",
    stalledJobs_other:
      "{{number}} Aufträge warten seit {{time}} Uhr auf Bearbeitung. Sie laufen von selbst weiter; wenden Sie sich an den Support, wenn nicht.",
  },
};

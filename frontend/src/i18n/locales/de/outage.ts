export default {
  outage: {
    unreachable:
      "Der Server antwortet gerade nicht. Die Seite wird automatisch aktualisiert, sobald er wieder antwortet.",
    session: "Ihre Sitzung ist abgelaufen. Es ging nichts verloren.",
    queued: "Wartet seit {{time}} Uhr, startet automatisch",
    queuedSince: "Wartet seit {{date}}, startet automatisch",
    stalled: "Steht seit {{time}} Uhr, läuft automatisch weiter",
    waitingTitle: "Die Synchronisierung steht gerade",
    waitingWork:
      "Änderungen warten seit {{time}} Uhr. Sie werden automatisch synchronisiert; wenden Sie sich sonst an den Support.",
    stalledTitle: "Vorgänge werden gerade nicht bearbeitet",
    stalledJobs_one:
      "{{number}} Vorgang wartet seit {{time}} Uhr auf Bearbeitung. Er läuft automatisch weiter; wenden Sie sich sonst an den Support.",
    stalledJobs_other:
      "{{number}} Vorgänge warten seit {{time}} Uhr auf Bearbeitung. Sie laufen automatisch weiter; wenden Sie sich sonst an den Support.",
  },
};

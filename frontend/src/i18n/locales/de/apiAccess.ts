export default {
  apiAccess: {
    title: "API-Zugang",
    subtitle: "Mit Token benutzen Ihre eigenen Programme diese App mit den Rechten dieses Shops.",
    cardText: "Lassen Sie eigene Programme, etwa ein Lagersystem, mit dieser App arbeiten.",
    open: "API-Token verwalten",
    tokens: "API-Token",
    token: "Neuer API-Token",
    create: "Token erstellen",
    emptyTitle: "Noch hat kein Programm Zugang",
    emptyText:
      "Erstellen Sie für jedes Programm einen eigenen Token, dann können Sie ihn einzeln widerrufen.",
    name: "Bezeichnung",
    nameHelp: "Welches Programm verwendet ihn? An dieser Bezeichnung erkennen Sie ihn später.",
    namePlaceholder: "Lagersystem",
    may: "Was er darf",
    scope: { READ: "Nur lesen", WRITE: "Lesen und ändern" },
    scopeHelp: {
      READ: "Kann Shops, Produkte, Vorgänge und Einstellungen lesen, aber nichts ändern.",
      WRITE:
        "Darf außerdem, was dieser Shop hier darf, etwa eine Synchronisierung starten. Verbindungsschlüssel, übertragene Rechte und Plan bleiben Personen vorbehalten.",
    },
    newTitle: "Kopieren Sie jetzt den Token „{{name}}“",
    newText:
      "Er wird nur dieses eine Mal angezeigt. Bewahren Sie ihn wie ein Passwort auf: Wer ihn hat, kann die App im Namen dieses Shops benutzen.",
    newDone: "Ich habe ihn kopiert",
    created: "Erstellt am {{date}}",
    used: "Zuletzt verwendet {{when}}",
    neverUsed: "Noch nie verwendet",
    revoke: "Widerrufen",
    revokeOf: "{{name}} widerrufen",
    revokeTitle: "„{{name}}“ widerrufen?",
    revokeText:
      "Programme mit diesem Token verlieren sofort den Zugang. Das lässt sich nicht rückgängig machen, aber Sie können jederzeit einen neuen Token erstellen.",
    revoked: "Der Token wurde widerrufen",
    developers: "Für Entwickler",
    developersText:
      "Unter dieser Adresse erreichen Sie die GraphQL-API, per HTTP, WebSocket oder Server-Sent Events.",
    address: "Adresse der API",
    graphiql: "In GraphiQL ausprobieren",
    docs: "Dokumentation lesen",
  },
};

export default {
  rights: {
    overtaken: {
      title: "Jemand anderes hat diese Einstellungen inzwischen gespeichert",
      text: "Ihre Änderungen wurden nicht gespeichert. Laden Sie die neuen Einstellungen und nehmen Sie Ihre Änderungen dann noch einmal vor.",
      action: "Neue Einstellungen laden",
    },
    results: {
      allDone: "Für die anderen Shops gespeichert",
      someFailed: "Nicht jeder Shop konnte geändert werden",
      done: "Gespeichert.",
    },
    targets: {
      none: "Kein anderer Shop ist verbunden.",
      notDelegated: "Der Inhaber hat Ihnen nicht das Recht gegeben, die Einstellungen zu ändern.",
      more: "Weitere Shops anzeigen",
      chosen_one: "{{count}} Shop ausgewählt",
      chosen_other: "{{count}} Shops ausgewählt",
    },
    others: {
      title: "Andere Shops ebenso ändern",
      text: "Dort wird nur gespeichert, was Sie geändert haben. Alles andere bleibt, wie es ist.",
    },
    copy: {
      menu: "Einstellungen kopieren nach …",
      title: "Einstellungen von {{shop}} kopieren",
      what: "Alle Sync-Einstellungen werden kopiert und ersetzen die der gewählten Shops.",
      money:
        "Ein Shop mit anderer Währung behält seinen Umrechnungskurs, festen Betrag und seine Preisendung.",
      locations: "Standortzuordnungen werden nicht kopiert, denn jeder Shop hat eigene Standorte.",
      to: "Kopieren nach",
      alone: "Einstellungen lassen sich kopieren, sobald ein zweiter Shop diesem folgt.",
      startSync: "Diese Shops gleich synchronisieren",
      startSyncHelp:
        "Sonst gelten die Einstellungen ab der nächsten Änderung; ein Shop, der noch nie synchronisiert wurde, wartet auf seine erste Synchronisierung. Die Sicherheitsgrenzen gelten in jedem Fall.",
      action: "Einstellungen kopieren",
      close: "Schließen",
    },
    fieldGroup: {
      texts: "Texte und Suchmaschinen",
      media: "Bilder und Videos",
      organisation: "Organisation",
      variants: "Varianten",
      inventory: "Lager und Steuern",
      shipping: "Versand und Zoll",
      metafields: "Weitere Daten",
    },
    rate: {
      changed:
        "Der Kurs {{rate}} wurde für andere Währungen festgelegt. Der Hauptshop verkauft jetzt in {{from}}, der abhängige Shop in {{to}}; Preise werden erst wieder synchronisiert, wenn Sie ihn bestätigen oder ändern.",
      use: "Diesen Kurs für {{from}} → {{to}} verwenden",
    },
    stockExample: "Bei {{main}} Stück im Hauptshop zeigt der abhängige Shop {{shown}}.",
    example: {
      price: "Preis im Hauptshop",
      step: {
        rate: "Umgerechnet",
        percent: "Prozentsatz",
        amount: "Fester Betrag",
        ending: "Nächste Preisendung",
        rounding: "Auf die kleinste Einheit gerundet",
      },
    },
    pause: {
      pause: "Pausieren",
      resume: "Fortsetzen",
      askTitle: "Synchronisierung zu {{shop}} pausieren?",
      askText:
        "Während der Pause wird nichts gesendet, laufende Vorgänge werden angehalten. Nichts geht verloren: Was sich inzwischen ändert, wird vermerkt und kommt an, wenn Sie fortsetzen.",
      paused: "Pausiert",
      resumed: "Die Synchronisierung geht weiter",
      resumedAndSyncing: "Die Synchronisierung geht weiter und holt auf",
      bannerTitle: "Pausiert von {{shop}}",
      bannerText:
        "Es wird nichts gesendet. Was sich inzwischen ändert, wird vermerkt und kommt an, wenn Sie fortsetzen.",
      bannerOther:
        "Es wird nichts gesendet. Nur {{shop}} kann fortsetzen; was sich inzwischen ändert, kommt dann an.",
    },
    disconnect: {
      ends: "Es wird nichts mehr synchronisiert, laufende Vorgänge werden angehalten. Falls der Hauptshop für den abhängigen Shop handeln durfte, endet auch das.",
      stays: "Was bleibt",
      products: "Alle Produkte bleiben, wie sie sind.",
      links: "Die Verknüpfungen zwischen Produkten bleiben erhalten.",
      settings: "Sync-Einstellungen und Standortzuordnungen bleiben erhalten.",
      again: "Werden dieselben zwei Shops wieder verbunden, geht es mit all dem dort weiter, wo es war.",
    },
    address: {
      main: "Hauptshop:",
      dependent: "Abhängiger Shop:",
    },
    delegation: {
      title: "Den Hauptshop für diesen Shop handeln lassen",
      on: "Erlaubt",
      off: "Aus",
      textOff:
        "Zurzeit ändert nur dieser Shop seine Einstellungen und entscheidet. Wenn Sie es erlauben, darf {{main}} ebenfalls:",
      textOn: "{{main}} darf für diesen Shop, was Sie dürfen:",
      settings:
        "Sync-Einstellungen und Standortzuordnungen ändern und Einstellungen aus anderen Shops kopieren",
      held: "über wartende Änderungen und nicht zuordenbare Produkte entscheiden",
      undo: "Änderungen rückgängig machen, Abweichungen korrigieren, Werte lokal behalten und fortsetzen, was Sie pausiert haben",
      never:
        "Sie behalten all diese Rechte und können das jederzeit beenden. Es endet auch, wenn die Shops getrennt werden.",
      give: "Erlauben",
      take: "Erlaubnis entziehen",
      given: "{{main}} darf jetzt für diesen Shop handeln",
      taken: "{{main}} darf nicht mehr für diesen Shop handeln",
      askTitle: "{{main}} für diesen Shop handeln lassen?",
      askText:
        "Personen und Programme von {{main}} können dann ändern, was hier synchronisiert wird, auch Preise und Bestände. Sie können die Erlaubnis jederzeit entziehen.",
      asMain: "{{shop}} lässt Sie für sich handeln: Sie ändern hier seine Einstellungen.",
    },
    actionsOf: "Aktionen für {{shop}}",
    locations: {
      ofDependent: "Sie ändern die Zuordnungen von {{shop}}.",
      readOnly: "Nur {{shop}} kann sie ändern. Wenden Sie sich für Änderungen an den Inhaber.",
      defaultText:
        "Ohne Zuordnung gelten die Standardstandorte beider Shops. Die erste Zuordnung ersetzt das.",
      add: "Zuordnung hinzufügen",
      allMapped: "Jeder aktive Standort des Hauptshops ist zugeordnet.",
      closed_one: "{{names}} ist in Shopify deaktiviert und kann nicht gewählt werden.",
      closed_other: "{{names}} sind in Shopify deaktiviert und können nicht gewählt werden.",
      gone: "Gelöschter Standort",
      inactive: "Nicht aktiv",
      inactiveMain:
        "Der Standort des Hauptshops ist nicht aktiv und zählt deshalb nicht. Speist kein anderer das Ziel, bleibt dessen Bestand, wie er ist.",
      inactiveDependent:
        "Der Standort des abhängigen Shops ist nicht aktiv. Sein Bestand bleibt, wie er ist, bis er wieder aktiv ist oder Sie einen anderen wählen.",
      changeOf: "Zuordnung von {{main}} ändern",
      remove: "Der Bestand dieses Standorts zählt nicht mehr. Die anderen Zuordnungen bleiben.",
      removeLast: "Das ist die letzte Zuordnung: Danach gelten wieder die Standardstandorte beider Shops.",
      removeAction: "Entfernen",
    },
  },
};

export default {
  rights: {
    overtaken: {
      title: "Qualcun altro ha salvato queste impostazioni nel frattempo",
      text: "Le tue modifiche non sono state salvate. Carica le nuove impostazioni, poi ripeti le modifiche.",
      action: "Carica le nuove impostazioni",
    },
    results: {
      allDone: "Salvato per gli altri negozi",
      someFailed: "Non è stato possibile modificare tutti i negozi",
      done: "Salvato.",
    },
    targets: {
      none: "Nessun altro negozio è connesso.",
      notDelegated: "Il proprietario non ti ha autorizzato a modificarne le impostazioni.",
      more: "Mostra altri negozi",
      chosen_one: "{{count}} negozio scelto",
      chosen_other: "{{count}} negozi scelti",
    },
    others: {
      title: "Modifica altri negozi allo stesso modo",
      text: "Lì viene salvato solo ciò che hai modificato. Tutto il resto rimane com'è.",
    },
    copy: {
      menu: "Copia le impostazioni in…",
      title: "Copia le impostazioni di {{shop}}",
      what: "Tutte le impostazioni di sincronizzazione vengono copiate e sostituiscono quelle dei negozi scelti.",
      money: "Un negozio con un'altra valuta mantiene il proprio tasso di cambio, importo fisso e finale.",
      locations: "Le corrispondenze delle sedi non vengono copiate, perché ogni negozio ha le proprie sedi.",
      to: "Copia in",
      alone: "Potrai copiare le impostazioni non appena un secondo negozio seguirà questo.",
      startSync: "Sincronizza subito questi negozi",
      startSyncHelp:
        "Altrimenti le impostazioni valgono dalla prossima modifica; un negozio mai sincronizzato attende la sua prima sincronizzazione. I limiti di sicurezza valgono comunque.",
      action: "Copia le impostazioni",
      close: "Chiudi",
    },
    fieldGroup: {
      texts: "Testi e motori di ricerca",
      media: "Immagini e video",
      organisation: "Organizzazione",
      variants: "Varianti",
      inventory: "Magazzino e imposte",
      shipping: "Spedizione e dogana",
      metafields: "Altri dati",
    },
    rate: {
      changed:
        "Il tasso di cambio {{rate}} era stato impostato per altre valute. Ora il negozio principale vende in {{from}} e quello dipendente in {{to}}; i prezzi non vengono sincronizzati finché non lo confermi o lo modifichi.",
      use: "Usa questo tasso di cambio per {{from}} → {{to}}",
    },
    stockExample: "Con {{main}} pezzi nel negozio principale, quello dipendente ne mostra {{shown}}.",
    example: {
      price: "Prezzo nel negozio principale",
      step: {
        rate: "Convertito",
        percent: "Percentuale",
        amount: "Importo fisso",
        ending: "Finale più vicino",
        rounding: "Arrotondato all'unità minima",
      },
    },
    pause: {
      pause: "Metti in pausa",
      resume: "Riprendi",
      askTitle: "Mettere in pausa la sincronizzazione verso {{shop}}?",
      askText:
        "Durante la pausa non viene inviato nulla e le attività in corso si fermano. Nulla va perso: ciò che cambia nel frattempo viene annotato e arriva alla ripresa.",
      paused: "In pausa",
      resumed: "La sincronizzazione riprende",
      resumedAndSyncing: "La sincronizzazione riprende e recupera il ritardo",
      bannerTitle: "Messa in pausa da {{shop}}",
      bannerText:
        "Non viene inviato nulla. Ciò che cambia nel frattempo viene annotato e arriva alla ripresa.",
      bannerOther:
        "Non viene inviato nulla. Solo {{shop}} può riprendere; ciò che cambia nel frattempo arriverà allora.",
    },
    disconnect: {
      ends: "Non viene più sincronizzato nulla e le attività in corso si fermano. Se il negozio principale poteva agire per quello dipendente, finisce anche questo.",
      stays: "Ciò che resta",
      products: "Tutti i prodotti restano come sono.",
      links: "I collegamenti tra i prodotti vengono mantenuti.",
      settings: "Le impostazioni di sincronizzazione e le corrispondenze delle sedi vengono mantenute.",
      again: "Riconnettendo gli stessi due negozi, tutto riprende da dov'era.",
    },
    address: {
      main: "Negozio principale:",
      dependent: "Negozio dipendente:",
    },
    delegation: {
      title: "Lascia agire il negozio principale per questo negozio",
      on: "Consentito",
      off: "Disattivato",
      textOff:
        "Per ora solo questo negozio modifica le proprie impostazioni e decide. Se lo consenti, anche {{main}} potrà:",
      textOn: "{{main}} può fare per questo negozio ciò che puoi fare tu:",
      settings:
        "modificare le impostazioni di sincronizzazione e le corrispondenze delle sedi, e copiare le impostazioni da altri negozi",
      held: "decidere sulle modifiche in attesa e sui prodotti che non si possono abbinare",
      undo: "annullare modifiche, correggere differenze, mantenere valori del negozio e riprendere ciò che hai messo in pausa",
      never:
        "Mantieni tutti questi diritti e puoi porvi fine in qualsiasi momento. Finisce anche quando i negozi vengono disconnessi.",
      give: "Consenti",
      take: "Revoca",
      given: "{{main}} ora può agire per questo negozio",
      taken: "{{main}} non può più agire per questo negozio",
      askTitle: "Lasciare che {{main}} agisca per questo negozio?",
      askText:
        "Le persone e i programmi di {{main}} potranno allora modificare ciò che viene sincronizzato qui, prezzi e scorte compresi. Puoi revocare questo permesso in qualsiasi momento.",
      asMain: "{{shop}} ti lascia agire per suo conto: qui modifichi le sue impostazioni.",
    },
    actionsOf: "Azioni per {{shop}}",
    locations: {
      ofDependent: "Modifichi le corrispondenze di {{shop}}.",
      readOnly: "Solo {{shop}} può modificarle. Chiedi le modifiche al proprietario.",
      defaultText:
        "Senza corrispondenze si usano le sedi predefinite dei due negozi. La prima corrispondenza le sostituisce.",
      add: "Aggiungi corrispondenza",
      allMapped: "Ogni sede attiva del negozio principale ha la sua corrispondenza.",
      closed_one: "{{names}} è disattivata in Shopify e non può essere scelta.",
      closed_other: "{{names}} sono disattivate in Shopify e non possono essere scelte.",
      gone: "Sede eliminata",
      inactive: "Non attiva",
      inactiveMain:
        "La sede del negozio principale non è attiva e quindi non conta. Se nessun'altra alimenta la destinazione, le scorte restano come sono.",
      inactiveDependent:
        "La sede del negozio dipendente non è attiva. Le sue scorte restano come sono finché non viene riattivata o ne scegli un'altra.",
      changeOf: "Modifica la corrispondenza di {{main}}",
      remove: "Le scorte di questa sede non contano più. Le altre corrispondenze restano.",
      removeLast: "È l'ultima corrispondenza: poi si useranno di nuovo le sedi predefinite dei due negozi.",
      removeAction: "Rimuovi",
    },
  },
};

export default {
  apiAccess: {
    title: "Accesso all'API",
    subtitle: "Con un token, i tuoi programmi usano questa app con i permessi di questo negozio.",
    cardText:
      "Permetti ai tuoi programmi, ad esempio un gestionale di magazzino, di lavorare con questa app.",
    open: "Gestisci i token API",
    tokens: "Token API",
    token: "Nuovo token API",
    create: "Crea token",
    emptyTitle: "Nessun programma ha ancora accesso",
    emptyText: "Crea un token per ogni programma: così potrai revocarli separatamente.",
    name: "Nome",
    nameHelp: "Quale programma lo usa? Da questo nome lo riconoscerai in seguito.",
    namePlaceholder: "Gestionale di magazzino",
    may: "Che cosa può fare",
    scope: { READ: "Sola lettura", WRITE: "Lettura e modifica" },
    scopeHelp: {
      READ: "Vede negozi, prodotti, attività e impostazioni. Non modifica nulla.",
      WRITE:
        "Può anche fare ciò che questo negozio può fare qui, come avviare una sincronizzazione. La chiave di connessione, i diritti delegati e il piano restano riservati alle persone.",
    },
    newTitle: "Copia ora il token «{{name}}»",
    newText:
      "Viene mostrato solo questa volta. Custodiscilo come una password: chi lo possiede può usare l'app a nome di questo negozio.",
    newDone: "L'ho copiato",
    created: "Creato il {{date}}",
    used: "Ultimo utilizzo {{when}}",
    neverUsed: "Mai utilizzato",
    revoke: "Revoca",
    revokeOf: "Revoca {{name}}",
    revokeTitle: "Revocare «{{name}}»?",
    revokeText:
      "I programmi con questo token perdono subito l'accesso. L'operazione non si può annullare, ma puoi creare un nuovo token in qualsiasi momento.",
    revoked: "Il token è stato revocato",
    developers: "Per gli sviluppatori",
    developersText:
      "L'API GraphQL è disponibile a questo indirizzo, tramite HTTP, WebSocket o Server-Sent Events.",
    address: "Indirizzo dell'API",
    graphiql: "Prova in GraphiQL",
    docs: "Leggi la documentazione",
  },
};

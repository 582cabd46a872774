export default {
  apiAccess: {
    title: "Accès à l'API",
    subtitle:
      "Avec un jeton, vos propres programmes utilisent cette application avec les droits de cette boutique.",
    cardText:
      "Permettez à vos propres programmes, par exemple un logiciel d'entrepôt, d'utiliser cette application.",
    open: "Gérer les jetons d'API",
    tokens: "Jetons d'API",
    token: "Nouveau jeton d'API",
    create: "Créer un jeton",
    emptyTitle: "Aucun programme n'a encore accès",
    emptyText: "Créez un jeton par programme : vous pourrez ainsi révoquer chacun séparément.",
    name: "Nom",
    nameHelp: "Quel programme l'utilise ? Ce nom vous permettra de le reconnaître.",
    namePlaceholder: "Logiciel d'entrepôt",
    may: "Ce qu'il permet",
    scope: { READ: "Lecture seule", WRITE: "Lecture et modification" },
    scopeHelp: {
      READ: "Voit les boutiques, les produits, les tâches et les paramètres. Ne modifie rien.",
      WRITE:
        "Peut aussi faire ce que cette boutique peut faire ici, comme lancer une synchronisation. La clé de connexion, les droits délégués et le forfait restent réservés aux personnes.",
    },
    newTitle: "Copiez maintenant le jeton « {{name}} »",
    newText:
      "Il n'est affiché que cette fois-ci. Conservez-le comme un mot de passe : quiconque le possède peut utiliser l'application au nom de cette boutique.",
    newDone: "Je l'ai copié",
    created: "Créé le {{date}}",
    used: "Dernière utilisation {{when}}",
    neverUsed: "Jamais utilisé",
    revoke: "Révoquer",
    revokeOf: "Révoquer {{name}}",
    revokeTitle: "Révoquer « {{name}} » ?",
    revokeText:
      "Les programmes qui utilisent ce jeton perdent immédiatement leur accès. Cette action est irréversible, mais vous pouvez créer un nouveau jeton à tout moment.",
    revoked: "Le jeton a été révoqué",
    developers: "Pour les développeurs",
    developersText:
      "L'API GraphQL est accessible à cette adresse, en HTTP, par WebSocket ou par Server-Sent Events.",
    address: "Adresse de l'API",
    graphiql: "Essayer dans GraphiQL",
    docs: "Lire la documentation",
  },
};

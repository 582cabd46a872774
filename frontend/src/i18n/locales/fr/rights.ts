export default {
  rights: {
    overtaken: {
      title: "Quelqu'un d'autre a enregistré ces paramètres entre-temps",
      text: "Vos modifications n'ont pas été enregistrées. Chargez les nouveaux paramètres, puis refaites vos modifications.",
      action: "Charger les nouveaux paramètres",
    },
    results: {
      allDone: "Enregistré pour les autres boutiques",
      someFailed: "Certaines boutiques n'ont pas pu être modifiées",
      done: "Enregistré.",
    },
    targets: {
      none: "Aucune autre boutique n'est connectée.",
      notDelegated: "Son propriétaire ne vous a pas autorisé à modifier ses paramètres.",
      more: "Afficher plus de boutiques",
      chosen_one: "{{count}} boutique sélectionnée",
      chosen_other: "{{count}} boutiques sélectionnées",
    },
    others: {
      title: "Modifier d'autres boutiques de la même façon",
      text: "Seules vos modifications y sont enregistrées. Tout le reste demeure inchangé.",
    },
    copy: {
      menu: "Copier les paramètres vers…",
      title: "Copier les paramètres de {{shop}}",
      what: "Tous les paramètres de synchronisation sont copiés et remplacent ceux des boutiques sélectionnées.",
      money:
        "Une boutique dans une autre devise conserve son taux de conversion, son montant fixe et sa terminaison.",
      locations:
        "Les correspondances d'emplacement ne sont pas copiées, car chaque boutique a ses propres emplacements.",
      to: "Copier vers",
      alone: "Vous pourrez copier les paramètres dès qu'une deuxième boutique suivra celle-ci.",
      startSync: "Synchroniser ces boutiques tout de suite",
      startSyncHelp:
        "Sinon, les paramètres s'appliquent à partir de la prochaine modification ; une boutique jamais synchronisée attend sa première synchronisation. Les limites de sécurité s'appliquent dans tous les cas.",
      action: "Copier les paramètres",
      close: "Fermer",
    },
    fieldGroup: {
      texts: "Textes et moteurs de recherche",
      media: "Images et vidéos",
      organisation: "Organisation",
      variants: "Variantes",
      inventory: "Stock et taxes",
      shipping: "Expédition et douane",
      metafields: "Autres données",
    },
    rate: {
      changed:
        "Le taux {{rate}} a été défini pour d'autres devises. La boutique principale vend désormais en {{from}}, la boutique dépendante en {{to}} ; les prix ne sont pas synchronisés tant que vous ne l'avez pas confirmé ou modifié.",
      use: "Utiliser ce taux pour {{from}} → {{to}}",
    },
    stockExample:
      "Avec {{main}} unités dans la boutique principale, la boutique dépendante en affiche {{shown}}.",
    example: {
      price: "Prix dans la boutique principale",
      step: {
        rate: "Converti",
        percent: "Pourcentage",
        amount: "Montant fixe",
        ending: "Terminaison la plus proche",
        rounding: "Arrondi à la plus petite unité",
      },
    },
    pause: {
      pause: "Mettre en pause",
      resume: "Reprendre",
      askTitle: "Mettre en pause la synchronisation vers {{shop}} ?",
      askText:
        "Rien n'est envoyé pendant la pause et les tâches en cours s'arrêtent. Rien n'est perdu : ce qui change entre-temps est noté et arrive à la reprise.",
      paused: "En pause",
      resumed: "La synchronisation reprend",
      resumedAndSyncing: "La synchronisation reprend et rattrape son retard",
      bannerTitle: "Mise en pause par {{shop}}",
      bannerText: "Rien n'est envoyé. Ce qui change entre-temps est noté et arrive à la reprise.",
      bannerOther:
        "Rien n'est envoyé. Seule {{shop}} peut reprendre ; ce qui change entre-temps arrivera alors.",
    },
    disconnect: {
      ends: "Plus rien n'est synchronisé et les tâches en cours s'arrêtent. Si la boutique principale pouvait agir pour la boutique dépendante, cela prend fin aussi.",
      stays: "Ce qui reste",
      products: "Tous les produits restent tels quels.",
      links: "Les liens entre produits sont conservés.",
      settings: "Les paramètres de synchronisation et les correspondances d'emplacement sont conservés.",
      again: "Si les deux mêmes boutiques se reconnectent, tout reprend là où cela en était.",
    },
    address: {
      main: "Boutique principale :",
      dependent: "Boutique dépendante :",
    },
    delegation: {
      title: "Laisser la boutique principale agir pour cette boutique",
      on: "Autorisé",
      off: "Désactivé",
      textOff:
        "Pour l'instant, seule cette boutique modifie ses paramètres et décide. Si vous l'autorisez, {{main}} pourra aussi :",
      textOn: "{{main}} peut faire pour cette boutique ce que vous pouvez faire :",
      settings:
        "modifier les paramètres de synchronisation et les correspondances d'emplacement, et copier les paramètres d'autres boutiques",
      held: "décider des modifications en attente et des produits qui ne peuvent pas être associés",
      undo: "annuler des modifications, corriger des écarts, conserver des valeurs localement et reprendre ce que vous avez mis en pause",
      never:
        "Vous conservez tous ces droits et pouvez y mettre fin à tout moment. Cela prend fin aussi quand les boutiques sont déconnectées.",
      give: "Autoriser",
      take: "Retirer l'autorisation",
      given: "{{main}} peut désormais agir pour cette boutique",
      taken: "{{main}} ne peut plus agir pour cette boutique",
      askTitle: "Laisser {{main}} agir pour cette boutique ?",
      askText:
        "Les personnes et les programmes de {{main}} pourront alors modifier ce qui est synchronisé ici, prix et stock compris. Vous pouvez retirer cette autorisation à tout moment.",
      asMain: "{{shop}} vous laisse agir pour elle : vous modifiez ici ses paramètres.",
    },
    actionsOf: "Actions pour {{shop}}",
    locations: {
      ofDependent: "Vous modifiez les correspondances de {{shop}}.",
      readOnly: "Seule {{shop}} peut les modifier. Demandez les modifications à son propriétaire.",
      defaultText:
        "Sans correspondance, les emplacements par défaut des deux boutiques sont utilisés. La première correspondance remplace cela.",
      add: "Ajouter une correspondance",
      allMapped: "Chaque emplacement actif de la boutique principale a sa correspondance.",
      closed_one: "{{names}} est désactivé dans Shopify et ne peut pas être choisi.",
      closed_other: "{{names}} sont désactivés dans Shopify et ne peuvent pas être choisis.",
      gone: "Emplacement supprimé",
      inactive: "Inactif",
      inactiveMain:
        "L'emplacement de la boutique principale n'est pas actif et ne compte donc pas. Si aucun autre n'alimente la cible, son stock reste tel quel.",
      inactiveDependent:
        "L'emplacement de la boutique dépendante n'est pas actif. Son stock reste tel quel jusqu'à ce qu'il soit réactivé ou que vous en choisissiez un autre.",
      changeOf: "Modifier la correspondance d'emplacement de {{main}}",
      remove: "Le stock de cet emplacement ne compte plus. Les autres correspondances restent.",
      removeLast:
        "C'est la dernière correspondance : les emplacements par défaut des deux boutiques seront de nouveau utilisés.",
      removeAction: "Supprimer",
    },
  },
};

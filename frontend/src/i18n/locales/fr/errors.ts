export default {
  UNAUTHENTICATED: "Vous n'êtes plus connecté. Rechargez la page.",
  FORBIDDEN: "Cette boutique n'a pas le droit de faire cela.",
  NOT_FOUND: "Cet élément n'existe plus ou appartient à une autre boutique.",
  INVALID_ID: "Cette référence n'est pas valide. Rechargez la page.",
  INVALID_INPUT: "Cette saisie n'est pas valide. Corrigez-la et réessayez.",
  TOO_LONG: "Ce texte est trop long. Raccourcissez-le.",
  TOO_MANY: "Il y en a trop à la fois. Choisissez-en moins.",
  OUT_OF_RANGE: "Cette valeur est hors des limites autorisées.",
  CONFLICTING_EDIT: "Quelqu'un d'autre a modifié les paramètres entre-temps. Rechargez la page et réessayez.",
  INTERNAL: "Une erreur s'est produite de notre côté. Réessayez.",
  ROLE_NOT_CHOSEN: "Choisissez d'abord si cette boutique est principale ou dépendante.",
  ROLE_HAS_CONNECTIONS: "Déconnectez toutes les boutiques avant de changer de rôle.",
  NOT_A_MAIN: "Seule une boutique principale peut faire cela.",
  NOT_A_DEPENDENT: "Seule une boutique dépendante peut faire cela.",
  KEY_UNKNOWN:
    "Cette clé n'est pas valide. Elle a peut-être été remplacée : copiez-la à nouveau depuis votre boutique principale.",
  KEY_OF_OWN_SHOP: "C'est la clé de cette boutique même. Saisissez celle de votre boutique principale.",
  KEY_OF_DEPENDENT:
    "Cette clé appartient à une boutique dépendante. Saisissez celle de votre boutique principale.",
  ALREADY_CONNECTED: "Cette boutique est déjà connectée. Déconnectez-la d'abord.",
  NOT_CONNECTED: "Cette boutique n'est pas connectée.",
  CONNECTION_PAUSED: "La connexion est en pause. Reprenez-la d'abord.",
  CONNECTION_SUSPENDED: "L'application n'a plus accès à l'une des boutiques. Ouvrez-la d'abord là-bas.",
  PAUSED_BY_DEPENDENT: "La boutique dépendante a mis cette connexion en pause. Elle seule peut la reprendre.",
  NOT_A_SHOP_ADDRESS:
    "Ce n'est pas l'adresse d'une boutique Shopify. Elle ressemble à votre-boutique.myshopify.com.",
  CUSTOM_DOMAIN:
    "C'est le domaine personnalisé de la boutique. Saisissez son adresse en .myshopify.com : elle figure dans l'interface d'administration de cette boutique, sous Paramètres, Domaines.",
  INVITING_OWN_SHOP: "C'est l'adresse de cette boutique même. Saisissez celle d'une autre boutique.",
  INVITED_TWICE: "Cette boutique figure déjà dans la liste.",
  ALREADY_INVITED:
    "Cette boutique est déjà invitée. Vous pouvez renvoyer l'invitation depuis les paramètres.",
  ALREADY_DEPENDENT: "Cette boutique est déjà connectée à la vôtre.",
  SHOP_NOT_AVAILABLE:
    "Cette boutique ne peut pas être invitée : c'est une boutique principale, ou elle est connectée à une autre.",
  TOO_MANY_INVITATIONS: "Vous pouvez inviter {{limit}} boutiques par jour. Reprenez demain.",
  INVITATION_CLOSED: "Cette invitation a déjà reçu une réponse ou a été retirée.",
  SETTINGS_NOT_CHOSEN: "Choisissez d'abord dans les paramètres ce qu'il faut synchroniser.",
  DETAILS_REQUIRED: "Avec tous les produits, les détails du produit doivent être activés.",
  NOTHING_TO_SYNC: "Choisissez au moins un élément : détails, prix ou quantités.",
  CURRENCY_RATE_MISSING:
    "Les boutiques utilisent des devises différentes. Définissez un taux de conversion pour synchroniser les prix.",
  CURRENCY_CHANGED:
    "La devise d'une boutique a changé. Vérifiez le taux de conversion et enregistrez les paramètres.",
  PRICE_RULES_KEPT:
    "Les devises des boutiques diffèrent ({{from}} et {{to}}) : le taux de conversion, le montant fixe et la terminaison restent inchangés.",
  COPY_TO_ITSELF: "Les paramètres ne peuvent pas être copiés vers la boutique dont ils proviennent.",
  LOCATION_FOREIGN: "Cet emplacement n'appartient pas à cette boutique.",
  LOCATION_INACTIVE: "Cet emplacement n'est pas actif. Choisissez-en un autre.",
  LOCATION_TAKEN: "Cet emplacement de la boutique principale a déjà une correspondance.",
  LOCATION_MISSING:
    "Il n'y a pas d'emplacement où écrire le stock. Définissez une correspondance d'emplacement.",
  JOB_FINISHED: "Cette tâche est déjà terminée.",
  JOB_NOT_FINISHED: "Cette tâche est encore en cours. Attendez qu'elle soit terminée.",
  JOB_NOT_RETRYABLE: "Cette tâche ne peut pas être répétée. Lancez une nouvelle synchronisation.",
  NOTHING_TO_UNDO: "Il n'y a rien à annuler.",
  NOT_UNDOABLE:
    "Cela ne peut pas être annulé : la valeur a changé depuis, ou il s'agit d'un stock ou d'une suppression.",
  NOTHING_TO_REPAIR: "Aucun écart n'est connu ici. Il n'y a rien à réparer.",
  NOT_HELD: "Cette modification n'attend plus de décision.",
  CONFLICT_CLOSED: "Ce point a déjà été résolu.",
  ALREADY_LINKED: "Ce produit est déjà lié à un autre.",
  SHOPIFY_REFUSED: "Shopify a refusé cette modification. Corrigez le produit et synchronisez à nouveau.",
  SHOPIFY_THROTTLED: "Shopify demande une pause. L'application continue d'elle-même.",
  SHOPIFY_UNAVAILABLE: "Shopify est injoignable pour le moment. L'application réessaie d'elle-même.",
  SHOPIFY_ACCESS_LOST:
    "L'application n'a plus accès à cette boutique. Ouvrez-la là-bas pour l'autoriser à nouveau.",
  SHOPIFY_REJECTED: "Shopify n'a pas compris une requête de l'application. Écrivez à l'assistance.",
  SCOPE_MISSING: "Il manque une autorisation à l'application. Rouvrez-la dans Shopify pour l'accorder.",
  CHANGED_MEANWHILE: "La valeur a changé entre-temps. La prochaine synchronisation la réexaminera.",
  LEASE_LOST: "Une autre exécution a repris ce travail. Il continue de lui-même.",
  PRODUCT_LIMIT_REACHED:
    "Le nombre de produits de votre forfait est atteint. Les produits liés continuent, les nouveaux attendent.",
  GONE: "Ce produit n'existe plus dans la boutique dépendante.",
  REFERENCE_NOT_LINKED:
    "Cette valeur renvoie à un élément qui n'a pas d'équivalent dans la boutique dépendante.",
  MEDIA_FAILED: "Shopify n'a pas pu traiter ce fichier. Vérifiez-le dans la boutique principale.",
  CANCELED: "La tâche a été arrêtée avant cette modification.",
};

export default {
  UNAUTHENTICATED: "Vous n'êtes plus connecté. Rechargez la page.",
  SESSION_EXPIRED: "Votre session a expiré. Rechargez la page.",
  FORBIDDEN: "Cette boutique n'y est pas autorisée. Adressez-vous au propriétaire de l'autre boutique.",
  NOT_FOUND: "Cet élément n'existe plus ou appartient à une autre boutique.",
  INVALID_ID: "Cette référence n'est pas valide. Rechargez la page.",
  INVALID_INPUT: "Cette saisie n'est pas valide. Corrigez-la et réessayez.",
  TOO_LONG: "Ce texte est trop long. Raccourcissez-le.",
  TOO_MANY: "Il y en a trop à la fois. Choisissez-en moins.",
  OUT_OF_RANGE: "Cette valeur est hors des limites autorisées. Saisissez-en une autre.",
  CONFLICTING_EDIT: "Quelqu'un d'autre a modifié les paramètres entre-temps. Rechargez la page et réessayez.",
  INTERNAL: "Une erreur s'est produite de notre côté. Réessayez.",
  TOKEN_MALFORMED: "Ce jeton d'API est incomplet ou mal saisi. Copiez-le à nouveau.",
  TOKEN_UNKNOWN: "Ce jeton d'API n'existe pas. Créez-en un nouveau.",
  TOKEN_REVOKED: "Ce jeton d'API a été révoqué. Créez-en un nouveau.",
  TOKEN_READ_ONLY:
    "Ce jeton d'API ne permet que la lecture. Utilisez-en un qui permet aussi la modification.",
  TOKEN_LIMIT_REACHED: "Cette boutique a déjà {{limit}} jetons. Révoquez-en un qui ne sert plus.",
  APP_NOT_INSTALLED: "L'application n'est plus installée dans cette boutique. Réinstallez-la.",
  NAME_MISSING: "Saisissez un nom.",
  NAME_TAKEN: "Il existe déjà un jeton de ce nom. Choisissez-en un autre.",
  ROLE_NOT_CHOSEN: "Choisissez d'abord si cette boutique est principale ou dépendante.",
  ROLE_HAS_CONNECTIONS: "Déconnectez toutes les boutiques avant de changer de rôle.",
  NOT_A_MAIN: "Seule une boutique principale peut faire cela. Ouvrez l'application dans celle-ci.",
  NOT_A_DEPENDENT: "Seule une boutique dépendante peut faire cela. Ouvrez l'application dans celle-ci.",
  KEY_UNKNOWN:
    "Cette clé n'est pas valide. Elle a peut-être été remplacée : copiez-la à nouveau depuis votre boutique principale.",
  KEY_OF_OWN_SHOP: "C'est la clé de cette boutique elle-même. Saisissez celle de votre boutique principale.",
  KEY_OF_DEPENDENT:
    "Cette clé appartient à une boutique dépendante. Saisissez celle de votre boutique principale.",
  ALREADY_CONNECTED: "Cette boutique est déjà connectée. Déconnectez-la d'abord.",
  NOT_CONNECTED: "Cette boutique n'est pas connectée. Connectez-la d'abord.",
  CONNECTION_PAUSED: "La connexion est en pause. Reprenez-la d'abord.",
  CONNECTION_SUSPENDED: "L'application n'a plus accès à l'une des boutiques. Ouvrez-la d'abord là-bas.",
  PAUSED_BY_DEPENDENT: "La boutique dépendante a mis cette connexion en pause. Elle seule peut la reprendre.",
  NOT_A_SHOP_ADDRESS:
    "Ce n'est pas l'adresse d'une boutique Shopify. Elle ressemble à votre-boutique.myshopify.com.",
  CUSTOM_DOMAIN:
    "C'est le domaine personnalisé de la boutique. Saisissez son adresse en .myshopify.com : elle figure dans l'interface administrateur de cette boutique, sous Paramètres > Domaines.",
  INVITING_OWN_SHOP: "C'est l'adresse de cette boutique elle-même. Saisissez celle d'une autre boutique.",
  INVITED_TWICE: "Cette boutique figure déjà dans la liste. Retirez le doublon.",
  ALREADY_INVITED:
    "Cette boutique est déjà invitée. Vous pouvez renvoyer l'invitation depuis les paramètres.",
  ALREADY_DEPENDENT: "Cette boutique est déjà connectée à la vôtre. Inutile de l'inviter.",
  SHOP_NOT_AVAILABLE:
    "Cette boutique ne peut pas être invitée : c'est une boutique principale, ou elle est connectée à une autre.",
  TOO_MANY_INVITATIONS: "Vous pouvez inviter {{limit}} boutiques par jour. Reprenez demain.",
  INVITATION_CLOSED: "Cette invitation a déjà reçu une réponse ou a été retirée. Rechargez la page.",
  SETTINGS_NOT_CHOSEN: "Choisissez d'abord dans les paramètres ce qu'il faut synchroniser.",
  DETAILS_REQUIRED: "Avec tous les produits, les détails du produit doivent être activés.",
  NOTHING_TO_SYNC: "Choisissez au moins un élément : détails, prix ou quantités.",
  CURRENCY_RATE_MISSING:
    "Les boutiques utilisent des devises différentes. Définissez un taux de conversion pour synchroniser les prix.",
  CURRENCY_CHANGED:
    "La devise d'une boutique a changé. Vérifiez le taux de conversion et enregistrez les paramètres.",
  PRICE_RULES_KEPT:
    "Les devises des boutiques diffèrent ({{from}} et {{to}}) : le taux de conversion, le montant fixe et la terminaison restent inchangés.",
  COPY_TO_ITSELF:
    "Les paramètres ne peuvent pas être copiés vers la boutique dont ils proviennent. Choisissez d'autres boutiques.",
  LOCATION_FOREIGN: "Cet emplacement n'appartient pas à cette boutique. Choisissez-en un autre.",
  LOCATION_INACTIVE: "Cet emplacement n'est pas actif. Choisissez-en un autre.",
  LOCATION_TAKEN:
    "Cet emplacement de la boutique principale a déjà une correspondance. Modifiez celle qui existe.",
  LOCATION_MISSING:
    "Aucun emplacement ne peut recevoir le stock. Définissez une correspondance d'emplacement.",
  JOB_FINISHED: "Cette tâche est déjà terminée.",
  JOB_NOT_FINISHED: "Cette tâche est encore en cours. Attendez qu'elle soit terminée.",
  JOB_NOT_RETRYABLE: "Cette tâche ne peut pas être répétée. Lancez une nouvelle synchronisation.",
  NOTHING_TO_UNDO: "Il n'y a rien à annuler.",
  NOT_UNDOABLE:
    "Cela ne peut pas être annulé : la valeur a changé depuis, ou il s'agit d'un stock ou d'une suppression.",
  NOTHING_TO_REPAIR: "Aucun écart n'est connu ici. Il n'y a rien à corriger.",
  NOT_HELD: "Cette modification n'attend plus de décision. Rechargez la page.",
  CONFLICT_CLOSED: "Ce point a déjà été résolu. Rechargez la page.",
  ALREADY_LINKED: "Ce produit est déjà lié à un autre. Déliez-les d'abord.",
  PLAN_UNKNOWN: "Ce forfait n'existe plus. Rechargez la page.",
  PLAN_UNCHANGED: "Cette boutique a déjà ce forfait.",
  PLAN_BELOW_USE:
    "{{used}} produits sont liés, le forfait en prévoit {{allowed}}. Ils continuent, les nouveaux attendent.",
  PLAN_REFUSED: "Shopify a refusé le changement de forfait : {{message}}",
  PRODUCT_NOT_SELECTED: "Les paramètres excluent ce produit. Modifiez d'abord la sélection des produits.",
  VARIANTS_UNEQUAL:
    "Les variantes des deux produits ne correspondent pas. Comparez leurs options et leurs SKU.",
  SHOPIFY_REFUSED: "Shopify a refusé cette modification. Corrigez le produit et synchronisez à nouveau.",
  SHOPIFY_THROTTLED: "Shopify demande une pause. L'application continue automatiquement.",
  SHOPIFY_UNAVAILABLE: "Shopify est injoignable pour le moment. L'application réessaie automatiquement.",
  SHOPIFY_ACCESS_LOST:
    "L'application n'a plus accès à cette boutique. Ouvrez-la là-bas pour l'autoriser à nouveau.",
  SHOPIFY_REJECTED: "Shopify n'a pas compris une requête de l'application. Contactez l'assistance.",
  SCOPE_MISSING:
    "Il manque une autorisation à l'application. Ouvrez-la à nouveau dans Shopify pour l'accorder.",
  CHANGED_MEANWHILE: "La valeur a changé entre-temps. La prochaine synchronisation la réexaminera.",
  LEASE_LOST: "Une autre tâche a repris ce travail. Il continue automatiquement.",
  PRODUCT_LIMIT_REACHED:
    "Le nombre de produits du forfait est atteint. Les produits liés continuent, les nouveaux attendent.",
  GONE: "Ce produit ou cette variante n'existe plus dans la boutique dépendante. La prochaine synchronisation vérifiera à nouveau.",
  REFERENCE_NOT_LINKED:
    "Cette valeur renvoie à un élément qui n'a pas d'équivalent dans la boutique dépendante. Liez-le d'abord, puis synchronisez à nouveau.",
  MEDIA_FAILED: "Shopify n'a pas pu traiter ce fichier. Vérifiez-le dans la boutique principale.",
  CANCELED: "La tâche a été arrêtée avant cette modification. Synchronisez à nouveau pour l'appliquer.",
};

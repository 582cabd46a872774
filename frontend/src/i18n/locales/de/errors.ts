export default {
  UNAUTHENTICATED: "Sie sind nicht mehr angemeldet. Laden Sie die Seite neu.",
  SESSION_EXPIRED: "Ihre Sitzung ist abgelaufen. Laden Sie die Seite neu.",
  FORBIDDEN: "Dieser Shop ist dazu nicht berechtigt. Wenden Sie sich an den Inhaber des anderen Shops.",
  NOT_FOUND: "Das gibt es nicht mehr, oder es gehört zu einem anderen Shop.",
  INVALID_ID: "Dieser Verweis ist ungültig. Laden Sie die Seite neu.",
  INVALID_INPUT: "Diese Eingabe ist ungültig. Korrigieren Sie sie und versuchen Sie es noch einmal.",
  TOO_LONG: "Das ist zu lang. Kürzen Sie es.",
  TOO_MANY: "Das sind zu viele auf einmal. Wählen Sie weniger.",
  OUT_OF_RANGE: "Dieser Wert liegt außerhalb des erlaubten Bereichs. Geben Sie einen anderen ein.",
  CONFLICTING_EDIT:
    "Jemand anders hat die Einstellungen inzwischen geändert. Laden Sie die Seite neu und versuchen Sie es noch einmal.",
  INTERNAL: "Bei uns ist etwas schiefgegangen. Versuchen Sie es noch einmal.",
  TOKEN_MALFORMED:
    "Dieser API-Token ist unvollständig oder enthält einen Tippfehler. Kopieren Sie ihn erneut.",
  TOKEN_UNKNOWN: "Diesen API-Token gibt es nicht. Erstellen Sie einen neuen.",
  TOKEN_REVOKED: "Dieser API-Token wurde widerrufen. Erstellen Sie einen neuen.",
  TOKEN_READ_ONLY: "Dieser API-Token darf nur lesen. Verwenden Sie einen, der auch ändern darf.",
  TOKEN_LIMIT_REACHED:
    "Dieser Shop hat bereits {{limit}} Token. Widerrufen Sie einen, der nicht mehr gebraucht wird.",
  APP_NOT_INSTALLED: "Die App ist in diesem Shop nicht mehr installiert. Installieren Sie sie dort erneut.",
  NAME_MISSING: "Geben Sie eine Bezeichnung ein.",
  NAME_TAKEN: "Einen Token mit dieser Bezeichnung gibt es schon. Wählen Sie eine andere.",
  ROLE_NOT_CHOSEN: "Wählen Sie zuerst, ob dies der Hauptshop oder ein abhängiger Shop ist.",
  ROLE_HAS_CONNECTIONS: "Trennen Sie alle Shops, bevor Sie die Rolle ändern.",
  NOT_A_MAIN: "Das ist nur in einem Hauptshop möglich. Öffnen Sie die App dort.",
  NOT_A_DEPENDENT: "Das ist nur in einem abhängigen Shop möglich. Öffnen Sie die App dort.",
  KEY_UNKNOWN:
    "Dieser Schlüssel ist ungültig. Vielleicht wurde er ersetzt: Kopieren Sie ihn erneut aus Ihrem Hauptshop.",
  KEY_OF_OWN_SHOP: "Das ist der Schlüssel dieses Shops selbst. Geben Sie den Ihres Hauptshops ein.",
  KEY_OF_DEPENDENT: "Dieser Schlüssel gehört zu einem abhängigen Shop. Geben Sie den Ihres Hauptshops ein.",
  ALREADY_CONNECTED: "Dieser Shop ist bereits verbunden. Trennen Sie ihn zuerst.",
  NOT_CONNECTED: "Dieser Shop ist nicht verbunden. Verbinden Sie ihn zuerst.",
  CONNECTION_PAUSED: "Die Verbindung ist pausiert. Setzen Sie sie zuerst fort.",
  CONNECTION_SUSPENDED: "Die App hat den Zugriff auf einen der Shops verloren. Öffnen Sie sie zuerst dort.",
  PAUSED_BY_DEPENDENT: "Der abhängige Shop hat diese Verbindung pausiert. Nur er kann sie fortsetzen.",
  NOT_A_SHOP_ADDRESS: "Das ist keine Adresse eines Shopify-Shops. Sie sieht so aus: ihr-shop.myshopify.com.",
  CUSTOM_DOMAIN:
    "Das ist die eigene Domain des Shops. Geben Sie die Adresse ein, die auf .myshopify.com endet: Sie steht im Adminbereich dieses Shops unter Einstellungen > Domains.",
  INVITING_OWN_SHOP: "Das ist die Adresse dieses Shops selbst. Geben Sie die eines anderen ein.",
  INVITED_TWICE: "Dieser Shop steht schon in der Liste. Entfernen Sie den doppelten Eintrag.",
  ALREADY_INVITED:
    "Dieser Shop ist schon eingeladen. In den Einstellungen können Sie die Einladung erneut senden.",
  ALREADY_DEPENDENT: "Dieser Shop ist bereits mit Ihrem verbunden. Er braucht keine Einladung.",
  SHOP_NOT_AVAILABLE:
    "Dieser Shop kann nicht eingeladen werden: Er ist selbst ein Hauptshop oder mit einem anderen verbunden.",
  TOO_MANY_INVITATIONS: "Sie können {{limit}} Shops am Tag einladen. Machen Sie morgen weiter.",
  INVITATION_CLOSED: "Diese Einladung wurde bereits beantwortet oder zurückgezogen. Laden Sie die Seite neu.",
  SETTINGS_NOT_CHOSEN: "Wählen Sie zuerst in den Einstellungen, was synchronisiert werden soll.",
  DETAILS_REQUIRED: "Bei allen Produkten müssen die Produktdetails eingeschaltet sein.",
  NOTHING_TO_SYNC: "Wählen Sie mindestens eines: Details, Preise oder Bestände.",
  CURRENCY_RATE_MISSING:
    "Die Shops haben verschiedene Währungen. Legen Sie einen Umrechnungskurs fest, damit Preise synchronisiert werden können.",
  CURRENCY_CHANGED:
    "Die Währung eines Shops hat sich geändert. Prüfen Sie den Umrechnungskurs und speichern Sie die Einstellungen.",
  PRICE_RULES_KEPT:
    "Die Währungen der Shops sind verschieden ({{from}} und {{to}}): Umrechnungskurs, fester Betrag und Preisendung bleiben, wie sie waren.",
  COPY_TO_ITSELF:
    "Einstellungen können nicht in den Shop kopiert werden, aus dem sie stammen. Wählen Sie andere Shops.",
  LOCATION_FOREIGN: "Dieser Standort gehört nicht zu diesem Shop. Wählen Sie einen anderen.",
  LOCATION_INACTIVE: "Dieser Standort ist nicht aktiv. Wählen Sie einen anderen.",
  LOCATION_TAKEN:
    "Dieser Standort des Hauptshops ist bereits zugeordnet. Ändern Sie die vorhandene Zuordnung.",
  LOCATION_MISSING: "Es gibt keinen Standort für den Bestand. Legen Sie eine Standortzuordnung fest.",
  JOB_FINISHED: "Dieser Vorgang ist bereits beendet.",
  JOB_NOT_FINISHED: "Dieser Vorgang läuft noch. Warten Sie, bis er beendet ist.",
  JOB_NOT_RETRYABLE: "Dieser Vorgang lässt sich nicht wiederholen. Starten Sie eine neue Synchronisierung.",
  NOTHING_TO_UNDO: "Es gibt nichts rückgängig zu machen.",
  NOT_UNDOABLE:
    "Das lässt sich nicht rückgängig machen: Der Wert wurde seither geändert, oder es geht um Bestand oder eine Löschung.",
  NOTHING_TO_REPAIR: "Keiner dieser Werte weicht ab. Es gibt nichts zu korrigieren.",
  NOT_HELD: "Diese Änderung wartet nicht mehr auf eine Entscheidung. Laden Sie die Seite neu.",
  CONFLICT_CLOSED: "Das ist bereits geklärt. Laden Sie die Seite neu.",
  ALREADY_LINKED:
    "Dieses Produkt ist bereits mit einem anderen verknüpft. Heben Sie diese Verknüpfung zuerst auf.",
  PLAN_UNKNOWN: "Diesen Plan gibt es nicht mehr. Laden Sie die Seite neu.",
  PLAN_UNCHANGED: "Dieser Shop hat diesen Plan bereits.",
  PLAN_BELOW_USE:
    "{{used}} Produkte sind verknüpft, {{allowed}} sieht der Plan vor. Sie laufen weiter, neue warten.",
  PLAN_REFUSED: "Shopify hat den Planwechsel abgelehnt: {{message}}",
  PRODUCT_NOT_SELECTED:
    "Die Einstellungen schließen dieses Produkt aus. Ändern Sie zuerst die Auswahl der Produkte.",
  VARIANTS_UNEQUAL:
    "Die Varianten der beiden Produkte stimmen nicht überein. Vergleichen Sie Optionen und SKUs.",
  SHOPIFY_REFUSED:
    "Shopify hat diese Änderung abgelehnt. Korrigieren Sie das Produkt und synchronisieren Sie erneut.",
  SHOPIFY_THROTTLED: "Shopify bittet um eine Pause. Die App setzt die Synchronisierung automatisch fort.",
  SHOPIFY_UNAVAILABLE: "Shopify ist gerade nicht erreichbar. Die App versucht es automatisch erneut.",
  SHOPIFY_ACCESS_LOST:
    "Die App hat den Zugriff auf diesen Shop verloren. Öffnen Sie sie dort, um ihn wieder zu erteilen.",
  SHOPIFY_REJECTED: "Shopify hat eine Anfrage der App nicht verstanden. Wenden Sie sich an den Support.",
  SCOPE_MISSING:
    "Der App fehlt dafür eine Berechtigung. Öffnen Sie sie in Shopify erneut, um sie zu erteilen.",
  CHANGED_MEANWHILE: "Der Wert wurde inzwischen geändert. Die nächste Synchronisierung prüft ihn wieder.",
  LEASE_LOST: "Ein anderer Vorgang hat diese Arbeit übernommen. Sie wird automatisch fortgesetzt.",
  PRODUCT_LIMIT_REACHED:
    "Die Produktzahl des Plans ist ausgeschöpft. Verknüpfte Produkte laufen weiter, neue warten.",
  GONE: "Dieses Produkt oder diese Variante gibt es im abhängigen Shop nicht mehr. Die nächste Synchronisierung prüft das erneut.",
  REFERENCE_NOT_LINKED:
    "Dieser Wert verweist auf etwas, das im abhängigen Shop kein Gegenstück hat. Verknüpfen Sie zuerst dieses und synchronisieren Sie erneut.",
  MEDIA_FAILED: "Shopify konnte diese Datei nicht verarbeiten. Prüfen Sie sie im Hauptshop.",
  CANCELED:
    "Der Vorgang wurde vor dieser Änderung abgebrochen. Synchronisieren Sie erneut, um sie anzuwenden.",
};

"""Every error the product raises on purpose, sorted by what helps.

    AppError                    has a stable `code`; never carries a secret
    ├── RetryError              the same again, later                    (`after`: seconds to wait, or None)
    │   ├── Throttled           Shopify's bucket is empty
    │   ├── Unavailable         network, 5xx, an answer that makes no sense
    │   └── LeaseLost           somebody else works on it now
    ├── SkipError               this one subject can't be done; the others go on
    │   └── Refused             Shopify's own userError, with its field and message
    ├── FatalError              the job stops until a person acts
    │   ├── AccessLost          token revoked, app uninstalled, scope missing
    │   └── InvalidRequest      Shopify rejects the document itself: a defect of ours
    ├── UserError               the caller's request is wrong: `code`, `field`, `params`
    │   └── NotFound            missing and foreign are the same answer
    └── UserErrors              several of them, each at its field

Texts for people live in the frontend's locales, keyed by `code`; `message` is for logs and for API clients.
"""

# ruff: noqa: N818 - the names say what happened; the base class says that it is an error

from collections.abc import Mapping, Sequence
from enum import StrEnum


class ErrorCode(StrEnum):
    """Stable codes of the API; each has a text in every language of the app."""

    # the caller
    UNAUTHENTICATED = "UNAUTHENTICATED"
    SESSION_EXPIRED = "SESSION_EXPIRED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    INVALID_ID = "INVALID_ID"
    INVALID_INPUT = "INVALID_INPUT"
    TOO_LONG = "TOO_LONG"
    TOO_MANY = "TOO_MANY"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    CONFLICTING_EDIT = "CONFLICTING_EDIT"
    INTERNAL = "INTERNAL"
    # API tokens
    TOKEN_MALFORMED = "TOKEN_MALFORMED"
    TOKEN_UNKNOWN = "TOKEN_UNKNOWN"
    TOKEN_REVOKED = "TOKEN_REVOKED"
    TOKEN_READ_ONLY = "TOKEN_READ_ONLY"
    TOKEN_LIMIT_REACHED = "TOKEN_LIMIT_REACHED"
    APP_NOT_INSTALLED = "APP_NOT_INSTALLED"
    NAME_MISSING = "NAME_MISSING"
    NAME_TAKEN = "NAME_TAKEN"
    # roles and connections
    ROLE_NOT_CHOSEN = "ROLE_NOT_CHOSEN"
    ROLE_HAS_CONNECTIONS = "ROLE_HAS_CONNECTIONS"
    NOT_A_MAIN = "NOT_A_MAIN"
    NOT_A_DEPENDENT = "NOT_A_DEPENDENT"
    KEY_UNKNOWN = "KEY_UNKNOWN"
    KEY_OF_OWN_SHOP = "KEY_OF_OWN_SHOP"
    KEY_OF_DEPENDENT = "KEY_OF_DEPENDENT"
    ALREADY_CONNECTED = "ALREADY_CONNECTED"
    NOT_CONNECTED = "NOT_CONNECTED"
    CONNECTION_PAUSED = "CONNECTION_PAUSED"
    CONNECTION_SUSPENDED = "CONNECTION_SUSPENDED"
    PAUSED_BY_DEPENDENT = "PAUSED_BY_DEPENDENT"
    # invitations
    NOT_A_SHOP_ADDRESS = "NOT_A_SHOP_ADDRESS"
    CUSTOM_DOMAIN = "CUSTOM_DOMAIN"
    INVITING_OWN_SHOP = "INVITING_OWN_SHOP"
    INVITED_TWICE = "INVITED_TWICE"
    ALREADY_INVITED = "ALREADY_INVITED"
    ALREADY_DEPENDENT = "ALREADY_DEPENDENT"
    SHOP_NOT_AVAILABLE = "SHOP_NOT_AVAILABLE"
    TOO_MANY_INVITATIONS = "TOO_MANY_INVITATIONS"
    INVITATION_CLOSED = "INVITATION_CLOSED"
    # settings
    SETTINGS_NOT_CHOSEN = "SETTINGS_NOT_CHOSEN"
    DETAILS_REQUIRED = "DETAILS_REQUIRED"
    NOTHING_TO_SYNC = "NOTHING_TO_SYNC"
    CURRENCY_RATE_MISSING = "CURRENCY_RATE_MISSING"
    CURRENCY_CHANGED = "CURRENCY_CHANGED"
    PRICE_RULES_KEPT = "PRICE_RULES_KEPT"
    COPY_TO_ITSELF = "COPY_TO_ITSELF"
    LOCATION_FOREIGN = "LOCATION_FOREIGN"
    LOCATION_INACTIVE = "LOCATION_INACTIVE"
    LOCATION_TAKEN = "LOCATION_TAKEN"
    LOCATION_MISSING = "LOCATION_MISSING"
    # jobs and changes
    JOB_FINISHED = "JOB_FINISHED"
    JOB_NOT_FINISHED = "JOB_NOT_FINISHED"
    JOB_NOT_RETRYABLE = "JOB_NOT_RETRYABLE"
    NOTHING_TO_UNDO = "NOTHING_TO_UNDO"
    NOT_UNDOABLE = "NOT_UNDOABLE"
    NOT_HELD = "NOT_HELD"
    NOTHING_TO_REPAIR = "NOTHING_TO_REPAIR"
    CONFLICT_CLOSED = "CONFLICT_CLOSED"
    ALREADY_LINKED = "ALREADY_LINKED"
    # plans
    PLAN_UNKNOWN = "PLAN_UNKNOWN"
    PLAN_UNCHANGED = "PLAN_UNCHANGED"
    PLAN_BELOW_USE = "PLAN_BELOW_USE"
    PRODUCT_NOT_SELECTED = "PRODUCT_NOT_SELECTED"
    VARIANTS_UNEQUAL = "VARIANTS_UNEQUAL"
    PLAN_REFUSED = "PLAN_REFUSED"
    # Shopify
    SHOPIFY_REFUSED = "SHOPIFY_REFUSED"
    SHOPIFY_THROTTLED = "SHOPIFY_THROTTLED"
    SHOPIFY_UNAVAILABLE = "SHOPIFY_UNAVAILABLE"
    SHOPIFY_ACCESS_LOST = "SHOPIFY_ACCESS_LOST"
    SHOPIFY_REJECTED = "SHOPIFY_REJECTED"
    SCOPE_MISSING = "SCOPE_MISSING"
    CHANGED_MEANWHILE = "CHANGED_MEANWHILE"
    LEASE_LOST = "LEASE_LOST"
    # what a change or a job can end with
    PRODUCT_LIMIT_REACHED = "PRODUCT_LIMIT_REACHED"
    GONE = "GONE"
    REFERENCE_NOT_LINKED = "REFERENCE_NOT_LINKED"
    MEDIA_FAILED = "MEDIA_FAILED"
    CANCELED = "CANCELED"


class AppError(Exception):
    code: ErrorCode = ErrorCode.INTERNAL

    def __init__(self, message: str = "", *, code: ErrorCode | None = None) -> None:
        super().__init__(message or (code or self.code).value)
        if code is not None:
            self.code = code

    @property
    def message(self) -> str:
        return str(self)


class RetryError(AppError):
    def __init__(
        self, message: str = "", *, code: ErrorCode | None = None, after: float | None = None
    ) -> None:
        super().__init__(message, code=code)
        self.after = after


class Throttled(RetryError):
    code = ErrorCode.SHOPIFY_THROTTLED


class Unavailable(RetryError):
    """`sent` tells whether the request may have taken effect: then it is read again, never blindly
    replayed."""

    code = ErrorCode.SHOPIFY_UNAVAILABLE

    def __init__(self, message: str = "", *, after: float | None = None, sent: bool = True) -> None:
        super().__init__(message, after=after)
        self.sent = sent


class LeaseLost(RetryError):
    code = ErrorCode.LEASE_LOST


class SkipError(AppError):
    code = ErrorCode.SHOPIFY_REFUSED


class Refused(SkipError):
    """A userError of Shopify: `shopify_code` may be None, some payloads have none."""

    def __init__(self, message: str, *, shopify_code: str | None = None, field: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.shopify_code = shopify_code
        self.field = field


class FatalError(AppError):
    pass


class AccessLost(FatalError):
    code = ErrorCode.SHOPIFY_ACCESS_LOST


class InvalidRequest(FatalError):
    code = ErrorCode.SHOPIFY_REJECTED


class UserError(AppError):
    """`field` is the path of the input at fault; `params` fill the placeholders of the text in the app."""

    code = ErrorCode.INVALID_INPUT

    def __init__(
        self,
        code: ErrorCode,
        message: str = "",
        *,
        field: tuple[str, ...] = (),
        params: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message, code=code)
        self.field = field
        self.params = dict(params or {})


class NotFound(UserError):
    def __init__(self, *, field: tuple[str, ...] = ()) -> None:
        super().__init__(ErrorCode.NOT_FOUND, "There is nothing here by this id.", field=field)


class UserErrors(AppError):
    """Several mistakes in one request, told at once."""

    code = ErrorCode.INVALID_INPUT

    def __init__(self, errors: Sequence[UserError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = tuple(errors)

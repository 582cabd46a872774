"""What became of a write, change by change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from backend.errors import ErrorCode, RetryError, Unavailable
from backend.shopify.answer import Answer, Receipt
from backend.shopify.pages import OwnedVariant
from backend.sync.catalog import Media, Product
from backend.sync.fingerprint import Json
from backend.sync.writes import ChangeId


@dataclass(frozen=True, slots=True)
class Applied:
    """`note` says what went along with it and did not work: SCOPE_MISSING, a product that was made but could
    not be published."""

    note: ErrorCode | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """Shopify refuses it; the same again would be refused again. `field` is the path into our input."""

    code: ErrorCode
    message: str
    shopify_code: str | None = None
    field: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stale:
    """The dependent is not as the change was planned on: read it again, plan it again."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """Nothing wrong with it, but it shared a call that is all or nothing: send it again, in a new batch."""


@dataclass(frozen=True, slots=True)
class NotReady:
    """Shopify still processes the media that it needs: send it again a little later."""


Outcome: TypeAlias = Applied | Failed | Stale | Unsent | NotReady


@dataclass(frozen=True, slots=True)
class WriteResult:
    """`values` are the dependent's values as Shopify answers them after the write, in the form of
    `Change.after`; changes whose value was not answered are missing. `created` maps main's ids of products,
    variants and media to the dependent's. `products` and `variants` are what a creation made, complete;
    `media` what was added. `receipts` tell which answer gave a change its outcome; one whose call was never
    answered has none.

    `observed_at` is when the answer came, not when the write was sent: a read that began in between may have
    seen what was there before, and what differs from ours would count as somebody's edit or sale. Of a
    creation, and of what was looked up, it is when the request began."""

    outcomes: Mapping[ChangeId, Outcome]
    observed_at: datetime
    values: Mapping[ChangeId, Json] = field(default_factory=dict)
    created: Mapping[str, str] = field(default_factory=dict)
    products: tuple[Product, ...] = ()
    variants: tuple[OwnedVariant, ...] = ()
    media: tuple[Media, ...] = ()
    receipts: Mapping[ChangeId, Receipt] = field(default_factory=dict)


def sign(receipts: dict[ChangeId, Receipt], changes: Iterable[ChangeId], answer: Answer) -> None:
    """Remember that `answer` decided on those of `changes` that no earlier one has decided on."""
    for change in changes:
        receipts.setdefault(change, answer.receipt)


def interrupted(error: RetryError) -> Stale | Unsent:
    """What becomes of the rest of a write whose first call took effect, when a later one fails for a
    while."""
    return Stale() if isinstance(error, Unavailable) and error.sent else Unsent()


_GONE = frozenset(
    {
        "PRODUCT_DOES_NOT_EXIST",
        "PRODUCT_VARIANT_DOES_NOT_EXIST",
        "PRODUCT_VARIANT_DOES_NOT_EXIST_ON_PRODUCT",
        "AT_LEAST_ONE_VARIANT_DOES_NOT_BELONG_TO_THE_PRODUCT",
        "INVALID_INVENTORY_ITEM",
        "FILE_DOES_NOT_EXIST",
        "MEDIA_DOES_NOT_EXIST",
        "MEDIA_DOES_NOT_EXIST_ON_PRODUCT",
        "NOT_FOUND",
    }
)
_LOCATION_GONE = frozenset({"INVALID_LOCATION", "TRACKED_VARIANT_LOCATION_NOT_FOUND"})
_NOT_READY = frozenset({"NON_READY_STATE", "NON_READY_MEDIA"})
# Arguments that name the object itself: an error about one of them, where payloads have no code, says it is
# gone.
_OWN_ID = frozenset({("id",), ("product", "id"), ("productId",)})


@dataclass(frozen=True, slots=True)
class Complaint:
    """One userError of a payload, sorted. `index` is the place in the list argument it is about."""

    code: str | None
    field: tuple[str, ...]
    message: str
    index: int | None

    @property
    def outcome(self) -> Outcome:
        if self.code in _NOT_READY:
            return NotReady()
        return Failed(self._remedy(), self.message, self.code, self.field)

    @property
    def is_gone(self) -> bool:
        return self.code in _GONE or (self.code is None and self.field in _OWN_ID)

    def _remedy(self) -> ErrorCode:
        if self.is_gone:
            return ErrorCode.GONE
        if self.code in _LOCATION_GONE:
            return ErrorCode.LOCATION_MISSING
        return ErrorCode.SHOPIFY_REFUSED


def complaints(errors: Sequence[Mapping[str, Any]]) -> tuple[Complaint, ...]:
    """Of a payload's userErrors. Paths come as lists of text, with indices as text too; `elementIndex` is
    null in some payloads that have it."""
    found = []
    for error in errors:
        path = tuple(str(part) for part in error.get("field") or ())
        index = error.get("elementIndex")
        if not isinstance(index, int):
            index = next((int(part) for part in path if part.isdigit()), None)
        code = error.get("code")
        message = str(error.get("message") or "")[:500]
        found.append(Complaint(str(code) if code else None, path, message, index))
    return tuple(found)

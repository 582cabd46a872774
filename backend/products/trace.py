"""Why a value of a dependent is what it is: what happened, by which rule, with which change. The call and the
answer hang on the change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from backend.database import connection as pool
from backend.database import rows
from backend.errors import ErrorCode, NotFound, UserError
from backend.models.connection import Connection, SyncSettingsVersion
from backend.models.job import Change, ChangeState, JobKind, Trigger
from backend.models.link import Hold, ProductLink
from backend.models.live import LocalEdit
from backend.parity.local import Value
from backend.products.author import NOBODY, Author, author_of
from backend.products.sides import PRODUCT_VALUES, UNREAD, VARIANT_VALUES, Known, Sides, load_sides
from backend.sync.catalog import LocationId, VariantId
from backend.sync.catalog_json import load_product
from backend.sync.changeset import Action
from backend.sync.explain import Standing, Steps, StockSteps, explain_money, explain_stock
from backend.sync.fields import Field
from backend.sync.fingerprint import Json, value_hash
from backend.sync.link import agreed_hashes
from backend.sync.stock import pool_number
from backend.sync.values import read_value

_MONEY = frozenset({Field.PRICE, Field.COMPARE_AT_PRICE, Field.COST})
_CREATIONS = frozenset({Action.CREATE_PRODUCT.value, Action.CREATE_VARIANT.value})
# What these say is in words that differ between a change and a product.
_STRUCTURE = frozenset({Field.OPTIONS, Field.MEDIA, Field.VARIANT_MEDIA})
# Shopify repeats a delivery for four hours at most.
_DELIVERED_WITHIN = timedelta(hours=5)

# A change is due since its event happened, or since it came where the sender's clock is ahead.
_WEBHOOK = """
SELECT shop_domain, topic, received_at FROM webhook
WHERE shop_domain = ANY($1::text[]) AND received_at >= $2 AND received_at <= $3
  AND least(triggered_at, received_at) = $2
ORDER BY (topic LIKE 'inventory%') = $4 DESC, received_at, id LIMIT 1
"""
_SEEN_PRODUCT = "SELECT observed_at FROM mirror_product WHERE shop_id = $1 AND gid = $2"
_SEEN_VARIANT = "SELECT observed_at FROM mirror_variant WHERE shop_id = $1 AND gid = $2"
_SEEN_STOCK = """
SELECT max(s.observed_at) AS observed_at FROM mirror_stock s
JOIN mirror_variant v ON v.shop_id = s.shop_id AND v.inventory_item_gid = s.inventory_item_gid
WHERE s.shop_id = $1 AND v.gid = $2 AND s.location_gid = ANY($3::text[])
"""


class Cause(StrEnum):
    """WRITTEN: by a sync. CREATED: with its product or variant, by this app. UNDONE: a person took a change
    back, and this is what stood there before. FOUND_EQUAL: the dependent said the same by itself.
    CHANGED_THERE: somebody changed it in the dependent after the sync. OWN: the dependent's own, the sync has
    never written it. NOT_LINKED: nothing is synced to the product."""

    WRITTEN = "WRITTEN"
    CREATED = "CREATED"
    UNDONE = "UNDONE"
    FOUND_EQUAL = "FOUND_EQUAL"
    CHANGED_THERE = "CHANGED_THERE"
    OWN = "OWN"
    NOT_LINKED = "NOT_LINKED"


class EventKind(StrEnum):
    """WEBHOOK: Shopify told of it. FOUND: it was found when the shop was looked at, or Shopify's message is
    longer ago than messages are kept. PERSON, PROGRAM: somebody asked. SETTINGS: other settings were saved.
    CONNECTED: the shops were connected. RESUMED: a pause was over. SCHEDULE: it was time for a check."""

    WEBHOOK = "WEBHOOK"
    FOUND = "FOUND"
    PERSON = "PERSON"
    PROGRAM = "PROGRAM"
    SETTINGS = "SETTINGS"
    CONNECTED = "CONNECTED"
    RESUMED = "RESUMED"
    SCHEDULE = "SCHEDULE"


# What led to jobs that don't follow a change in a shop.
BY_ITSELF: Mapping[Trigger, EventKind] = MappingProxyType(
    {
        Trigger.SETTINGS: EventKind.SETTINGS,
        Trigger.CONNECTED: EventKind.CONNECTED,
        Trigger.RESUMED: EventKind.RESUMED,
        Trigger.SCHEDULE: EventKind.SCHEDULE,
        Trigger.API: EventKind.PROGRAM,
        Trigger.MANUAL: EventKind.PERSON,
    }
)


@dataclass(frozen=True, slots=True)
class Event:
    """`at` is when it happened; `domain`, `topic` and `received_at` are those of Shopify's message; `author`
    is who asked."""

    kind: EventKind
    at: datetime
    domain: str | None = None
    topic: str | None = None
    received_at: datetime | None = None
    author: Author = NOBODY


@dataclass(frozen=True, slots=True)
class Trace:
    """`change` is the last one that was applied to the value, `latest` a newer one that was not, or not yet.
    `event` belongs to `change`, or to `latest` where nothing was applied. `main_seen` and `dependent_seen`
    are as of when the shops were read."""

    sides: Sides
    known: Known
    cause: Cause
    title: str
    sku: str
    link: ProductLink | None
    settings: SyncSettingsVersion | None
    saved_by: Author
    hold: Hold | None
    edit: LocalEdit | None
    steps: Steps
    stock: StockSteps | None
    change: Change | None
    latest: Change | None
    event: Event | None
    main_seen: datetime | None
    dependent_seen: datetime | None


def check_traceable(value: Value) -> None:
    """Raises UserError INVALID_INPUT at what names no value: a product has no price, a variant no title."""
    if value.variant is None:
        known, at = PRODUCT_VALUES, "variantId" if value.field in VARIANT_VALUES else "field"
    else:
        known, at = VARIANT_VALUES, "field"
    if value.field not in known:
        raise UserError(ErrorCode.INVALID_INPUT, "There is no such value.", field=(at,))
    if not value.key and value.field in (Field.STOCK, Field.METAFIELD, Field.MEDIA):
        raise UserError(ErrorCode.INVALID_INPUT, "Say which one of several.", field=("key",))


async def trace(tie: Connection, value: Value, changes: QuerySet[Change]) -> Trace:
    """`tie` with both shops fetched; `changes` are those that the caller may see.

    Raises NotFound where nothing is known of the product or of the variant.
    """
    check_traceable(value)
    sides = await load_sides(tie, value.product)
    own = history(sides, value, changes.filter(connection_id=tie.id))
    newest = await own.order_by("-id").prefetch_related("job").first()
    if sides.dependent is None and sides.stored is None and newest is None:
        raise NotFound(field=("productId",))
    if value.variant is not None and newest is None and not _has_variant(sides, value.variant):
        raise NotFound(field=("variantId",))
    written = own.filter(state=ChangeState.APPLIED).exclude(action=Action.BOOK.value)
    change = await written.order_by("-id").prefetch_related("job").first()
    latest = None if newest is None or (change is not None and newest.id <= change.id) else newest
    known = sides.known(value)
    steps, stock = _explained(sides, value, known)
    version = sides.context.version
    told = change or latest
    settings = (
        None
        if version is None
        else await SyncSettingsVersion.get_or_none(connection_id=tie.id, version=version)
    )
    return Trace(
        sides=sides,
        known=known,
        cause=cause(sides, known, change),
        title=sides.title,
        sku=_sku(sides, value.variant),
        link=None if sides.stored is None else await ProductLink.get_or_none(id=sides.stored.id),
        settings=settings,
        saved_by=NOBODY if settings is None else await author_of(tie, settings.created_by),
        hold=sides.holds.get(value.ref),
        edit=await LocalEdit.get_or_none(connection_id=tie.id, **value.row),
        steps=steps,
        stock=stock,
        change=change,
        latest=latest,
        event=None if told is None else await event_of(tie, told),
        main_seen=await _main_seen(tie, sides, value),
        dependent_seen=await _seen(tie.dependent_id, value.product, value.variant, value, [value.key]),
    )


def history(sides: Sides, value: Value, changes: QuerySet[Change]) -> QuerySet[Change]:
    """What was done, or is to be done, about one value; a creation counts for all that it made."""
    mine = sides.main_variant(value.variant)
    # Media have main's id until they exist in the dependent.
    keys = {value.key}
    if value.field is Field.MEDIA and sides.stored is not None:
        media = sides.stored.link.media
        keys |= {str(main) for main, theirs in media.items() if theirs == value.key}
    made = Q(action=Action.CREATE_PRODUCT.value)
    if mine is not None:
        made |= Q(action=Action.CREATE_VARIANT.value, main_variant_gid=mine)
    one = Q(variant_gid=value.variant or "", field=value.field.value, key__in=sorted(keys))
    about = changes.filter(product_gid=value.product).filter(one | made)
    return about.filter(job__kind__not_in=[JobKind.PREVIEW, JobKind.CHECK])


def cause(sides: Sides, known: Known, change: Change | None) -> Cause:
    """Where the value that stands in the dependent now comes from."""
    if sides.stored is None:
        return Cause.NOT_LINKED
    mark = sides.stored.link.base.get(known.value.ref)
    if change is None and mark is None:
        return Cause.OWN
    if not _stands(sides, known, change, mark):
        return Cause.CHANGED_THERE
    if change is None:
        return Cause.FOUND_EQUAL
    if change.undo:
        return Cause.UNDONE
    return Cause.CREATED if change.action in _CREATIONS else Cause.WRITTEN


def _stands(sides: Sides, known: Known, change: Change | None, mark: str | None) -> bool:
    """Whether the dependent still says what was agreed on, or what the change made it say."""
    if known.standing in UNREAD or known.value.field in _STRUCTURE:
        return True
    if mark is None:
        return change is None or made_of(sides, known.value, change) == known.dependent
    number = pool_number(mark)
    agreed = value_hash(number) if number is not None else agreed_hashes(mark)[1]
    level = known.dependent or 0 if known.value.field is Field.STOCK else known.dependent
    return agreed == value_hash(level)


def made_of(sides: Sides, value: Value, change: Change) -> Json:
    """What the change made the value; None also where a creation does not tell."""
    after: Any = change.after
    variant = sides.main_variant(value.variant)
    match change.action:
        case Action.CREATE_PRODUCT:
            made, of = load_product(after["product"]), variant
        case Action.CREATE_VARIANT:
            of = VariantId(change.main_variant_gid)
            made = load_product({"id": change.main_product_gid, "variants": [after]})
        case Action.RESTRUCTURE:
            return after["options"]  # type: ignore[no-any-return]
        case Action.ADD_MEDIA | Action.SET_MEDIA:
            return None
        case _:
            return after  # type: ignore[no-any-return]
    if value.field in _STRUCTURE or (value.variant is not None and variant is None):
        return None
    try:
        return read_value(made, value.field, value.key, of)
    except KeyError:
        return None


async def event_of(tie: Connection, change: Change) -> Event:
    """What led to the change; `tie` with both shops fetched, `change` with its job."""
    job = change.job
    if job.trigger is not Trigger.CHANGE:
        return Event(BY_ITSELF[job.trigger], job.created_at, author=await author_of(tie, job.created_by))
    at = change.happened_at or job.created_at
    domains = [tie.main.domain, tie.dependent.domain]
    found = await rows(
        pool(), _WEBHOOK, domains, at, at + _DELIVERED_WITHIN, change.field == Field.STOCK.value
    )
    if not found:
        return Event(EventKind.FOUND, at)
    told = found[0]
    return Event(EventKind.WEBHOOK, at, told["shop_domain"], told["topic"], told["received_at"])


def _explained(sides: Sides, value: Value, known: Known) -> tuple[Steps, StockSteps | None]:
    """The steps of the rule, where there is more to it than copying."""
    mine = sides.main_variant(value.variant)
    variants = () if sides.main is None else sides.main.variants
    variant = next((each for each in variants if each.id == mine), None)
    if variant is None or known.standing in UNREAD | {Standing.PAUSED}:
        return (), None
    if value.field in _MONEY:
        return explain_money(value.field, variant, sides.context.rules), None
    if value.field is Field.STOCK:
        rules = sides.context.rules
        found = explain_stock(variant.stock, rules.location_map, rules.settings, LocationId(value.key))
        return (found.steps, found) if found is not None else ((), None)
    return (), None


def _has_variant(sides: Sides, variant: VariantId) -> bool:
    there = () if sides.dependent is None else sides.dependent.variants
    return any(each.id == variant for each in there) or sides.main_variant(variant) is not None


def _sku(sides: Sides, variant: VariantId | None) -> str:
    there = () if sides.dependent is None else sides.dependent.variants
    return next((each.sku for each in there if each.id == variant), "")


async def _main_seen(tie: Connection, sides: Sides, value: Value) -> datetime | None:
    if sides.main is None:
        return None
    places = sides.context.rules.location_map.sources.get(LocationId(value.key), ())
    return await _seen(tie.main_id, sides.main.id, sides.main_variant(value.variant), value, places)


async def _seen(shop: Any, product: str, variant: str | None, value: Value, places: Any) -> datetime | None:
    if variant is None:
        found = await rows(pool(), _SEEN_PRODUCT, shop, product)
    elif value.field is Field.STOCK:
        found = await rows(pool(), _SEEN_STOCK, shop, variant, list(places))
    else:
        found = await rows(pool(), _SEEN_VARIANT, shop, variant)
    return found[0]["observed_at"] if found else None

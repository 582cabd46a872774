"""After a crash: what was sent and has no outcome. A stock batch is sent again unchanged, under its key;
anything else is read, and only what is not there is planned again. Nothing is ever blindly sent twice.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import orjson

from backend.database import connection, execute, rows
from backend.errors import ErrorCode, Unavailable
from backend.jobs.change_rows import SELECT, change_of
from backend.jobs.mirror_read import load_products
from backend.jobs.mirror_write import put_products, put_stock
from backend.jobs.queue import transaction
from backend.jobs.runtime import OpenShop
from backend.jobs.send import Sent, load_batch, perform, target
from backend.jobs.settle import settle
from backend.jobs.step import Slice
from backend.jobs.under_way import NOTHING
from backend.live.dirty import Dirt, mark_dirty, put_dirt
from backend.models.live import Stream
from backend.shopify.outcome import Applied, Outcome, Unsent, WriteResult
from backend.shopify.wanted import Wanted
from backend.sync.catalog import Product, ProductId, Variant
from backend.sync.catalog_json import load_media, load_product, load_variant
from backend.sync.changeset import Action, Change
from backend.sync.fields import Field, Lane
from backend.sync.fingerprint import Json
from backend.sync.values import read_value
from backend.sync.writes import AdjustStock, ChangeId, SetStock

_BATCHES = (
    "SELECT id, body, sent_at FROM stock_batch WHERE job_id = $1 AND settled_at IS NULL ORDER BY sent_at, id"
)
# Creations that run in bulk are not lost: their batches know of them.
_SENT = SELECT + (
    "WHERE job_id = $1 AND lane = $2 AND state = 'SENT'"
    " AND NOT (action = 'CREATE_PRODUCT' AND batch_id IS NOT NULL) ORDER BY seq"
)
_EVERYTHING = Wanted()
_KEY_LASTS = timedelta(hours=23)
_UNANSWERED = timedelta(seconds=10)
_LEFT = """
SELECT b.id, b.body, b.sent_at FROM stock_batch b JOIN job j ON j.id = b.job_id
WHERE j.connection_id = $1 AND b.settled_at IS NULL AND j.finished_at IS NOT NULL
  AND EXISTS (SELECT 1 FROM change c WHERE c.batch_id = b.id AND c.state = 'SENT')
ORDER BY b.sent_at, b.id
"""
_MAINS = "SELECT DISTINCT main_product_gid AS main FROM change WHERE batch_id = $1"
_UNKNOWN = """
UPDATE change SET state = 'FAILED', code = $2 WHERE batch_id = $1 AND state = 'SENT'
RETURNING variant_gid, key
"""
_FORGET = """
UPDATE variant_link SET base = base - $3::text WHERE connection_id = $1 AND dependent_gid = $2
"""
_SETTLED = "UPDATE stock_batch SET settled_at = $2 WHERE id = $1"


Doors = Mapping[UUID, OpenShop]
"""The APIs of both shops, by the shop's id."""


def open_doors(work: Slice) -> Doors:
    return {each.id: work.open(each) for each in (work.context.main, work.context.dependent)}


async def recover_lane(work: Slice, doors: Doors, lane: Lane) -> None:
    """Give every change of the lane that is SENT an outcome."""
    if lane is Lane.STOCK:
        for row in await rows(connection(), _BATCHES, work.job.id):
            write = load_batch(orjson.loads(row["body"]))
            if isinstance(write, AdjustStock) and _is_forgotten(work, row["sent_at"]):
                await _give_up(work, row["id"])
                continue
            await _replay(work, doors, write, row["id"])
    door = doors[work.context.dependent.id]
    found = [
        (ChangeId(row["id"]), change_of(row))
        for row in await rows(connection(), _SENT, work.job.id, lane.value)
    ]
    if found:
        await look_up(work, door, found)


async def recover_stock(work: Slice) -> None:
    """Settle what jobs that have ended (the connection stopped under them) left unanswered of shared stock:
    sent again under its key, before anything is planned on top of it, whatever the settings say by now.

    Shopify remembers a key for 24 hours. After that nobody can tell whether the batch arrived: it is given
    up, and main's number counts.
    """
    if work.context.dry:
        return
    left = await rows(connection(), _LEFT, work.context.connection)
    lease = f"connection:{work.context.connection}:left"
    if not left or not await work.leases.take(lease):
        # Somebody else is at it: until then these products are busy.
        return
    try:
        doors = open_doors(work)
        for row in left:
            if _is_forgotten(work, row["sent_at"]):
                await _give_up(work, row["id"])
                continue
            try:
                await _replay(work, doors, load_batch(orjson.loads(row["body"])), row["id"])
            except Unavailable:
                # Its own products wait, as busy as before, and nobody else does.
                await _replay_later(work, row["id"])
    finally:
        await work.leases.release(lease)


async def _replay(work: Slice, doors: Doors, write: SetStock | AdjustStock, batch: UUID) -> None:
    """Send a stock batch again, unchanged and under its key. The answer does not tell what has become of the
    levels since: they are read before the outcome is stored, and planned anew."""
    shop, clock = target(work.context, write), work.runtime.clock
    sent = await perform(work, doors[shop.id], write, batch)
    work.leases.check()
    begun = clock.now()
    items, places = {each.inventory_item for each in write.entries}, {each.location for each in write.entries}
    found = await doors[shop.id].catalog.levels(sorted(items), sorted(places))
    levels = [(item, place, count) for item, one in found.items() for place, count in one.available.items()]
    async with transaction() as client:
        settled = await settle(client, work.job.id, work.context, [sent], clock.now())
        await put_stock(client, shop.id, levels, begun)
        mains = [ProductId(row["main"]) for row in await rows(client, _MAINS, batch)]
        await mark_dirty(client, work.context.connection, mains, Stream.STOCK, begun, clock.now())
    work.job.done += settled.done


async def _replay_later(work: Slice, batch: UUID) -> None:
    now = work.runtime.clock.now()
    async with transaction() as client:
        mains = [ProductId(row["main"]) for row in await rows(client, _MAINS, batch)]
        dirt = [Dirt(work.context.connection, Stream.STOCK, each, now, now + _UNANSWERED) for each in mains]
        await put_dirt(client, dirt, now)


def _is_forgotten(work: Slice, sent_at: datetime) -> bool:
    """Whether Shopify may not know the key any more, and would do it again."""
    return work.runtime.clock.now() - sent_at > _KEY_LASTS


async def _give_up(work: Slice, batch: UUID) -> None:
    async with transaction() as client:
        lost = await rows(client, _UNKNOWN, batch, ErrorCode.CHANGED_MEANWHILE.value)
        for row in lost:
            await execute(
                client, _FORGET, work.context.connection, row["variant_gid"], f"{Field.STOCK}:{row['key']}"
            )
        await execute(client, _SETTLED, batch, work.runtime.clock.now())


async def _store(work: Slice, sent: Sent) -> None:
    async with transaction() as client:
        settled = await settle(client, work.job.id, work.context, [sent], work.runtime.clock.now())
    work.job.done += settled.done


async def look_up(work: Slice, door: OpenShop, found: Sequence[tuple[ChangeId, Change]]) -> None:
    """Read what these changes were to do, and settle: done, or to be sent again."""
    shop = work.context.dependent.id
    ids: dict[ChangeId, ProductId | None] = {}
    for change_id, change in found:
        ids[change_id] = change.product or None
        if change.action is Action.CREATE_PRODUCT and isinstance(change.after, Mapping):
            work.leases.check()
            ids[change_id] = await door.writer.by_origin(str(change.after["origin"]))
    known = await load_products(connection(), shop, [each for each in ids.values() if each])
    work.leases.check()
    read = await door.catalog.by_ids([each for each in ids.values() if each], _EVERYTHING)
    actual = {each.id: each for each in read.products}
    outcomes: dict[ChangeId, Outcome] = {}
    values: dict[ChangeId, Json] = {}
    created: dict[str, str] = {}
    for change_id, change in found:
        gid = ids[change_id]
        product = actual.get(gid) if gid else None
        before = known.get(gid) if gid else None
        made = took_effect(change, product, before)
        note = await _published(work, door, change, gid) if made is not None and gid else None
        outcomes[change_id] = Unsent() if made is None else Applied(note)
        created |= made or {}
        if made is not None and change.action is Action.SET:
            values[change_id] = change.after
    makers = {ids[each] for each, change in found if change.action is Action.CREATE_PRODUCT}
    products = tuple(each for each in read.products if each.id in makers)
    result = WriteResult(outcomes, read.observed_at, values, created, products)
    await _store(work, Sent(tuple(outcomes), result, None, 0, 0))
    async with transaction() as client:
        await put_products(client, shop, read.products, _EVERYTHING, read.observed_at, spare=NOTHING)


async def _published(work: Slice, door: OpenShop, change: Change, product: ProductId) -> ErrorCode | None:
    """What was created may have been cut off before it was published."""
    after = change.after if change.action is Action.CREATE_PRODUCT else None
    if not isinstance(after, Mapping) or not after["publish"]:
        return None
    work.leases.check()
    return await door.writer.publish(product)


def took_effect(change: Change, product: Product | None, before: Product | None) -> dict[str, str] | None:
    """Whether a change whose answer is not known is there: main's ids of what it created, empty where it
    creates nothing; None when it is not there.

    `product` is the dependent's as just read, `before` as it was known before the write.
    """
    match change.action:
        case Action.DELETE_PRODUCT:
            return {} if product is None else None
        case _ if product is None:
            return None
        case Action.CREATE_PRODUCT:
            return _created_product(change, product)
        case Action.CREATE_VARIANT:
            return _created_variant(change, product)
        case Action.ADD_MEDIA:
            return _added_media(change, product, before)
        case Action.DELETE_VARIANT:
            return None if any(each.id == change.variant for each in product.variants) else {}
        case Action.REMOVE_MEDIA:
            return None if any(each.id == change.key for each in product.media) else {}
        case Action.SET_MEDIA:
            return (
                {}
                if any(each.id == change.key and each.alt == change.after for each in product.media)
                else None
            )
        case Action.SET | Action.RESTRUCTURE:
            return {} if _says(change, product) else None
        case Action.REORDER | Action.BOOK:
            return None


def _says(change: Change, product: Product) -> bool:
    try:
        return read_value(product, change.field, change.key, change.variant or None) == change.after
    except KeyError:
        return False


def _created_product(change: Change, product: Product) -> dict[str, str]:
    payload = change.after["product"] if isinstance(change.after, Mapping) else None
    wanted = load_product(payload) if isinstance(payload, Mapping) else product
    created = {str(change.main_product): str(product.id)}
    for mine in wanted.variants:
        theirs = _same_options(mine, product.variants)
        if theirs is not None:
            created[mine.id] = theirs.id
    created.update({mine.id: theirs.id for mine, theirs in zip(wanted.media, product.media, strict=False)})
    return created


def _created_variant(change: Change, product: Product) -> dict[str, str] | None:
    if not isinstance(change.after, Mapping):
        return None
    theirs = _same_options(load_variant(change.after), product.variants)
    return None if theirs is None else {change.main_variant: theirs.id}


def _same_options(wanted: Variant, variants: Sequence[Variant]) -> Variant | None:
    options = {(each.option, each.value) for each in wanted.options}
    return next((each for each in variants if {(o.option, o.value) for o in each.options} == options), None)


def _added_media(change: Change, product: Product, before: Product | None) -> dict[str, str] | None:
    """New media are those that nobody knew of; what was sent together arrived together, or not at all."""
    known = {each.id for each in before.media} if before else set()
    wanted = load_media(change.after) if isinstance(change.after, Mapping) else None
    for each in product.media:
        if wanted is not None and each.id not in known and (each.kind, each.alt) == (wanted.kind, wanted.alt):
            return {change.key: each.id}
    return None

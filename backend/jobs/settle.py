"""Writing down what became of changes: outcome, link, agreement, hold and mirror, in one transaction."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import execute, execute_many, rows
from backend.errors import ErrorCode
from backend.jobs.change_rows import SELECT, change_of
from backend.jobs.context import Context
from backend.jobs.links import LinkUpdate, drop_links, load_links, put_links, update_links
from backend.jobs.mirror_patch import patch_mirror
from backend.jobs.mirror_read import load_products
from backend.jobs.mirror_write import lock_mirror, mark_gone, put_products, put_variants
from backend.jobs.page_plan import load_references
from backend.jobs.queue import enqueue_look
from backend.jobs.send import Sent
from backend.jobs.under_way import LONGEST, NOTHING
from backend.live.dirty import Dirt, mark_dirty, put_dirt
from backend.live.pending import Mark, mark_pending
from backend.models.job import ChangeState
from backend.models.live import Stream, SubjectKind
from backend.shopify.answer import Receipt
from backend.shopify.outcome import Applied, Failed, NotReady, Outcome, Stale, Unsent
from backend.shopify.wanted import Wanted
from backend.sync.catalog import MediaId, Product, ProductId, VariantId
from backend.sync.changeset import Action, Change
from backend.sync.diff import plan_product
from backend.sync.fields import Field
from backend.sync.fingerprint import Json
from backend.sync.link import LinkOrigin, ProductLink, Ref, VariantLink
from backend.sync.rules import Rules
from backend.sync.settle import adopt, settled
from backend.sync.writes import ChangeId

# Rounds of reading again and writing again before a change is left as it is.
MOST_ROUNDS = 3
_LATER = timedelta(seconds=3)
# Media take a while; a batch that shares its call with a bad entry is cut down a few times.
MOST_DELAYS = 20

# Two may have sent the same batch again, under its key: what the first has settled is settled.
_CHANGES = SELECT + "WHERE id = ANY($1::bigint[]) AND state = 'SENT' ORDER BY id FOR UPDATE"
_OUTCOME = """
UPDATE change SET state = $2, code = $3, shopify_code = $4, shopify_field = $5, message = $6, applied_at = $7,
                  product_gid = $8, call_id = $9
WHERE id = $1 AND state = 'SENT'
"""
_CALL = """
INSERT INTO call (id, job_id, operation, request_id, points, sent_at, answered_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
_UNDONE = "UPDATE change SET state = 'UNDONE' WHERE id = ANY($1::bigint[])"
_HOLD = """
INSERT INTO hold (id, connection_id, product_gid, subject, field, key, reason, main_hash, created_at)
VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, 'UNDONE', $6, $7)
ON CONFLICT (connection_id, subject, field, key) DO UPDATE SET
    reason = excluded.reason, main_hash = excluded.main_hash, created_at = excluded.created_at
"""
_CHARGE = "UPDATE job SET points = points + $2, calls = calls + $3, done = done + $4 WHERE id = $1"
# Nothing that was read since the booking was sent is stored for as long as it may be under way: so it is
# added exactly once, and a read that began before the answer is repeated. Where the answer came later than
# that, a reading may have the booking already, or not: then it is read again.
_BOOKED = """
UPDATE mirror_stock SET
    available = mirror_stock.available + (sale.after::text::bigint - sale.before::text::bigint),
    observed_at = greatest(mirror_stock.observed_at, $3)
FROM change sale
WHERE sale.id = $2 AND mirror_stock.shop_id = $1
  AND mirror_stock.inventory_item_gid = sale.inventory_item_gid
  AND mirror_stock.location_gid = sale.location_gid AND mirror_stock.observed_at < sale.sent_at + $4::interval
"""
_SOLD = """
SELECT other.id AS connection, sale.main_product_gid AS main, min(sale.happened_at) AS happened_at
FROM change sale, connection other
WHERE sale.id = ANY($2::bigint[]) AND other.main_id = $1 AND other.state = 'ACTIVE'
  AND other.settings_version IS NOT NULL
GROUP BY other.id, sale.main_product_gid
"""
_DROP_VARIANT_LINKS = "DELETE FROM variant_link WHERE connection_id = $1 AND dependent_gid = ANY($2::text[])"


@dataclass(slots=True)
class Settled:
    """What the job has to do next: changes to read and plan again, and changes that have to wait for
    media. `done` are those of its own that came to an end."""

    stale: list[tuple[ChangeId, Change]] = field(default_factory=list)
    waiting: list[ChangeId] = field(default_factory=list)
    done: int = 0


@dataclass(frozen=True, slots=True)
class _Row:
    job: UUID
    change: Change
    attempts: int
    undo: Mapping[str, Json] | None


async def settle(
    client: BaseDBAsyncClient, job: UUID, context: Context, sent: Sequence[Sent], now: datetime
) -> Settled:
    """Store the outcomes of these writes, as far as nobody has done so yet."""
    found = await _load(client, [change for each in sent for change in each.changes])
    settled = Settled()
    outcomes, given_up = [], list[Change]()
    calls: dict[Receipt, UUID] = {}
    for each in sent:
        for change, outcome in each.result.outcomes.items():
            if (row := found.get(change)) is None:
                continue
            state, code = _state(outcome, row.attempts)
            receipt = each.result.receipts.get(change)
            call = None if receipt is None else calls.setdefault(receipt, uuid4())
            product = _product(row.change, each)
            outcomes.append((*_outcome_row(change, state, code, outcome, now, product), call))
            if state is ChangeState.PLANNED and isinstance(outcome, Stale):
                settled.stale.append((change, row.change))
            elif state is ChangeState.PLANNED and isinstance(outcome, NotReady):
                settled.waiting.append(change)
            elif state is ChangeState.SKIPPED and row.undo is None:
                given_up.append(row.change)
            settled.done += state is not ChangeState.PLANNED and row.job == job
    await execute_many(client, _CALL, [_call_row(key, job, told) for told, key in calls.items()])
    await execute_many(client, _OUTCOME, sorted(outcomes, key=lambda row: row[0]))
    for each in sent:
        applied = {
            change: found[change]
            for change, outcome in each.result.outcomes.items()
            if isinstance(outcome, Applied) and change in found
        }
        await _remember(client, context, each, applied, now)
    await _plan_later(client, context, given_up, now)
    batches = [each.batch for each in sent if each.batch is not None]
    if batches:
        await execute(
            client, "UPDATE stock_batch SET settled_at = $2 WHERE id = ANY($1::uuid[])", batches, now
        )
    points, number = sum(each.points for each in sent), sum(each.calls for each in sent)
    await execute(client, _CHARGE, job, points, number, settled.done)
    return settled


async def _load(client: BaseDBAsyncClient, ids: Sequence[ChangeId]) -> dict[ChangeId, _Row]:
    found = await rows(client, _CHANGES, list(ids))
    return {ChangeId(row["id"]): _row_of(row) for row in found}


def _row_of(row: Mapping[str, Any]) -> _Row:
    undo = row["undo"]
    return _Row(row["job_id"], change_of(row), row["attempts"], None if undo is None else orjson.loads(undo))


def _state(outcome: Outcome, attempts: int) -> tuple[ChangeState, ErrorCode | None]:
    match outcome:
        case Applied(note):
            return ChangeState.APPLIED, note
        case Failed(code):
            return ChangeState.FAILED, code
        case Stale():
            again = attempts < MOST_ROUNDS
            return (
                (ChangeState.PLANNED, None) if again else (ChangeState.SKIPPED, ErrorCode.CHANGED_MEANWHILE)
            )
        case NotReady():
            again = attempts < MOST_DELAYS
            return (ChangeState.PLANNED, None) if again else (ChangeState.FAILED, ErrorCode.MEDIA_FAILED)
        case Unsent():
            again = attempts < MOST_DELAYS
            return (ChangeState.PLANNED, None) if again else (ChangeState.FAILED, ErrorCode.CHANGED_MEANWHILE)


async def _plan_later(
    client: BaseDBAsyncClient, context: Context, given_up: Iterable[Change], now: datetime
) -> None:
    """What moves all the time holds up nobody, and is not forgotten: it is read and planned anew a little
    later. (Rounds that it only shared with something stale count as well, so this may be its first.)"""
    own, main, dependent = context.connection, context.main.id, context.dependent.id
    marks, dirt = [], []
    for each in given_up:
        if each.field is Field.STOCK:
            shop = main if each.action is Action.BOOK else dependent
            marks.append(Mark(shop, SubjectKind.STOCK, each.inventory_item, now, now))
        else:
            marks.append(Mark(dependent, SubjectKind.PRODUCT, each.product, now, now))
        stream = Stream.STOCK if each.field is Field.STOCK else Stream.PRODUCT
        dirt.append(Dirt(own, stream, each.main_product, now, now + _LATER))
    await mark_pending(client, marks)
    await put_dirt(client, dirt, now)
    for concerned in {each.shop for each in marks}:
        enqueue_look(concerned)


def _product(change: Change, sent: Sent) -> str:
    """The dependent's product; one that was just made has its id from the answer."""
    return change.product or sent.result.created.get(change.main_product, "")


def _call_row(key: UUID, job: UUID, told: Receipt) -> tuple[object, ...]:
    return key, job, told.operation[:64], told.request_id, told.points, told.sent_at, told.answered_at


def _outcome_row(
    change: ChangeId,
    state: ChangeState,
    code: ErrorCode | None,
    outcome: Outcome,
    now: datetime,
    product: str,
) -> tuple[object, ...]:
    shopify_code, path, message = None, "", ""
    if isinstance(outcome, Failed):
        shopify_code, path, message = outcome.shopify_code, ".".join(outcome.field)[:255], outcome.message
    applied_at = now if state is ChangeState.APPLIED else None
    return change, state.value, code, shopify_code, path, message, applied_at, product


async def _remember(
    client: BaseDBAsyncClient, context: Context, sent: Sent, applied: Mapping[ChangeId, _Row], now: datetime
) -> None:
    """Links, agreements, holds and the mirror after what was applied."""
    if not applied:
        return
    result, own = sent.result, context.connection
    await _created(client, context, sent, applied, now)
    links = await load_links(client, own, {row.change.main_product for row in applied.values()})
    updates: list[LinkUpdate] = []
    undone: list[int] = []
    holds: list[tuple[object, ...]] = []
    forgotten: defaultdict[ProductId, list[Ref]] = defaultdict(list)
    agreed: defaultdict[ProductId, dict[Ref, str]] = defaultdict(dict)
    media: defaultdict[ProductId, dict[MediaId, MediaId]] = defaultdict(dict)
    ties: defaultdict[ProductId, list[VariantLink]] = defaultdict(list)
    for change_id, row in applied.items():
        change = row.change
        main = change.main_product
        if row.undo is not None:
            undone.extend(_ids(row.undo["of"]))
            holds.append((own, change.product, *change.ref, row.undo["main_hash"], now))
            forgotten[main].append(change.ref)
            continue
        settlement = settled(change, result.values.get(change_id, change.after))
        agreed[main].update(settlement.agreed)
        forgotten[main].extend(settlement.forgotten)
        if change.action is Action.CREATE_VARIANT and change.main_variant in result.created:
            made = VariantId(result.created[change.main_variant])
            ties[main].append(VariantLink(change.main_variant, made, created_by_us=True))
        elif change.action is Action.ADD_MEDIA and change.key in result.created:
            media[main][MediaId(change.key)] = MediaId(result.created[change.key])
    for main, stored in links.items():
        if agreed[main] or media[main] or ties[main] or forgotten[main]:
            product = stored.link.dependent
            updates.append(
                LinkUpdate(stored.id, product, ties[main], media[main], agreed[main], forgotten[main])
            )
    await update_links(client, own, updates)
    await execute_many(client, _HOLD, holds)
    if undone:
        await execute(client, _UNDONE, undone)
    await _deleted(client, context, [row.change for row in applied.values()], now)
    await _booked(client, context, applied, result.observed_at, now)
    owned = [(each.product, each.variant) for each in result.variants]
    await put_variants(client, context.dependent.id, owned, Wanted(), result.observed_at, spare=NOTHING)
    values = [
        (row.change, result.values.get(each, row.change.after))
        for each, row in applied.items()
        if row.change.action is not Action.BOOK
    ]
    await patch_mirror(client, context.dependent.id, values, result.media, result.created, result.observed_at)


def _ids(value: Json) -> Iterable[int]:
    return [int(str(each)) for each in value] if isinstance(value, list) else []


async def _created(
    client: BaseDBAsyncClient, context: Context, sent: Sent, applied: Mapping[ChangeId, _Row], now: datetime
) -> None:
    """New products: their links by the ids of the answer, and what was agreed on with them."""
    created = sent.result.created
    makers = [row.change for row in applied.values() if row.change.action is Action.CREATE_PRODUCT]
    if not makers:
        return
    made = sent.result.products
    await put_products(client, context.dependent.id, made, Wanted(), sent.result.observed_at, spare=NOTHING)
    products = {each.id: each for each in made}
    links = [
        _link_created(change.main_product, products[ProductId(created[change.main_product])], created)
        for change in makers
        if created.get(change.main_product) in products
    ]
    ids = await put_links(client, context.connection, links, now)
    mains = await load_products(client, context.main.id, ids)
    references = await load_references(client, context.connection, mains.values(), context.rules)
    rules = replace(context.rules, references=references)
    hashes = {change.main_product: change.main_hash for change in makers}
    updates, outdated = [], list[ProductId]()
    for link in links:
        main = mains.get(link.main)
        agreed: Mapping[Ref, str] = {}
        # What main says by now, if it is something else, was not what Shopify answered to.
        if main is not None and _creation_hash(main, rules) == hashes[link.main]:
            agreed = adopt(main, products[link.dependent], link, rules)
        else:
            outdated.append(link.main)
        ties = list(link.variants.values())
        updates.append(LinkUpdate(ids[link.main], link.dependent, ties, link.media, agreed))
    await update_links(client, context.connection, updates)
    await mark_dirty(client, context.connection, outdated, Stream.PRODUCT, now, now)


def _creation_hash(main: Product, rules: Rules) -> str | None:
    return next((each.main_hash for each in plan_product(main, None, None, rules).changes), None)


def _link_created(main: ProductId, product: Product, created: Mapping[str, str]) -> ProductLink:
    """The tie of a product that this app made. `created`: main's ids to the dependent's."""
    variants = {each.id for each in product.variants}
    pictures = {each.id for each in product.media}
    return ProductLink(
        main,
        product.id,
        LinkOrigin.CREATED,
        variants={
            VariantId(mine): VariantLink(VariantId(mine), VariantId(theirs), created_by_us=True)
            for mine, theirs in created.items()
            if theirs in variants
        },
        media={MediaId(mine): MediaId(theirs) for mine, theirs in created.items() if theirs in pictures},
    )


async def _booked(
    client: BaseDBAsyncClient,
    context: Context,
    applied: Mapping[ChangeId, _Row],
    answered_at: datetime,
    now: datetime,
) -> None:
    """What was sold in the dependent is off main's stock by now: every connection has to know."""
    booked = {key: row.change for key, row in applied.items() if row.change.action is Action.BOOK}
    if not booked:
        return
    await lock_mirror(client, context.main.id)
    main = context.main.id
    known = [key for key in sorted(booked) if await execute(client, _BOOKED, main, key, answered_at, LONGEST)]
    sold = await rows(client, _SOLD, context.main.id, known)
    await put_dirt(
        client,
        [
            Dirt(row["connection"], Stream.STOCK, ProductId(row["main"]), row["happened_at"] or now, now)
            for row in sold
        ],
        now,
    )
    unknown = {change.inventory_item for key, change in booked.items() if key not in known}
    if unknown:
        await mark_pending(
            client, [Mark(context.main.id, SubjectKind.STOCK, item, now, now) for item in sorted(unknown)]
        )
        enqueue_look(context.main.id)


async def _deleted(
    client: BaseDBAsyncClient, context: Context, changes: Sequence[Change], now: datetime
) -> None:
    variants = [each.variant for each in changes if each.action is Action.DELETE_VARIANT]
    products = [each for each in changes if each.action is Action.DELETE_PRODUCT]
    if variants or products:
        await mark_gone(client, context.dependent.id, [each.product for each in products], variants, now)
        await execute(client, _DROP_VARIANT_LINKS, context.connection, variants)
        links = await load_links(client, context.connection, [each.main_product for each in products])
        await drop_links(client, [each.id for each in links.values()])

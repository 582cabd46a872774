"""What became of a batch of creations that ran in bulk, written down as single creations are."""

from collections.abc import Iterable, Mapping, Sequence

from backend.database import connection, rows
from backend.errors import ErrorCode
from backend.jobs.change_rows import SELECT, change_of
from backend.jobs.creation_batches import Batch
from backend.jobs.queue import transaction
from backend.jobs.recover import look_up, took_effect
from backend.jobs.runtime import OpenShop
from backend.jobs.send import Sent
from backend.jobs.settle import settle
from backend.jobs.step import Slice
from backend.shopify.answer import Receipt
from backend.shopify.bulk_creation import Line
from backend.shopify.outcome import Applied, Complaint, Outcome, Unsent, WriteResult
from backend.shopify.reader import PRODUCTS_BY_IDS
from backend.shopify.wanted import Wanted
from backend.sync.catalog import ProductId
from backend.sync.changeset import Change
from backend.sync.writes import ChangeId

_SENT = SELECT + "WHERE id = ANY($1::bigint[]) AND state = 'SENT' ORDER BY seq"
_EVERYTHING = Wanted()
# How many unanswered creations are looked up before the outcomes are stored.
_LOOKED_UP = 50

Item = tuple[ChangeId, Change]


async def settle_batch(
    work: Slice,
    door: OpenShop,
    batch: Batch,
    lines: Mapping[int, Line],
    published: Mapping[int, Line],
    receipt: Receipt | None = None,
) -> bool:
    """Give every change of the batch an outcome, some at a time; False when the time was up before.

    `lines` are the answers to its creations by line number, `published` those to its publishing; `receipt` is
    that of the operation which created them. A creation without an answer is looked up by its origin; what is
    not there is planned again, to be made singly.
    """
    answers = {change: lines[number] for number, change in enumerate(batch.changes) if number in lines}
    told = {change: published[number] for number, change in enumerate(batch.published) if number in published}
    by_origin = {line.origin: line for line in lines.values() if line.origin}
    made: list[tuple[Item, ProductId]] = []
    refused: dict[ChangeId, Outcome] = {}
    unknown: list[Item] = []
    for row in await rows(connection(), _SENT, list(batch.changes)):
        item = ChangeId(row["id"]), change_of(row)
        line = _answer(item, answers, by_origin)
        if line is None or line.failed:
            unknown.append(item)
        elif line.product is not None:
            made.append((item, line.product))
        elif line.complaints:
            refused[item[0]] = _outcome(item[1], line.complaints)
        else:
            unknown.append(item)
    if refused:
        result = WriteResult(refused, work.runtime.clock.now(), receipts=_receipts(refused, receipt))
        await _store(work, door, tuple(refused), result)
    for start in range(0, len(made), PRODUCTS_BY_IDS):
        if work.time_is_up():
            return False
        await _made(work, door, made[start : start + PRODUCTS_BY_IDS], told, receipt)
    for start in range(0, len(unknown), _LOOKED_UP):
        if work.time_is_up():
            return False
        work.leases.check()
        await look_up(work, door, unknown[start : start + _LOOKED_UP])
    return True


def _answer(item: Item, answers: Mapping[ChangeId, Line], by_origin: Mapping[str, Line]) -> Line | None:
    """By its line's number; by the origin where that says something else."""
    change_id, change = item
    origin = str(change.after["origin"]) if isinstance(change.after, Mapping) else ""
    line = answers.get(change_id)
    if line is None or (line.product is not None and line.origin != origin):
        return by_origin.get(origin)
    return line


def _outcome(change: Change, found: Sequence[Complaint]) -> Outcome:
    """A handle that another product has is no failure: a single creation lets Shopify find a free one."""
    product = change.after.get("product") if isinstance(change.after, Mapping) else None
    with_handle = isinstance(product, Mapping) and bool(product.get("handle"))
    if with_handle and all("handle" in each.field for each in found):
        return Unsent()
    return found[0].outcome


def _receipts(outcomes: Iterable[ChangeId], receipt: Receipt | None) -> dict[ChangeId, Receipt]:
    return {} if receipt is None else dict.fromkeys(outcomes, receipt)


async def _made(
    work: Slice,
    door: OpenShop,
    made: Sequence[tuple[Item, ProductId]],
    told: Mapping[ChangeId, Line],
    receipt: Receipt | None,
) -> None:
    """Read what was created and write it down; publish what the bulk publishing left."""
    work.leases.check()
    read = await door.catalog.by_ids([product for _, product in made], _EVERYTHING)
    actual = {each.id: each for each in read.products}
    outcomes: dict[ChangeId, Outcome] = {}
    created: dict[str, str] = {}
    for (change_id, change), gid in made:
        ids = took_effect(change, actual.get(gid), None)
        if ids is None:
            # It was deleted meanwhile.
            outcomes[change_id] = Unsent()
            continue
        created |= ids
        outcomes[change_id] = Applied(await _note(work, door, change, gid, told.get(change_id)))
    receipts = _receipts(outcomes, receipt)
    result = WriteResult(
        outcomes, read.observed_at, created=created, products=read.products, receipts=receipts
    )
    await _store(work, door, tuple(outcomes), result)


async def _note(
    work: Slice, door: OpenShop, change: Change, product: ProductId, line: Line | None
) -> ErrorCode | None:
    if not isinstance(change.after, Mapping) or not change.after["publish"]:
        return None
    if line is not None and not line.failed:
        return ErrorCode.SHOPIFY_REFUSED if line.complaints else None
    work.leases.check()
    return await door.writer.publish(product)


async def _store(work: Slice, door: OpenShop, changes: tuple[ChangeId, ...], result: WriteResult) -> None:
    points, calls = door.meter.take()
    async with transaction() as client:
        now = work.runtime.clock.now()
        settled = await settle(
            client, work.job.id, work.context, [Sent(changes, result, None, points, calls)], now
        )
    work.job.done += settled.done
    await work.recount()
    await work.announce()

"""Sending one write: marked before, so that a crash in between is known of, and settled after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4, uuid5

import orjson
import structlog

from backend.database import connection, execute, rows
from backend.errors import AppError, ErrorCode, InvalidRequest, RetryError, Throttled, Unavailable
from backend.jobs import ending
from backend.jobs.context import Context, check_alive
from backend.jobs.defects import NOT_OF_THE_PRODUCT, reason_of
from backend.jobs.links import load_links
from backend.jobs.queue import transaction
from backend.jobs.runtime import OpenShop
from backend.jobs.step import Slice
from backend.models.connection import ConnectionState
from backend.models.job import JobState
from backend.models.shop import Shop
from backend.shopify.client import access_lost
from backend.shopify.outcome import Failed, WriteResult
from backend.sync.batching import resolve
from backend.sync.catalog import InventoryItemId, LocationId, ProductId
from backend.sync.writes import (
    AdjustEntry,
    AdjustStock,
    AttachVariantMedia,
    ChangeId,
    ReorderMedia,
    ReorderVariants,
    SetStock,
    StockEntry,
    Write,
    change_ids,
)

log = structlog.get_logger(__name__)

# Keys of stock batches: UUIDv5 of the batch in this namespace, the same however often it is sent.
_KEYS = UUID("9f1d4f0e-5a86-5d0b-9c3e-2f4f3f5b7a11")

# The dependent's product follows another main product by now (it was deleted and made again, or linked anew):
# what the one before wanted is older than what that one has written.
_OVERTAKEN = """EXISTS (
    SELECT 1 FROM product_link l WHERE l.connection_id = change.connection_id
      AND l.dependent_gid = change.product_gid AND l.main_gid <> change.main_product_gid
)"""
MARK = f"""
UPDATE change SET state = 'SENT', sent_at = $3, attempts = attempts + 1, batch_id = $4
WHERE id = ANY($1::bigint[]) AND state = 'PLANNED' AND NOT {_OVERTAKEN} AND EXISTS (
    SELECT 1 FROM job JOIN connection ON connection.id = job.connection_id
    WHERE job.id = $2 AND job.state = 'RUNNING' AND connection.state = 'ACTIVE'
      AND connection.settings_version IS NOT DISTINCT FROM $5
)
"""  # noqa: S608
SKIP_OVERTAKEN = f"""
UPDATE change SET state = 'SKIPPED', code = 'CHANGED_MEANWHILE'
WHERE id = ANY($1::bigint[]) AND state = 'PLANNED' AND {_OVERTAKEN}
"""  # noqa: S608
UNMARK = """
UPDATE change SET state = 'PLANNED', attempts = attempts - 1, batch_id = NULL
WHERE id = ANY($1::bigint[]) AND state = 'SENT'
"""
# What it refers to was to be created by an earlier write, which failed.
_LOST = (
    "UPDATE change SET state = 'SKIPPED', code = 'GONE' WHERE id = ANY($1::bigint[]) AND state = 'PLANNED'"
)
_STANDING = """
SELECT job.state AS job, connection.state AS connection, connection.settings_version AS version FROM job
JOIN connection ON connection.id = job.connection_id WHERE job.id = $1
"""
_BATCH = "INSERT INTO stock_batch (id, job_id, body, sent_at) VALUES ($1, $2, $3::jsonb, $4)"


@dataclass(frozen=True, slots=True)
class Sent:
    """A write that Shopify answered, by the changes it carried out. `points` and `calls` are what was spent
    since the last one."""

    changes: tuple[ChangeId, ...]
    result: WriteResult
    batch: UUID | None
    points: int
    calls: int


async def send(work: Slice, door: OpenShop, write: Write, main_product: ProductId | None) -> Sent | None:
    """Mark, send, answer; None when nothing was left to send, or not all of it: what is planned still is then
    to be read again. Raises CanceledError or ConnectionStoppedError when the job may not go on."""
    resolved = await _resolved(work, write, main_product)
    if resolved is None:
        await execute(connection(), _LOST, list(change_ids(write)))
        return None
    ids = list(change_ids(resolved))
    lost = sorted(set(change_ids(write)) - set(ids))
    batch = uuid4() if isinstance(resolved, SetStock | AdjustStock) else None
    now = work.runtime.clock.now()
    work.leases.check()
    async with transaction() as client:
        marked = await execute(client, MARK, ids, work.job.id, now, batch, work.context.version)
        if 0 < marked < len(set(ids)):
            # Another plan has taken over some of it since it was read: what is left makes another write.
            await execute(client, UNMARK, ids)
            return None
        if marked and isinstance(resolved, SetStock | AdjustStock):
            await execute(client, _BATCH, batch, work.job.id, dump_batch(resolved), now)
    if lost:
        await execute(connection(), _LOST, lost)
    if not marked:
        await check_standing(work)
        return None
    return await perform(work, door, resolved, batch)


async def perform(work: Slice, door: OpenShop, write: Write, batch: UUID | None) -> Sent:
    """Send a write that is marked."""
    work.leases.check()
    try:
        result = await door.writer.execute(write, None if batch is None else uuid5(_KEYS, batch.hex))
    except Throttled:
        # Refused before it ran. A stock batch stays as it is: the same again under its key.
        if batch is None:
            await execute(connection(), UNMARK, list(change_ids(write)))
        raise
    except Unavailable as error:
        if not error.sent and batch is None:
            await execute(connection(), UNMARK, list(change_ids(write)))
        raise
    except AppError as error:
        if access_lost(error):
            await ending.suspend(target(work.context, write).id)
        if not _concerns_this_write(error):
            raise
        log.error("write rejected", job=str(work.job.id), write=type(write).__name__, reason=error.message)
        result = _failed(work, write, Failed(error.code, error.message))
    except NOT_OF_THE_PRODUCT:
        raise
    except Exception as error:
        # A defect of ours costs its product alone. A stock batch is sent again under its key: whether it was
        # booked must be known.
        if batch is not None:
            raise
        subjects = [work.job.id, type(write).__name__, *change_ids(write)]
        result = _failed(work, write, Failed(ErrorCode.INTERNAL, reason_of(error, "write failed", subjects)))
    points, calls = door.meter.take()
    return Sent(change_ids(write), result, batch, points, calls)


def _failed(work: Slice, write: Write, outcome: Failed) -> WriteResult:
    return WriteResult(dict.fromkeys(change_ids(write), outcome), work.runtime.clock.now())


def _concerns_this_write(error: AppError) -> bool:
    """Whether other writes may fare better: Shopify rejects this request as such, or a scope that it needs is
    missing. One product that can't be written must not stop all the others, sync after sync."""
    return isinstance(error, InvalidRequest) or error.code is ErrorCode.SCOPE_MISSING


async def check_standing(work: Slice) -> None:
    """Raises when a person, or a lost shop, has stopped the job meanwhile, or other settings were saved."""
    found = await rows(connection(), _STANDING, work.job.id)
    if found and found[0]["job"] == JobState.CANCELING:
        raise ending.CanceledError
    if found:
        check_alive(ConnectionState(found[0]["connection"]), dry=work.context.dry)
        if found[0]["version"] != work.context.version:
            raise RetryError("other settings were saved", code=ErrorCode.CHANGED_MEANWHILE, after=0.0)


async def _resolved(work: Slice, write: Write, main_product: ProductId | None) -> Write | None:
    """With what earlier writes of this job created."""
    if not isinstance(write, AttachVariantMedia | ReorderVariants | ReorderMedia):
        return write
    links = (
        {}
        if main_product is None
        else await load_links(connection(), work.context.connection, [main_product])
    )
    stored = None if main_product is None else links.get(main_product)
    return resolve(write, stored.link if stored else None)


def target(context: Context, write: Write) -> Shop:
    """The shop that a write goes to: what a dependent sold of shared stock is booked into main."""
    return context.main if isinstance(write, AdjustStock) else context.dependent


def dump_batch(write: SetStock | AdjustStock) -> str:
    if isinstance(write, AdjustStock):
        deltas = [[each.change, each.inventory_item, each.location, each.delta] for each in write.entries]
        return orjson.dumps({"deltas": deltas}).decode()
    body = [
        [each.change, each.inventory_item, each.location, each.quantity, each.change_from]
        for each in write.entries
    ]
    return orjson.dumps({"entries": body}).decode()


def load_batch(body: dict[str, Sequence[Sequence[Any]]]) -> SetStock | AdjustStock:
    if "deltas" in body:
        return AdjustStock(
            tuple(
                AdjustEntry(ChangeId(change), InventoryItemId(item), LocationId(place), delta)
                for change, item, place, delta in body["deltas"]
            )
        )
    return SetStock(
        tuple(
            StockEntry(ChangeId(change), InventoryItemId(item), LocationId(place), quantity, change_from)
            for change, item, place, quantity, change_from in body["entries"]
        )
    )

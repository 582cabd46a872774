"""The plan of an undo: the changes that write the old values back, where the dependent still holds ours."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import execute_many, rows
from backend.jobs.change_rows import SELECT, change_of
from backend.jobs.claims import claim, lock_plans
from backend.jobs.links import load_links
from backend.jobs.mirror_read import load_products
from backend.jobs.queue import transaction
from backend.jobs.record import insert_changes
from backend.jobs.step import Again, Done, Slice, Step, Wait
from backend.live.dirty import mark_dirty
from backend.models.live import Stream
from backend.sync.catalog import ProductId
from backend.sync.changeset import ChecksumBuilder
from backend.sync.fingerprint import Json
from backend.sync.link import Ref
from backend.sync.undo import AppliedChange, UndoChange, undo_changes
from backend.sync.writes import ChangeId

_PAGE = 250
_BUSY_SECONDS = 0.5

# To take back what was done to a product does not mean the taking back itself: that would do it again.
_PRODUCTS = """
SELECT DISTINCT product_gid AS gid FROM change
WHERE connection_id = $1 AND state = 'APPLIED' AND product_gid > $2
  AND ($3::uuid IS NULL OR job_id = $3) AND ($4::bigint[] IS NULL OR id = ANY($4::bigint[]))
  AND ($5::text IS NULL OR product_gid = $5 AND undo IS NULL)
ORDER BY product_gid LIMIT $6
"""
_CHANGES = (
    SELECT
    + """
WHERE connection_id = $1 AND state = 'APPLIED' AND product_gid = ANY($2::text[])
  AND ($3::uuid IS NULL OR job_id = $3) AND ($4::bigint[] IS NULL OR id = ANY($4::bigint[]))
  AND ($5::text IS NULL OR undo IS NULL)
ORDER BY applied_at, seq
"""
)
_MARK = "UPDATE change SET undo = $3::jsonb WHERE job_id = $1 AND seq = $2"


def scope_of(payload: Mapping[str, Any]) -> tuple[str | None, list[int] | None, str | None]:
    """(job, changes, product) that an undo is about; each None when it does not narrow it down."""
    undo = payload["undo"]
    return undo.get("job"), undo.get("changes"), undo.get("product")


async def undo_products(
    client: BaseDBAsyncClient,
    connection: Any,
    payload: Mapping[str, Any],
    after: str = "",
    limit: int = _PAGE,
) -> list[ProductId]:
    """The dependent's products that the undo touches, by id."""
    job, changes, product = scope_of(payload)
    found = await rows(client, _PRODUCTS, connection, after, job, changes, product, limit)
    return [ProductId(row["gid"]) for row in found]


async def plan_undo(work: Slice) -> Step:
    """Go on with the plan until every product is looked at or the slice is over."""
    job = work.job
    job.cursor.setdefault("after", "")
    job.cursor.setdefault("seq", 1)
    job.cursor.setdefault("checksum", "")
    while not work.time_is_up():
        work.leases.check()
        async with transaction() as client:
            gids = await undo_products(client, job.connection_id, job.payload, job.cursor["after"])
            if not gids:
                return Done()
            if not await _page(work, client, gids):
                return Wait(_BUSY_SECONDS)
            job.cursor["after"] = gids[-1]
            job.done += len(gids)
            await job.save(update_fields=["cursor", "done", "counts", "checksum"], using_db=client)
        await work.announce()
    return Again()


async def _page(work: Slice, client: BaseDBAsyncClient, gids: Sequence[ProductId]) -> bool:
    """False when somebody writes to one of the products at this moment."""
    job, context = work.job, work.context
    of_job, only, product = scope_of(job.payload)
    applied = [
        AppliedChange(ChangeId(row["id"]), change_of(row))
        for row in await rows(client, _CHANGES, context.connection, gids, of_job, only, product)
    ]
    mains = {each.change.main_product for each in applied}
    await lock_plans(client, context.connection)
    mine = await claim(client, context.connection, job.id, mains)
    if mine.busy:
        return False
    # What was to be written there is planned anew, beside what is taken back.
    now = work.runtime.clock.now()
    await mark_dirty(client, context.connection, mine.superseded, Stream.PRODUCT, now, now)
    actual = await load_products(client, context.dependent.id, gids)
    links = await load_links(client, context.connection, mains)
    base: dict[Ref, str] = {}
    for stored in links.values():
        base.update(stored.link.base)
    plan = undo_changes(applied, actual, base)
    await _insert(work, client, plan.changes)
    refused = Counter(f"refused.{each.code}" for each in plan.refused)
    job.counts = dict(sorted((Counter(job.counts) + refused).items()))
    return True


async def _insert(work: Slice, client: BaseDBAsyncClient, changes: Sequence[UndoChange]) -> None:
    job = work.job
    first = job.cursor["seq"]
    ordered = sorted(changes, key=lambda each: each.change.sort_key)
    own = [each.change for each in ordered]
    # A person asked for exactly this: the brake does not ask again.
    harmless = {each.ref for each in own}
    await insert_changes(client, job.id, job.connection_id, own, first, {}, harmless=harmless)
    marks = [(job.id, first + index, _mark(each)) for index, each in enumerate(ordered)]
    await execute_many(client, _MARK, marks)
    job.cursor["seq"] = first + len(own)
    builder = ChecksumBuilder(job.cursor["checksum"])
    for each in own:
        builder.add(each)
    job.cursor["checksum"], job.checksum = builder.state, builder.checksum


def _mark(undo: UndoChange) -> str:
    value: dict[str, Json] = {"of": list(undo.of), "main_hash": undo.hold.main_hash}
    return orjson.dumps(value).decode()

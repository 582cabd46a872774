"""Storing a page of a plan: links, agreements, conflicts and changes, in the transaction that moves the job's
cursor."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient

from backend.billing.waiting import put_waiting
from backend.database import execute, execute_many
from backend.jobs.edits import record_edits
from backend.jobs.links import LinkUpdate, drop_links, mark_links, put_links, update_links
from backend.jobs.page_plan import PagePlan
from backend.jobs.rematch import conflicting
from backend.live.dirty import mark_dirty
from backend.models.job import ChangeState
from backend.models.live import Stream
from backend.sync.brake import brake_class
from backend.sync.catalog import ProductId
from backend.sync.changeset import Change
from backend.sync.link import Ref
from backend.sync.match import Conflict

_CHANGE = """
INSERT INTO change (job_id, connection_id, seq, lane, action, field, key, main_product_gid, main_variant_gid,
                    product_gid, variant_gid, inventory_item_gid, title, sku, before, after, main_hash, state,
                    risk, held_reason, location_gid, happened_at, local_edit, shopify_field, message,
                    attempts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15::jsonb, $16::jsonb, $17, $18, $19,
        $20, $21, $22, $23, '', '', 0)
"""
_NEVER: Mapping[Any, datetime] = MappingProxyType({})
_CONFLICT = """
INSERT INTO conflict (id, connection_id, code, main_gid, title, skus, candidates, state, decision, seen_at,
                      created_at)
VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb, 'OPEN', '{}', $8, $8)
ON CONFLICT (connection_id, main_gid, code) DO UPDATE SET
    title = excluded.title, skus = excluded.skus, candidates = excluded.candidates,
    seen_at = excluded.seen_at,
    state = CASE WHEN conflict.state = 'RESOLVED' THEN 'OPEN' ELSE conflict.state END
"""
_CLOSE = """
UPDATE conflict SET state = 'RESOLVED'
WHERE connection_id = $1 AND state = 'OPEN' AND seen_at < $2
  AND ($3::text[] IS NULL OR main_gid = ANY($3::text[]))
"""
_RELEASE = "DELETE FROM hold WHERE connection_id = $1 AND subject = $2 AND field = $3 AND key = $4"


async def insert_changes(
    client: BaseDBAsyncClient,
    job: UUID,
    connection: UUID,
    changes: Sequence[Change],
    first: int,
    held: Mapping[Ref, str],
    *,
    harmless: Collection[Ref] = (),
    happened: Mapping[ProductId, datetime] = _NEVER,
    since: Mapping[Ref, datetime] = _NEVER,
) -> None:
    """Store `changes` from number `first` on; those whose ref is in `held` wait, for that reason. The brake
    does not count those in `harmless`. `happened` is when the main products changed, or were read; `since` is
    since when what another plan wanted to write there was due."""
    await execute_many(
        client,
        _CHANGE,
        [
            (
                job,
                connection,
                first + index,
                each.lane.value,
                each.action.value,
                each.field.value,
                each.key,
                each.main_product,
                each.main_variant,
                each.product,
                each.variant,
                each.inventory_item,
                each.title,
                each.sku,
                orjson.dumps(each.before).decode(),
                orjson.dumps(each.after).decode(),
                each.main_hash,
                (ChangeState.HELD if each.ref in held else ChangeState.PLANNED).value,
                None if each.ref in harmless else brake_class(each),
                held.get(each.ref),
                each.location,
                _earliest(happened.get(each.main_product), since.get(each.ref)),
                each.local_edit,
            )
            for index, each in enumerate(changes)
        ],
    )


def _earliest(*times: datetime | None) -> datetime | None:
    return min((each for each in times if each is not None), default=None)


async def record_matches(client: BaseDBAsyncClient, connection: UUID, plan: PagePlan, now: datetime) -> None:
    """Store what the page found out about links: new and ended ones, ties, agreements, holds that are over.
    Who had a conflict about a twin that is free now is planned again."""
    await mark_links(client, plan.gone, plan.back, now)
    await drop_links(client, plan.dropped)
    ids = await put_links(client, connection, plan.fresh, now)
    products = {each.main: each.dependent for each in plan.fresh}
    for gid, stored in plan.stored.items():
        ids[gid], products[gid] = stored.id, stored.link.dependent
    await update_links(
        client,
        connection,
        [
            LinkUpdate(ids[gid], products[gid], found.variants, found.media, found.agreed, found.forgotten)
            for gid, found in plan.diffs.items()
            if gid in ids and (found.variants or found.media or found.agreed or found.forgotten)
        ],
    )
    released = [ref for found in plan.diffs.values() for ref in found.released]
    await release_holds(client, connection, released)
    await record_edits(client, connection, plan.diffs, products, now)
    await _put_conflicts(client, connection, plan.conflicts, now)
    await put_waiting(client, connection, plan.waiting, now)
    again = [main for _, main in await conflicting(client, [connection], twins=plan.freed)]
    await mark_dirty(client, connection, again, Stream.PRODUCT, now, now)


async def release_holds(client: BaseDBAsyncClient, connection: UUID, refs: Iterable[Ref]) -> None:
    await execute_many(client, _RELEASE, [(connection, *ref) for ref in sorted(refs)])


async def _put_conflicts(
    client: BaseDBAsyncClient, connection: UUID, conflicts: Iterable[Conflict], now: datetime
) -> None:
    # One product may have the same conflict for several variants: the last one told would win.
    merged: dict[tuple[str, str], list[Conflict]] = {}
    for each in conflicts:
        merged.setdefault((each.main_product, each.code.value), []).append(each)
    await execute_many(
        client,
        _CONFLICT,
        [
            (
                uuid4(),
                connection,
                code,
                main,
                each[0].title,
                _json(sorted({sku for one in each for sku in one.skus})),
                _json(
                    [
                        {"product": target.product, "variant": target.variant, "sku": target.sku}
                        for target in dict.fromkeys(target for one in each for target in one.candidates)
                    ]
                ),
                now,
            )
            for (main, code), each in sorted(merged.items())
        ],
    )


async def close_conflicts(
    client: BaseDBAsyncClient, connection: UUID, before: datetime, only: Collection[str] | None = None
) -> None:
    """Conflicts that a plan begun at `before` did not find again are over."""
    await execute(client, _CLOSE, connection, before, None if only is None else list(only))


def _json(value: object) -> str:
    return orjson.dumps(value).decode()

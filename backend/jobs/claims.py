"""Who may plan and write a product, where several jobs of one connection are about it at once.

The latest plan counts: it follows from the newest reading. So a plan takes over what older jobs were still to
write about its products. What is under way can't be taken back: such a product is left for a moment later,
because a plan made now would be made from values that the call is about to change.

Pages of one connection are planned one after the other; otherwise two would find nothing open and both write.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.billing.room import Room
from backend.database import execute, rows
from backend.jobs.change_rows import COLUMNS, change_of, ref_of
from backend.jobs.context import Context
from backend.jobs.page_plan import PagePlan, plan_page
from backend.models.job import JobKind
from backend.sync.catalog import ProductId
from backend.sync.changeset import Action, Change
from backend.sync.fields import Lane
from backend.sync.link import Ref

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
_OPEN = f"""
SELECT {COLUMNS}, c.happened_at, j.kind, j.trigger, j.payload -> 'repair' AS repair
FROM change c JOIN job j ON j.id = c.job_id
WHERE c.connection_id = $1 AND c.main_product_gid = ANY($2::text[]) AND c.state = ANY($5::text[])
  AND c.job_id <> $3 AND c.lane = ANY($4::text[]) AND j.kind NOT IN ('PREVIEW', 'CHECK')
ORDER BY c.id FOR UPDATE OF c
"""  # noqa: S608
_SUPERSEDE = """
UPDATE change SET state = 'SKIPPED', code = 'CHANGED_MEANWHILE' WHERE id = ANY($1::bigint[])
"""
# A person has decided on these values; a plan that knows nothing of it waits until they are written.
_DECIDED = frozenset({JobKind.CONFIRM, JobKind.UNDO})


Identity = tuple[Ref, Action, str]
Rows = list[dict[str, Any]]
NOTHING: Mapping[Any, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Claim:
    """`busy` can't be planned now; of `superseded` something was taken over. `repair` are those whose
    superseded stock a person wanted repaired. `since` is since when the superseded changes were due, by what
    they change. `left` are the open changes of other jobs that were left to them, by id."""

    busy: frozenset[ProductId] = frozenset()
    superseded: frozenset[ProductId] = frozenset()
    repair: frozenset[ProductId] = frozenset()
    since: Mapping[Ref, datetime] = field(default_factory=lambda: NOTHING)
    left: Mapping[int, Identity] = field(default_factory=lambda: NOTHING)


NOTHING_CLAIMED = Claim()


async def lock_plans(client: BaseDBAsyncClient, connection: UUID) -> None:
    """Let no other page of the connection be planned until the transaction ends."""
    await execute(client, _LOCK, f"plan:{connection}")


async def claim(
    client: BaseDBAsyncClient, connection: UUID, job: UUID, mains: Collection[ProductId]
) -> Claim:
    """Take over what other jobs of the connection have planned for these main products, unless one of them is
    busy: then nothing happens. To be called under `lock_plans`, before the mirror is read."""
    found = await _open(client, connection, job, mains, tuple(Lane), ("PLANNED", "SENT"))
    busy = _busy(found)
    if busy:
        return replace(NOTHING_CLAIMED, busy=busy)
    return await _take_over(client, found)


async def claim_some(
    client: BaseDBAsyncClient,
    connection: UUID,
    job: UUID,
    mains: Collection[ProductId],
    lanes: Iterable[Lane],
    *,
    echoes: Collection[ProductId],
) -> Claim:
    """As `claim`, in these lanes, for those that are not busy. What is planned for `echoes`, and whatever is
    held, stays where it is until the new plan is known (see `settle_left`)."""
    found = await _open(client, connection, job, mains, lanes, ("PLANNED", "SENT", "HELD"))
    busy = _busy(found)
    free = [row for row in found if row["main_product_gid"] not in busy]
    left = [row for row in free if row["state"] == "HELD" or row["main_product_gid"] in echoes]
    mine = await _take_over(client, [row for row in free if row not in left])
    return replace(mine, busy=busy, left={row["id"]: change_of(row).identity for row in left})


async def _open(
    client: BaseDBAsyncClient,
    connection: UUID,
    job: UUID,
    mains: Collection[ProductId],
    lanes: Iterable[Lane],
    states: Sequence[str],
) -> Rows:
    named = [each.value for each in lanes]
    return await rows(client, _OPEN, connection, sorted(mains), job, named, list(states))


def _busy(found: Rows) -> frozenset[ProductId]:
    return frozenset(
        ProductId(row["main_product_gid"])
        for row in found
        if row["state"] == "SENT" or (row["state"] == "PLANNED" and JobKind(row["kind"]) in _DECIDED)
    )


async def _take_over(client: BaseDBAsyncClient, found: Rows) -> Claim:
    if not found:
        return NOTHING_CLAIMED
    await execute(client, _SUPERSEDE, [row["id"] for row in found])
    since: dict[Ref, datetime] = {}
    for row in found:
        at = row["happened_at"]
        if at is not None:
            ref = ref_of(row)
            since[ref] = min(at, since.get(ref, at))
    repair = frozenset(
        ProductId(row["main_product_gid"])
        for row in found
        if row["lane"] == Lane.STOCK and _repairs(row["repair"], row["trigger"])
    )
    superseded = frozenset(ProductId(row["main_product_gid"]) for row in found)
    return Claim(superseded=superseded, repair=repair, since=since)


async def settle_left(client: BaseDBAsyncClient, mine: Claim, planned: Sequence[Change]) -> list[Change]:
    """Of a plan for products with changes that were left: what none of those does, or asks a person about,
    already. Those that the plan does not know any more are superseded."""
    wanted = {each.identity for each in planned}
    outdated = [key for key, identity in mine.left.items() if identity not in wanted]
    if outdated:
        await execute(client, _SUPERSEDE, outdated)
    there = set(mine.left.values())
    return [each for each in planned if each.identity not in there]


async def plan_claimed(
    client: BaseDBAsyncClient,
    context: Context,
    mine: Claim,
    gids: Sequence[ProductId],
    now: datetime,
    *,
    room: Room | None = None,
) -> PagePlan:
    """The plan for these main products; a repair that was taken over from another job stays one."""
    plain = [gid for gid in gids if gid not in mine.repair]
    plan = await plan_page(client, context, plain, now, room=room)
    repaired = [gid for gid in gids if gid in mine.repair]
    if repaired:
        rules = replace(context.rules, repair=True)
        plan.join(await plan_page(client, replace(context, rules=rules), repaired, now, room=room))
    return plan


def _repairs(flag: str | None, trigger: str) -> bool:
    """As `context.is_repair` has it, of a row."""
    return flag == "true" if flag is not None else trigger in ("MANUAL", "API")

"""Who may plan and write a product, where several jobs of one connection are about it at once.

The latest plan counts: it follows from the newest reading. So a plan takes over what older jobs were still to
write about its products. What is under way can't be taken back: such a product is left for a moment later,
because a plan made now would be made from values that the call is about to change.

Pages of one connection are planned one after the other; otherwise two would find nothing open and both write.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import execute, rows
from backend.jobs.context import Context
from backend.jobs.page_plan import PagePlan, plan_page
from backend.models.job import JobKind
from backend.sync.catalog import ProductId
from backend.sync.fields import Lane

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
_OPEN = """
SELECT c.id, c.main_product_gid, c.state, c.lane, c.happened_at, j.kind, j.trigger,
       j.payload -> 'repair' AS repair
FROM change c JOIN job j ON j.id = c.job_id
WHERE c.connection_id = $1 AND c.main_product_gid = ANY($2::text[]) AND c.state IN ('PLANNED', 'SENT')
  AND c.job_id <> $3 AND c.lane = ANY($4::text[]) AND j.kind NOT IN ('PREVIEW', 'CHECK')
ORDER BY c.id FOR UPDATE OF c
"""
_SUPERSEDE = """
UPDATE change SET state = 'SKIPPED', code = 'CHANGED_MEANWHILE' WHERE id = ANY($1::bigint[])
"""
# A person has decided on these values; a plan that knows nothing of it waits until they are written.
_DECIDED = frozenset({JobKind.CONFIRM, JobKind.UNDO})


@dataclass(frozen=True, slots=True)
class Claim:
    """`busy` can't be planned now. `repair` are those whose superseded stock a person wanted repaired.
    `happened` is since when the superseded changes of a product were due."""

    busy: frozenset[ProductId]
    repair: frozenset[ProductId]
    happened: Mapping[ProductId, datetime]


NOTHING_CLAIMED = Claim(frozenset(), frozenset(), MappingProxyType({}))


async def lock_plans(client: BaseDBAsyncClient, connection: UUID) -> None:
    """Let no other page of the connection be planned until the transaction ends."""
    await execute(client, _LOCK, f"plan:{connection}")


async def claim(
    client: BaseDBAsyncClient,
    connection: UUID,
    job: UUID,
    mains: Collection[ProductId],
    lanes: Iterable[Lane] = tuple(Lane),
    *,
    whole: bool = False,
) -> Claim:
    """Take over what other jobs of the connection have planned for these main products in these lanes; with
    `whole` only if none is busy. To be called under `lock_plans`, before the mirror is read."""
    found = await rows(client, _OPEN, connection, sorted(mains), job, sorted(each.value for each in lanes))
    busy = frozenset(
        ProductId(row["main_product_gid"])
        for row in found
        if row["state"] == "SENT" or JobKind(row["kind"]) in _DECIDED
    )
    superseded = [row for row in found if row["main_product_gid"] not in busy and not (busy and whole)]
    if superseded:
        await execute(client, _SUPERSEDE, [row["id"] for row in superseded])
    happened: dict[ProductId, datetime] = {}
    for row in superseded:
        main, at = ProductId(row["main_product_gid"]), row["happened_at"]
        if at is not None:
            happened[main] = min(at, happened.get(main, at))
    return Claim(
        busy=busy,
        repair=frozenset(
            ProductId(row["main_product_gid"])
            for row in superseded
            if row["lane"] == Lane.STOCK and _repairs(row["repair"], row["trigger"])
        ),
        happened=happened,
    )


async def plan_claimed(
    client: BaseDBAsyncClient,
    context: Context,
    mine: Claim,
    gids: Sequence[ProductId],
    now: datetime,
    *,
    room: int | None = None,
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

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
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import execute, rows
from backend.jobs.change_rows import change_of
from backend.jobs.context import Context
from backend.jobs.page_plan import PagePlan, plan_page
from backend.models.job import JobKind
from backend.sync.catalog import ProductId
from backend.sync.changeset import Action, Change
from backend.sync.fields import Lane
from backend.sync.link import Ref

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
_OPEN = """
SELECT c.*, j.kind, j.trigger, j.payload -> 'repair' AS repair
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


Identity = tuple[Ref, Action, str]


@dataclass(frozen=True, slots=True)
class Claim:
    """`busy` can't be planned now. `repair` are those whose superseded stock a person wanted repaired.
    `happened` is since when the superseded changes of a product were due. `left` are the open changes of
    other jobs that were left to them, by id."""

    busy: frozenset[ProductId]
    repair: frozenset[ProductId]
    happened: Mapping[ProductId, datetime]
    left: Mapping[int, Identity] = field(default_factory=lambda: MappingProxyType({}))


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
    leaving: Collection[ProductId] = (),
) -> Claim:
    """Take over what other jobs of the connection have planned for these main products in these lanes; with
    `whole` only if none is busy. What is planned for those in `leaving` stays for the moment (see
    `settle_left`). To be called under `lock_plans`, before the mirror is read."""
    found = await rows(client, _OPEN, connection, sorted(mains), job, sorted(each.value for each in lanes))
    busy = frozenset(
        ProductId(row["main_product_gid"])
        for row in found
        if row["state"] == "SENT" or JobKind(row["kind"]) in _DECIDED
    )
    free = [row for row in found if row["main_product_gid"] not in busy and not (busy and whole)]
    superseded = [row for row in free if row["main_product_gid"] not in leaving]
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
        left={row["id"]: change_of(row).identity for row in free if row["main_product_gid"] in leaving},
    )


async def settle_left(client: BaseDBAsyncClient, mine: Claim, planned: Sequence[Change]) -> list[Change]:
    """Of a plan for products whose open changes were left: what none of them does already. Those that the
    plan does not know any more are superseded."""
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

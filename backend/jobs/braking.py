"""Holding back what is too much at once: the brake over what was just planned, what is held already and what
was applied within the last hour."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import execute, rows
from backend.models.link import ProductLink
from backend.sync.brake import BrakeReason, Confirmation, Tally, brake, brake_class, confirm, price_holds
from backend.sync.changeset import Change
from backend.sync.link import Ref
from backend.sync.settings import BrakeLimits

_ROLLING = timedelta(hours=1)

# A product counts once, whether it is planned, held or done: a disaster in small portions stops as well, and
# what a person was asked about does not slip through one by one.
_TALLY = """
SELECT risk, count(DISTINCT product_gid) FILTER (WHERE job_id = $1 AND state = 'PLANNED') AS planned,
       count(DISTINCT product_gid) AS total
FROM change
WHERE connection_id = $2 AND risk IS NOT NULL AND (
    job_id = $1 AND state = 'PLANNED'
    OR state IN ('APPLIED', 'UNDONE') AND applied_at > $3
    OR state = 'HELD' AND job_id <> $1 AND job_id IN (
        SELECT id FROM job WHERE connection_id = $2 AND kind <> 'PREVIEW'
    )
)
GROUP BY risk
"""
_HOLD = """
UPDATE change SET state = 'HELD', held_reason = risk
WHERE job_id = $1 AND state = 'PLANNED' AND risk = ANY($2::text[])
"""
# What an older job holds was computed anew by this one: a person shall see it once.
_SUPERSEDE = """
UPDATE change SET state = 'SKIPPED', code = 'CHANGED_MEANWHILE'
WHERE connection_id = $1 AND job_id <> $2 AND state = 'HELD'
  AND job_id IN (SELECT id FROM job WHERE connection_id = $1 AND kind <> 'PREVIEW')
  AND ($3::text[] IS NULL OR main_product_gid = ANY($3::text[]))
"""


def held_at_once(
    changes: Sequence[Change], limits: BrakeLimits, confirmed: Collection[Any] | None = None
) -> tuple[Mapping[Ref, str], frozenset[Ref]]:
    """The changes that wait whatever the others do, with the reason, and those that the brake lets through
    because a person confirmed them (`confirmed`: their identities)."""
    prices = {ref: reason.value for ref, reason in price_holds(changes, limits).items()}
    if confirmed is None:
        return prices, frozenset()
    risky = [each for each in changes if each.ref in prices or brake_class(each) is not None]
    answer: Confirmation = confirm(confirmed, risky)
    asked = {each.ref: prices.get(each.ref) or str(brake_class(each)) for each in answer.ask_again}
    return asked, frozenset(each.ref for each in answer.proceed)


async def hold_surplus(
    client: BaseDBAsyncClient, job: UUID, connection: UUID, limits: BrakeLimits, began: datetime
) -> None:
    """Hold the planned changes of the job whose kind is too many by now."""
    found = await rows(client, _TALLY, job, connection, began - _ROLLING)
    planned = _tally({row["risk"]: int(row["planned"]) for row in found})
    others = _tally({row["risk"]: int(row["total"]) - int(row["planned"]) for row in found})
    linked = await ProductLink.filter(connection_id=connection).using_db(client).count()
    reasons = brake(planned, others, linked, limits)
    if reasons:
        await execute(client, _HOLD, job, sorted(reasons))


async def supersede_held(
    client: BaseDBAsyncClient,
    job: UUID,
    connection: UUID,
    mains: Collection[str] | None = None,
) -> None:
    """What older jobs hold of these main products, or of all, is over."""
    await execute(client, _SUPERSEDE, connection, job, None if mains is None else sorted(mains))


def _tally(counts: Mapping[str, int]) -> Tally:
    return Tally(
        deletes=counts.get(BrakeReason.TOO_MANY_DELETES, 0),
        unpublished=counts.get(BrakeReason.TOO_MANY_UNPUBLISHED, 0),
        zeroed=counts.get(BrakeReason.TOO_MANY_ZEROED, 0),
    )

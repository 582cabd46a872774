"""What people decide on what waits for them: held changes, conflicts, values that are kept. Each writes rows
and enqueues in one transaction, and answers the job that carries it out.

Whoever calls has checked the same as for `backend.jobs.requests`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.access.locked import by_itself, locked_connection
from backend.access.policy import Guard
from backend.database import rows
from backend.errors import ErrorCode, NotFound, UserError
from backend.jobs.context import is_repair
from backend.jobs.ending import recount
from backend.jobs.queue import Queue, transaction
from backend.jobs.requests import few_enough, new_job, working_connection
from backend.models.connection import Connection, ConnectionState
from backend.models.job import Job, JobKind, Trigger
from backend.models.link import Conflict, ConflictState, Hold, ProductLink
from backend.models.mirror import MirrorProduct
from backend.sync.catalog import ProductId
from backend.sync.match import ConflictAction, DecisionKind

_TAKE_HELD = """
UPDATE change SET state = $3, code = NULL
WHERE id = ANY($1::bigint[]) AND connection_id = $2 AND state = 'HELD'
  AND job_id IN (SELECT id FROM job WHERE connection_id = $2 AND kind <> 'PREVIEW')
RETURNING id, job_id, main_product_gid, product_gid
"""


async def confirm_changes(
    connection: UUID,
    changes: Sequence[int],
    *,
    now: datetime,
    allow: Guard = by_itself,
    created_by: str = "",
) -> Job:
    """Let held changes go on. What they are is computed afresh: what a person has not seen is asked again.

    Raises UserError with NOT_HELD when none of them waits.
    """
    async with transaction() as client:
        await working_connection(client, connection, allow)
        found = await _take_held(client, connection, changes, "CONFIRMED")
        source = await Job.get(id=found[0]["job_id"], using_db=client)
        payload = {
            "changes": sorted(row["id"] for row in found),
            "main_products": sorted({row["main_product_gid"] for row in found}),
            "products": sorted({row["product_gid"] for row in found} - {""}),
            "repair": is_repair(source),
        }
        for job in {row["job_id"] for row in found}:
            await recount(client, job)
        return await new_job(
            client, connection, JobKind.CONFIRM, Trigger.MANUAL, payload, now, by=created_by, queue=Queue.LIVE
        )


async def reject_changes(connection: UUID, changes: Sequence[int], *, allow: Guard = by_itself) -> list[int]:
    """Held changes that shall not be made; the ids. The next sync asks again if main still wants them.

    Raises UserError with NOT_HELD when none of them waits.
    """
    async with transaction() as client:
        await locked_connection(client, connection, allow)
        found = await _take_held(client, connection, changes, "REJECTED")
        for job in {row["job_id"] for row in found}:
            await recount(client, job)
        return sorted(row["id"] for row in found)


async def release_hold(
    connection: UUID, hold_id: UUID, *, now: datetime, allow: Guard = by_itself, created_by: str = ""
) -> Job | None:
    """Let main's value through again; the job that writes it, None where the product is not linked any
    more."""
    async with transaction() as client:
        tie = await locked_connection(client, connection, allow)
        hold = await Hold.get_or_none(id=hold_id, connection_id=connection, using_db=client)
        if hold is None:
            raise NotFound
        await hold.delete(using_db=client)
        link = await ProductLink.get_or_none(
            connection_id=connection, dependent_gid=hold.product_gid, using_db=client
        )
        if link is None or tie.state is not ConnectionState.ACTIVE:
            return None
        payload = {"main_products": [link.main_gid], "products": [hold.product_gid]}
        return await new_job(
            client, connection, JobKind.RESOLVE, Trigger.MANUAL, payload, now, by=created_by, queue=Queue.LIVE
        )


async def resolve_conflict(
    connection: UUID,
    conflict_id: UUID,
    action: ConflictAction,
    *,
    now: datetime,
    allow: Guard = by_itself,
    product: ProductId | None = None,
    created_by: str = "",
) -> Job | None:
    """A person's decision on a conflict: link to `product` of the dependent, create as new, or ignore; the
    job that carries it out, None for ignore.

    Raises NotFound (at `productId`: the dependent has no such product), or UserError with CONFLICT_CLOSED,
    INVALID_INPUT (no product to link to) or ALREADY_LINKED.
    """
    async with transaction() as client:
        tie = await working_connection(client, connection, allow)
        conflict = (
            await Conflict.filter(id=conflict_id, connection_id=connection).using_db(client).get_or_none()
        )
        if conflict is None:
            raise NotFound
        if conflict.state is ConflictState.RESOLVED:
            raise UserError(ErrorCode.CONFLICT_CLOSED, "The conflict is settled already.")
        decision = await _decision(client, tie, conflict, action, product)
        # The latest word on a product counts, whichever of its conflicts it was said to.
        own = Conflict.filter(connection_id=connection, main_gid=conflict.main_gid).using_db(client)
        await own.exclude(id=conflict_id).update(decision={})
        conflict.decision = decision
        conflict.state = ConflictState.IGNORED if action is ConflictAction.IGNORE else ConflictState.OPEN
        await conflict.save(update_fields=["decision", "state"], using_db=client)
        if action is ConflictAction.IGNORE:
            return None
        payload = {"main_products": [conflict.main_gid], "products": [product] if product else []}
        return await new_job(
            client, connection, JobKind.RESOLVE, Trigger.MANUAL, payload, now, by=created_by, queue=Queue.LIVE
        )


async def reopen_conflict(connection: UUID, conflict_id: UUID, *, allow: Guard = by_itself) -> None:
    """Take a decision back: the conflict stands in the review list again. Raises NotFound, or UserError with
    CONFLICT_CLOSED."""
    async with transaction() as client:
        await locked_connection(client, connection, allow)
        own = Conflict.filter(id=conflict_id, connection_id=connection).using_db(client)
        conflict = await own.select_for_update().get_or_none()
        if conflict is None:
            raise NotFound
        if conflict.state is ConflictState.RESOLVED:
            raise UserError(ErrorCode.CONFLICT_CLOSED, "The conflict is settled already.", field=("id",))
        conflict.state, conflict.decision = ConflictState.OPEN, {}
        await conflict.save(update_fields=["state", "decision"], using_db=client)


async def _decision(
    client: BaseDBAsyncClient,
    connection: Connection,
    conflict: Conflict,
    action: ConflictAction,
    product: ProductId | None,
) -> dict[str, Any]:
    match action:
        case ConflictAction.LINK_TO:
            if product is None:
                raise UserError(
                    ErrorCode.INVALID_INPUT, "Say which product to link to.", field=("productId",)
                )
            there = MirrorProduct.filter(shop_id=connection.dependent_id, gid=product, gone_at=None)
            if not await there.using_db(client).exists():
                raise NotFound(field=("productId",))
            taken = ProductLink.filter(connection_id=connection.id, dependent_gid=product).using_db(client)
            if await taken.exclude(main_gid=conflict.main_gid).exists():
                raise UserError(
                    ErrorCode.ALREADY_LINKED, "That product is linked to another one.", field=("productId",)
                )
            return {"kind": DecisionKind.LINK_TO.value, "product": product}
        case ConflictAction.CREATE_AS_NEW:
            return {"kind": DecisionKind.CREATE_AS_NEW.value}
        case ConflictAction.IGNORE:
            return {"kind": DecisionKind.IGNORE.value}


async def _take_held(
    client: BaseDBAsyncClient, connection: UUID, changes: Sequence[int], state: str
) -> list[dict[str, Any]]:
    few_enough(changes)
    found = await rows(client, _TAKE_HELD, sorted(set(changes)), connection, state)
    if not found:
        raise UserError(ErrorCode.NOT_HELD, "None of these changes waits.", field=("changeIds",))
    return found

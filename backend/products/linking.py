"""A person says which products belong together, or that two don't, outside of a conflict.

Both are decisions on main's product, stored as the review list stores its own, under the code BY_HAND: what
the matching finds by SKU or by origin afterwards is of no account until the decision is taken back.
"""

from datetime import datetime
from uuid import UUID, uuid4

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient

from backend.access.locked import by_itself, locked_connection
from backend.access.policy import Guard
from backend.database import execute, rows
from backend.errors import ErrorCode, NotFound, UserError
from backend.jobs.claims import lock_plans
from backend.jobs.context import context_of
from backend.jobs.ending import recount
from backend.jobs.mirror_read import load_products
from backend.jobs.queue import Queue, transaction
from backend.jobs.requests import new_job, working_connection
from backend.models.connection import Connection, ConnectionState
from backend.models.job import Job, JobKind, Trigger
from backend.models.link import Conflict, ConflictState, Hold, ProductLink
from backend.models.live import Difference, LocalEdit
from backend.sync.catalog import Product, ProductId
from backend.sync.link import LinkOrigin
from backend.sync.link import ProductLink as Link
from backend.sync.match import ConflictCode, DecisionKind, trimmed_skus
from backend.sync.pairing import pair_variants
from backend.sync.selection import is_selected

_DECIDE = """
INSERT INTO conflict (id, connection_id, code, main_gid, title, skus, candidates, state, decision, seen_at,
                      created_at)
VALUES ($1, $2, 'BY_HAND', $3, $4, $5::jsonb, $6::jsonb, $7, $8::jsonb, $9, $9)
ON CONFLICT (connection_id, main_gid, code) DO UPDATE SET
    title = excluded.title, skus = excluded.skus, candidates = excluded.candidates, state = excluded.state,
    decision = excluded.decision, seen_at = excluded.seen_at, created_at = excluded.created_at
"""
_TAKE_BACK = """
UPDATE change SET state = 'SKIPPED', code = 'CHANGED_MEANWHILE'
WHERE connection_id = $1 AND main_product_gid = $2 AND state IN ('PLANNED', 'HELD')
  AND job_id IN (SELECT id FROM job WHERE connection_id = $1 AND kind NOT IN ('PREVIEW', 'CHECK'))
RETURNING job_id
"""


async def link_products(
    connection: UUID,
    main: ProductId,
    dependent: ProductId,
    *,
    now: datetime,
    allow: Guard = by_itself,
    created_by: str = "",
) -> Job:
    """The job that ties main's product to the dependent's, as far as the plan has room for it.

    Raises NotFound at the product that is not there, or UserError: what keeps the connection from working,
    SETTINGS_NOT_CHOSEN, ALREADY_LINKED at either product, PRODUCT_NOT_SELECTED where the settings leave the
    main product out, VARIANTS_UNEQUAL where no variant of one belongs to one of the other.
    """
    async with transaction() as client:
        tie = await working_connection(client, connection, allow)
        mine = await _product(client, tie.main_id, main, "mainProductId")
        theirs = await _product(client, tie.dependent_id, dependent, "dependentProductId")
        await _demand_free(client, tie, main, dependent)
        await tie.fetch_related("main", "dependent", using_db=client)
        context = await context_of(tie)
        if not context.chosen:
            raise UserError(ErrorCode.SETTINGS_NOT_CHOSEN, "The dependent has not chosen its settings.")
        if not is_selected(mine, context.settings.selection):
            raise UserError(
                ErrorCode.PRODUCT_NOT_SELECTED, "The settings leave it out.", field=("mainProductId",)
            )
        if not pair_variants(mine, theirs, Link(main, dependent, LinkOrigin.MANUAL)).linked:
            raise UserError(
                ErrorCode.VARIANTS_UNEQUAL, "No variant has its counterpart.", field=("dependentProductId",)
            )
        candidates = [{"product": dependent, "variant": "", "sku": ""}]
        decision = {"kind": DecisionKind.LINK_TO.value, "product": dependent}
        await _decide(client, tie, mine, ConflictState.RESOLVED, candidates, decision, now)
        payload = {"main_products": [main], "products": [dependent]}
        return await new_job(
            client, tie.id, JobKind.RESOLVE, Trigger.MANUAL, payload, now, by=created_by, queue=Queue.LIVE
        )


async def unlink_products(
    connection: UUID, link_id: UUID, *, now: datetime, allow: Guard = by_itself, created_by: str = ""
) -> Job | None:
    """Let two products go their own ways: nothing is deleted, nothing is written, and what was planned is not
    written any more. They stay apart, whatever their SKUs say, until a person takes that back in the review
    list or links the product again. The job that looks at what follows; None while the connection does not
    work.

    Raises NotFound.
    """
    async with transaction() as client:
        # A page that is being planned from the link would bring it back to life.
        await lock_plans(client, connection)
        tie = await locked_connection(client, connection, allow)
        link = await ProductLink.get_or_none(id=link_id, connection_id=connection, using_db=client)
        if link is None:
            raise NotFound(field=("linkId",))
        main, dependent = ProductId(link.main_gid), ProductId(link.dependent_gid)
        known = (await load_products(client, tie.main_id, [main], stock=False)).get(main)
        mine = known if known is not None else Product(main)
        await link.delete(using_db=client)
        for table in (Hold, LocalEdit, Difference):
            await table.filter(connection_id=connection, product_gid=dependent).using_db(client).delete()
        candidates = [{"product": dependent, "variant": "", "sku": ""}]
        decision = {"kind": DecisionKind.IGNORE.value}
        await _decide(client, tie, mine, ConflictState.IGNORED, candidates, decision, now)
        for job in {row["job_id"] for row in await rows(client, _TAKE_BACK, connection, main)}:
            await recount(client, job)
        if tie.state is not ConnectionState.ACTIVE:
            return None
        payload = {"main_products": [main], "products": [dependent]}
        return await new_job(
            client, connection, JobKind.RESOLVE, Trigger.MANUAL, payload, now, by=created_by, queue=Queue.LIVE
        )


async def _product(client: BaseDBAsyncClient, shop: UUID, gid: ProductId, field: str) -> Product:
    found = (await load_products(client, shop, [gid], stock=False)).get(gid)
    if found is None:
        raise NotFound(field=(field,))
    return found


async def _demand_free(
    client: BaseDBAsyncClient, tie: Connection, main: ProductId, dependent: ProductId
) -> None:
    """Raises UserError ALREADY_LINKED."""
    links = ProductLink.filter(connection_id=tie.id).using_db(client)
    if await links.filter(main_gid=main).exists():
        raise UserError(ErrorCode.ALREADY_LINKED, "It is linked already.", field=("mainProductId",))
    if await links.filter(dependent_gid=dependent).exists():
        raise UserError(ErrorCode.ALREADY_LINKED, "It is linked already.", field=("dependentProductId",))


async def _decide(
    client: BaseDBAsyncClient,
    tie: Connection,
    main: Product,
    state: ConflictState,
    candidates: list[dict[str, str]],
    decision: dict[str, str],
    now: datetime,
) -> None:
    """The latest word on a product counts: what was said to its conflicts is over, and so are they."""
    own = Conflict.filter(connection_id=tie.id, main_gid=main.id).exclude(code=ConflictCode.BY_HAND.value)
    await own.using_db(client).update(decision={}, state=ConflictState.RESOLVED)
    await execute(
        client,
        _DECIDE,
        uuid4(),
        tie.id,
        main.id,
        main.title,
        _json(list(trimmed_skus(main))),
        _json(candidates),
        state.value,
        _json(decision),
        now,
    )


def _json(value: object) -> str:
    return orjson.dumps(value).decode()

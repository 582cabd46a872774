"""How many products a shop may link, and the places that are left on a connection.

A place is taken by a link, and by a product that is being created and has no link yet.
"""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.billing.plans import Plans
from backend.billing.record import load_standing
from backend.billing.room import Room
from backend.database import connection, execute, rows
from backend.errors import ErrorCode, UserError
from backend.models.connection import Connection
from backend.sync.catalog import ProductId

ProductLimit = Callable[[UUID], Awaitable[int | None]]
"""Answers how many products a shop may link by its plan, None for any number."""

# Two connections of one main would both take its last place.
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
_OF_CONNECTION = """
SELECT count(*) AS number FROM (
    SELECT main_gid FROM product_link WHERE connection_id = $1
    UNION
    SELECT c.main_product_gid FROM change c JOIN job j ON j.id = c.job_id AND j.kind <> 'PREVIEW'
    WHERE c.connection_id = $1 AND c.state IN ('PLANNED', 'HELD', 'SENT') AND c.action = 'CREATE_PRODUCT'
      AND c.main_product_gid <> ALL($2::text[])
) AS taken
"""
_OF_MAIN = """
WITH tie AS (
    SELECT id FROM connection WHERE main_id = $1 AND state <> 'DISCONNECTED'
), taken AS (
    SELECT l.main_gid AS gid FROM product_link l JOIN tie ON tie.id = l.connection_id
    UNION
    SELECT c.main_product_gid FROM change c JOIN tie ON tie.id = c.connection_id
    JOIN job j ON j.id = c.job_id AND j.kind <> 'PREVIEW'
    WHERE c.state IN ('PLANNED', 'HELD', 'SENT') AND c.action = 'CREATE_PRODUCT'
      AND NOT (c.connection_id = $2 AND c.main_product_gid = ANY($3::text[]))
)
SELECT (SELECT count(*) FROM taken) AS number,
       array(SELECT gid FROM taken WHERE gid = ANY($3::text[])) AS counted
"""


@dataclass(frozen=True, slots=True)
class Places:
    """Where a place is to be found: a connection and the shops at its ends."""

    connection: UUID
    main: UUID
    dependent: UUID


@dataclass(frozen=True, slots=True)
class Promised:
    """Places taken that are written nowhere."""

    of_main: int = 0
    of_dependent: int = 0


async def wait_warnings(tie: Connection, limit: ProductLimit, product: ProductId) -> list[UserError]:
    """One for each shop whose plan has no room for a main product that has no link yet, named by `shop`;
    `tie` with both shops fetched. A hint: the plan of a job decides."""
    places = Places(tie.id, tie.main_id, tie.dependent_id)
    room = await room_for(connection(), limit, places, [product], writes=False)
    lacking = room.take(product) if room else None
    return [
        UserError(
            ErrorCode.PRODUCT_LIMIT_REACHED,
            "The plan of this shop has no room for another product. It is linked as soon as there is.",
            params={"shop": shop},
        )
        for shop in (lacking.of(tie.main.domain, tie.dependent.domain) if lacking else ())
    ]


def product_limit(plans: Plans) -> ProductLimit:
    """The limit by the plan that each shop has; asks nobody where no plan limits anything."""

    async def limit(shop: UUID) -> int | None:
        if not plans.limited:
            return None
        return (await load_standing(shop, plans)).in_force(plans).product_limit

    return limit


async def room_for(
    client: BaseDBAsyncClient,
    limit: ProductLimit,
    places: Places,
    planned: Collection[ProductId],
    promised: Promised = Promised(),
    *,
    writes: bool = True,
) -> Room | None:
    """The room for these main products, whose own open creations are planned anew; None where nothing is
    limited. Whoever `writes` has main's places alone until the transaction ends."""
    of_main, of_dependent = await limit(places.main), await limit(places.dependent)
    if of_main is None and of_dependent is None:
        return None
    room = Room(None, None)
    if of_dependent is not None:
        found = await rows(client, _OF_CONNECTION, places.connection, list(planned))
        room.dependent = of_dependent - found[0]["number"] - promised.of_dependent
    if of_main is not None:
        if writes:
            await execute(client, _LOCK, f"places:{places.main}")
        (row,) = await rows(client, _OF_MAIN, places.main, places.connection, list(planned))
        room.main = of_main - row["number"] - promised.of_main
        room.counted = frozenset(ProductId(gid) for gid in row["counted"])
    return room

"""Products that no twin was found for, because of other products: when those let go of what they held, the
match is tried again by itself."""

from collections.abc import Collection, Sequence
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import rows
from backend.sync.catalog import ProductId

_SKUS = """
SELECT product_gid, array_agg(DISTINCT match_sku) AS skus FROM mirror_variant
WHERE shop_id = $1 AND product_gid = ANY($2::text[]) AND match_sku <> '' AND gone_at IS NULL
GROUP BY product_gid
"""
_CONFLICTING = """
WITH twin AS (
    SELECT id AS connection_id, gid FROM unnest($1::uuid[]) AS id, unnest($2::text[]) AS gid
    UNION
    SELECT c.id, v.product_gid FROM connection c
    JOIN mirror_variant v ON v.shop_id = c.dependent_id AND v.match_sku = ANY($3::text[])
    WHERE c.id = ANY($1::uuid[]) AND v.gone_at IS NULL
)
SELECT DISTINCT c.connection_id, c.main_gid FROM conflict c
CROSS JOIN LATERAL jsonb_array_elements(c.candidates) AS candidate
JOIN twin ON twin.connection_id = c.connection_id AND twin.gid = candidate ->> 'product'
WHERE c.connection_id = ANY($1::uuid[]) AND c.state = 'OPEN'
ORDER BY 1, 2
"""


async def skus_of(
    client: BaseDBAsyncClient, shop: UUID, products: Collection[ProductId]
) -> dict[ProductId, frozenset[str]]:
    """The trimmed SKUs of these products of the shop, as the mirror knows them; without one: absent."""
    found = await rows(client, _SKUS, shop, sorted(products))
    return {ProductId(row["product_gid"]): frozenset(row["skus"]) for row in found}


async def conflicting(
    client: BaseDBAsyncClient,
    connections: Sequence[UUID],
    *,
    twins: Collection[ProductId] = (),
    skus: Collection[str] = (),
) -> list[tuple[UUID, ProductId]]:
    """Connections with the main products that have an open conflict about one of these `twins`, or about a
    twin that carries one of these trimmed `skus`."""
    if not connections or not (twins or skus):
        return []
    found = await rows(client, _CONFLICTING, list(connections), sorted(twins), sorted(skus))
    return [(row["connection_id"], ProductId(row["main_gid"])) for row in found]

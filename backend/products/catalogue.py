"""The main shop's products, linked or not: those that a selection by hand chooses among."""

from collections.abc import Sequence

from backend.database import connection as pool
from backend.database import rows
from backend.jobs.mirror_read import load_products
from backend.models.connection import Connection
from backend.products.unlinked import SKUS_SHOWN, Free, searching
from backend.sync.catalog import ProductId
from backend.sync.match import trimmed_skus

_IDS = """
SELECT p.gid FROM mirror_product p
WHERE p.shop_id = $1 AND p.gone_at IS NULL AND ($2::text[] IS NULL OR p.gid = ANY($2)) {search}
  AND p.gid > $3
ORDER BY p.gid LIMIT $4
"""
_COUNT = """
SELECT count(*) AS number FROM mirror_product p
WHERE p.shop_id = $1 AND p.gone_at IS NULL AND ($2::text[] IS NULL OR p.gid = ANY($2)) {search}
"""


async def main_products(
    tie: Connection, ids: Sequence[str] | None, text: str, after: str, limit: int
) -> list[Free]:
    """The next ones by ascending id; with `ids`, of those alone; with `text`, those that have it in title or
    SKU."""
    given, search = searching(text, 5)
    sql = _IDS.format(search=search)
    found = [ProductId(row["gid"]) for row in await rows(pool(), sql, tie.main_id, ids, after, limit, *given)]
    products = await load_products(pool(), tie.main_id, found, stock=False)
    return [Free(products[gid], trimmed_skus(products[gid])[:SKUS_SHOWN]) for gid in found if gid in products]


async def count_main_products(tie: Connection, ids: Sequence[str] | None, text: str) -> int:
    given, search = searching(text, 3)
    found = await rows(pool(), _COUNT.format(search=search), tie.main_id, ids, *given)
    return int(found[0]["number"])

"""Products without a link: main's, and why each has none; the dependent's, which are free to be linked."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from backend.billing.room import Lacking
from backend.database import connection as pool
from backend.database import rows
from backend.jobs.context import context_of
from backend.jobs.mirror_read import load_products
from backend.models.billing import WaitingProduct
from backend.models.connection import Connection
from backend.models.link import Conflict, ConflictState
from backend.sync.catalog import Product, ProductId
from backend.sync.match import trimmed_skus
from backend.sync.selection import is_selected
from backend.sync.settings import ProductScope

# In the order of ids, which an index has: a page costs the same wherever it is, and however many are linked.
_UNLINKED = """
SELECT p.gid FROM mirror_product p
WHERE p.shop_id = $1 AND p.gone_at IS NULL AND p.gid > $3 {search}
  AND NOT EXISTS (SELECT 1 FROM product_link l WHERE l.connection_id = $2 AND l.{side} = p.gid)
ORDER BY p.gid LIMIT $4
"""
_COUNT = """
SELECT count(*) AS number FROM mirror_product p
WHERE p.shop_id = $1 AND p.gone_at IS NULL {search}
  AND NOT EXISTS (SELECT 1 FROM product_link l WHERE l.connection_id = $2 AND l.{side} = p.gid)
"""
# SKUs are looked through once and not for every product: no index finds a text in their middle.
_SEARCH = """
AND (p.title ILIKE {text} OR p.gid IN (
    SELECT product_gid FROM mirror_variant WHERE shop_id = $1 AND gone_at IS NULL AND sku ILIKE {text}
))
"""
_THERE = """
SELECT DISTINCT match_sku FROM mirror_variant
WHERE shop_id = $1 AND match_sku = ANY($2::text[]) AND gone_at IS NULL
"""
SKUS_SHOWN = 5


class UnlinkedReason(StrEnum):
    """Why a main product has no link. NOT_CHOSEN: the dependent has chosen no settings yet. NOT_SELECTED:
    its settings leave the product out. CONFLICT: a person has to decide. IGNORED: a person has decided that
    it stays so. NO_SKU and NOT_THERE: only what both shops have is synced, and nothing there has its SKU.
    PLAN_LIMIT: the plan of either shop has no room for it. WAITING: the next sync links it."""

    NOT_CHOSEN = "NOT_CHOSEN"
    NOT_SELECTED = "NOT_SELECTED"
    CONFLICT = "CONFLICT"
    IGNORED = "IGNORED"
    NO_SKU = "NO_SKU"
    NOT_THERE = "NOT_THERE"
    PLAN_LIMIT = "PLAN_LIMIT"
    WAITING = "WAITING"


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a connection, whose products are listed: `column` is the link's name of them."""

    connection: UUID
    shop: UUID
    column: str

    @classmethod
    def main(cls, tie: Connection) -> "Side":
        return cls(tie.id, tie.main_id, "main_gid")

    @classmethod
    def dependent(cls, tie: Connection) -> "Side":
        return cls(tie.id, tie.dependent_id, "dependent_gid")


@dataclass(frozen=True, slots=True)
class Free:
    """A product without a link. `reason`, the shops whose plan it waits for, and `conflict` are told of
    main's."""

    product: Product
    skus: tuple[str, ...]
    reason: UnlinkedReason | None = None
    waits_for: tuple[str, ...] = ()
    conflict: Conflict | None = field(default=None, compare=False)


async def free_ids(side: Side, text: str, after: str, limit: int) -> list[ProductId]:
    """The next products without a link by ascending id; with `text`, those that have it in title or SKU."""
    given, search = searching(text, 5)
    sql = _UNLINKED.format(search=search, side=side.column)
    found = await rows(pool(), sql, side.shop, side.connection, after, limit, *given)
    return [ProductId(row["gid"]) for row in found]


async def count_free(side: Side, text: str) -> int:
    given, search = searching(text, 3)
    sql = _COUNT.format(search=search, side=side.column)
    return int((await rows(pool(), sql, side.shop, side.connection, *given))[0]["number"])


def searching(text: str, place: int) -> tuple[list[str], str]:
    """The argument of a search in `p`, a mirrored product of the shop `$1`, and its condition; `place` is the
    argument's number."""
    if not text:
        return [], ""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return [f"%{escaped}%"], _SEARCH.format(text=f"${place}")


async def unlinked(tie: Connection, text: str, after: str, limit: int) -> list[Free]:
    """Main's products without a link, each with the reason; `tie` with both shops fetched."""
    ids = await free_ids(Side.main(tie), text, after, limit)
    products = await load_products(pool(), tie.main_id, ids, stock=False)
    conflicts = await _conflicts(tie, ids)
    context = await context_of(tie)
    skus = {gid: trimmed_skus(product) for gid, product in products.items()}
    there = await _there(tie, [sku for each in skus.values() for sku in each])
    waiting = await _waiting(tie, ids)

    def reason(gid: ProductId) -> UnlinkedReason:
        own = conflicts.get(gid, ())
        if not context.chosen:
            return UnlinkedReason.NOT_CHOSEN
        if not is_selected(products[gid], context.settings.selection):
            return UnlinkedReason.NOT_SELECTED
        if any(each.decision.get("kind") == "IGNORE" for each in own):
            return UnlinkedReason.IGNORED
        if any(each.state is ConflictState.OPEN for each in own):
            return UnlinkedReason.CONFLICT
        if gid in waiting:
            return UnlinkedReason.PLAN_LIMIT
        if context.settings.products is ProductScope.MATCHED and not there.intersection(skus[gid]):
            return UnlinkedReason.NOT_THERE if skus[gid] else UnlinkedReason.NO_SKU
        return UnlinkedReason.WAITING

    return [
        Free(
            products[gid],
            skus[gid][:SKUS_SHOWN],
            reason(gid),
            waiting.get(gid, ()),
            _first_open(conflicts.get(gid, ())),
        )
        for gid in ids
        if gid in products
    ]


async def free(tie: Connection, text: str, after: str, limit: int) -> list[Free]:
    """The dependent's products without a link."""
    ids = await free_ids(Side.dependent(tie), text, after, limit)
    products = await load_products(pool(), tie.dependent_id, ids, stock=False)
    return [Free(products[gid], trimmed_skus(products[gid])[:SKUS_SHOWN]) for gid in ids if gid in products]


async def _conflicts(tie: Connection, ids: Sequence[ProductId]) -> Mapping[str, Sequence[Conflict]]:
    found: defaultdict[str, list[Conflict]] = defaultdict(list)
    for each in await Conflict.filter(connection_id=tie.id, main_gid__in=ids).order_by("created_at", "id"):
        found[each.main_gid].append(each)
    return found


def _first_open(conflicts: Sequence[Conflict]) -> Conflict | None:
    """The one that a person can do something about."""
    return next((each for each in conflicts if each.state is not ConflictState.RESOLVED), None)


async def _waiting(tie: Connection, ids: Sequence[ProductId]) -> Mapping[str, tuple[str, ...]]:
    """Of the products that wait for a plan, the domains of the shops whose it is."""
    found = await WaitingProduct.filter(connection_id=tie.id, main_gid__in=ids)
    return {
        each.main_gid: Lacking(main=each.by_main, dependent=each.by_dependent).of(
            tie.main.domain, tie.dependent.domain
        )
        for each in found
    }


async def _there(tie: Connection, skus: Sequence[str]) -> frozenset[str]:
    """Those of `skus` that the dependent has."""
    found = await rows(pool(), _THERE, tie.dependent_id, sorted(set(skus)))
    return frozenset(row["match_sku"] for row in found)

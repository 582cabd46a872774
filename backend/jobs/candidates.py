"""The facts of matching, for a page of main products: who carries the same SKU, who is linked already, what a
person decided. Seven statements a page, however large the shops."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient

from backend.database import rows
from backend.sync.catalog import Product, ProductId, VariantId
from backend.sync.match import Candidates, CandidateVariant, Decision, DecisionKind
from backend.sync.origin import origin_value

_BY_ORIGIN = """
SELECT gid, origin FROM mirror_product WHERE shop_id = $1 AND origin = ANY($2::text[]) AND gone_at IS NULL
"""
_BY_SKU = """
SELECT v.gid, v.product_gid, v.match_sku FROM mirror_variant v
WHERE v.shop_id = $1 AND v.match_sku = ANY($2::text[]) AND v.gone_at IS NULL
ORDER BY v.match_sku, v.product_gid, v.gid
"""
_DUPLICATED = """
SELECT match_sku FROM mirror_variant WHERE shop_id = $1 AND match_sku = ANY($2::text[]) AND gone_at IS NULL
GROUP BY match_sku HAVING count(*) > 1
"""
_RIVALS = """
SELECT DISTINCT d.product_gid AS dependent, m.product_gid AS main
FROM mirror_variant d
JOIN mirror_variant m ON m.shop_id = $2 AND m.match_sku = d.match_sku AND m.gone_at IS NULL
WHERE d.shop_id = $1 AND d.product_gid = ANY($3::text[]) AND d.match_sku <> '' AND d.gone_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM product_link l WHERE l.connection_id = $4 AND l.main_gid = m.product_gid)
"""
# A link whose main product is gone takes nothing: a product deleted and made again finds its twin.
_TAKEN = """
SELECT l.dependent_gid, l.main_gid FROM product_link l
WHERE l.connection_id = $1 AND l.dependent_gid = ANY($2::text[])
  AND NOT EXISTS (
    SELECT 1 FROM mirror_product p WHERE p.shop_id = $3 AND p.gid = l.main_gid AND p.gone_at IS NOT NULL
  )
"""
_DECISIONS = """
SELECT main_gid, decision FROM conflict
WHERE connection_id = $1 AND main_gid = ANY($2::text[]) AND decision <> '{}'::jsonb
"""


async def load_decisions(
    client: BaseDBAsyncClient, connection: UUID, products: Sequence[Product]
) -> dict[ProductId, Decision]:
    found = {}
    for row in await rows(client, _DECISIONS, connection, [each.id for each in products]):
        decision = orjson.loads(row["decision"])
        product = decision.get("product")
        found[ProductId(row["main_gid"])] = Decision(
            DecisionKind(decision["kind"]), None if product is None else ProductId(product)
        )
    return found


async def load_candidates(
    client: BaseDBAsyncClient,
    connection: UUID,
    main_shop: UUID,
    main_domain: str,
    dependent_shop: UUID,
    products: Sequence[Product],
    decisions: dict[ProductId, Decision],
) -> dict[ProductId, Candidates]:
    """What is known about each of `products`, which have no link yet."""
    if not products:
        return {}
    origins = {origin_value(main_domain, each.id): each.id for each in products}
    by_origin = {
        origins[row["origin"]]: ProductId(row["gid"])
        for row in await rows(client, _BY_ORIGIN, dependent_shop, list(origins))
    }
    skus = {each.id: {v.sku.strip() for v in each.variants} - {""} for each in products}
    all_skus = sorted(set().union(*skus.values()))
    by_sku: defaultdict[str, list[CandidateVariant]] = defaultdict(list)
    for row in await rows(client, _BY_SKU, dependent_shop, all_skus):
        by_sku[row["match_sku"]].append(
            CandidateVariant(VariantId(row["gid"]), ProductId(row["product_gid"]), row["match_sku"])
        )
    duplicated = {row["match_sku"] for row in await rows(client, _DUPLICATED, main_shop, all_skus)}
    found_by_sku = {each.product_id for variants in by_sku.values() for each in variants}
    rivals: defaultdict[str, set[ProductId]] = defaultdict(set)
    for row in await rows(client, _RIVALS, dependent_shop, main_shop, sorted(found_by_sku), connection):
        rivals[row["dependent"]].add(ProductId(row["main"]))
    chosen = {each.product for each in decisions.values() if each.product is not None}
    concerned = sorted(found_by_sku | set(by_origin.values()) | chosen)
    taken = {
        ProductId(row["dependent_gid"]): ProductId(row["main_gid"])
        for row in await rows(client, _TAKEN, connection, concerned, main_shop)
    }

    def facts(main: Product) -> Candidates:
        own = {sku: tuple(by_sku[sku]) for sku in sorted(skus[main.id]) if sku in by_sku}
        targets = {each.product_id for variants in own.values() for each in variants}
        decision = decisions.get(main.id)
        reachable = targets | {by_origin.get(main.id), decision.product if decision else None}
        return Candidates(
            by_origin=by_origin.get(main.id),
            by_sku=own,
            duplicated_in_main=frozenset(skus[main.id] & duplicated),
            rivals=frozenset(other for target in targets for other in rivals[target]) - {main.id},
            taken={target: taken[target] for target in taken if target in reachable},
            decision=decision,
        )

    return {each.id: facts(each) for each in products}

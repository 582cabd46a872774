"""Products that changed, came or went: one read of them with their variants."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from backend.database import rows
from backend.jobs.mirror_write import lock_mirror, mark_gone, put_products
from backend.jobs.queue import transaction
from backend.jobs.read import lost_variants
from backend.jobs.rematch import skus_of
from backend.jobs.runtime import OpenShop
from backend.jobs.under_way import under_way
from backend.live.pending import Taken, forget_pending
from backend.live.view import View, products_of_items
from backend.models.live import Stream, SubjectKind
from backend.models.shop import Role
from backend.shopify.bucket import Priority
from backend.sync.catalog import InventoryItemId, Product, ProductId

_ITEM = "gid://shopify/InventoryItem/"
# A write of our own was stamped after this read began: the read may be older, and has to be repeated.
_NEWER = """
SELECT gid FROM mirror_product WHERE shop_id = $1 AND gid = ANY($2::text[]) AND observed_at > $3
UNION
SELECT product_gid FROM mirror_variant
WHERE shop_id = $1 AND product_gid = ANY($2::text[]) AND observed_at > $3
UNION
SELECT v.product_gid FROM mirror_variant v
JOIN mirror_stock s ON s.shop_id = v.shop_id AND s.inventory_item_gid = v.inventory_item_gid
WHERE v.shop_id = $1 AND v.product_gid = ANY($2::text[]) AND s.observed_at > $3
"""


async def look(view: View, taken: Sequence[Taken]) -> None:
    contexts = await view.contexts()
    wanted = view.wanted(contexts)
    now = view.runtime.clock.now
    if wanted is None:
        async with transaction() as client:
            await forget_pending(client, taken, now())
        return
    taken = await view.undisturbed(await view.left_to_jobs(taken))
    if not taken:
        return
    # What changes in a dependent is no hurry but its stock, and mostly our own doing.
    door = view.open(Priority.LIVE if view.shop.role is Role.MAIN else Priority.BACKGROUND)
    happened = await _products(view, door, taken)
    found = await door.catalog.by_ids(sorted(happened), wanted)
    lost = await lost_variants(view.shop, door, found)
    view.leases.check()
    async with transaction() as client:
        await lock_mirror(client, view.shop.id)
        spare = await under_way(client, view.shop.id, found.observed_at)
        newer = await rows(client, _NEWER, view.shop.id, sorted(happened), found.observed_at)
        again = {row["gid"] for row in newer} | (spare.owners & happened.keys())
        carried = await skus_of(client, view.shop.id, happened)
        # Before they are gone: afterwards nobody knows what they were linked to.
        await view.mark(client, contexts, {gid: happened[gid] for gid in found.missing}, Stream.PRODUCT)
        await put_products(client, view.shop.id, found.products, wanted, found.observed_at, spare=spare)
        await mark_gone(client, view.shop.id, sorted(found.missing), lost, found.observed_at)
        present = {each.id: happened[each.id] for each in found.products}
        await view.mark(client, contexts, present, Stream.PRODUCT)
        await view.match_again(client, contexts, _let_go(carried, found.products), happened)
        await forget_pending(client, taken, now())
        await view.look_again(
            client, SubjectKind.PRODUCT, {gid: happened[ProductId(gid)] for gid in sorted(again)}
        )


def _let_go(
    carried: Mapping[ProductId, frozenset[str]], found: Sequence[Product]
) -> dict[ProductId, frozenset[str]]:
    """The SKUs that products carried, and do no more."""
    now = {each.id: {variant.sku.strip() for variant in each.variants} for each in found}
    lost = {gid: skus - now.get(gid, set()) for gid, skus in carried.items()}
    return {gid: skus for gid, skus in lost.items() if skus}


async def _products(view: View, door: OpenShop, taken: Sequence[Taken]) -> dict[ProductId, datetime]:
    """The products that the subjects are about, and when they changed; of an inventory item, its product."""
    items = [each.gid for each in taken if each.gid.startswith(_ITEM)]
    owners: dict[str, ProductId] = {}
    if items:
        known = await products_of_items(view.shop.id, items)
        owners = {item: product for item, (product, _) in known.items()}
        unknown = [InventoryItemId(item) for item in items if item not in owners]
        if unknown:
            told = await door.catalog.products_of_items(unknown)
            owners.update({item: product for item, (product, _) in told.items()})
    happened: dict[ProductId, datetime] = {}
    for each in taken:
        gid = owners.get(each.gid) if each.gid.startswith(_ITEM) else ProductId(each.gid)
        if gid is not None:
            happened[gid] = min(each.happened_at, happened.get(gid, each.happened_at))
    return happened

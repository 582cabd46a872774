"""Before a shop is read: by pages or in bulk, in which slices, and what that is expected to take."""

import math
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import structlog

from backend.database import connection, rows
from backend.jobs.runtime import OpenShop
from backend.models.mirror import Refresh, RefreshState
from backend.shopify.bulk_slices import (
    BulkKind,
    BulkSlice,
    SliceLimits,
    evenly,
    plan_slices,
    slice_counts,
    to_cursor,
)
from backend.shopify.pages import Counts
from backend.shopify.strategy import BULK_OBJECTS_PER_SECOND, bulk_objects, estimate
from backend.shopify.wanted import Wanted

log = structlog.get_logger(__name__)

# A mirror that has less than this share of the shop does not tell how its ids are spread.
_TELLING = 0.5
_RECENT = timedelta(hours=24)

_BOUNDARIES = """
SELECT percentile_disc($2::float8[]) WITHIN GROUP (ORDER BY substring({column} FROM '[0-9]+$')::bigint)
           AS boundaries, count(*) AS number
FROM {table} WHERE shop_id = $1 AND gone_at IS NULL
"""
_MIRRORED_COUNTS = """
SELECT (SELECT count(*) FROM mirror_product WHERE shop_id = $1 AND gone_at IS NULL)::int AS products,
       (SELECT count(*) FROM mirror_variant WHERE shop_id = $1 AND gone_at IS NULL)::int AS variants
"""
_MIRRORED = {
    BulkKind.PRODUCTS: ("mirror_product", "gid"),
    BulkKind.VARIANTS: ("mirror_variant", "gid"),
    BulkKind.ITEMS: ("mirror_variant", "inventory_item_gid"),
}


async def choose(refresh: Refresh, door: OpenShop, wanted: Wanted, limits: SliceLimits) -> None:
    """Store how the shop is read: strategy, estimates, and the slices that are read in bulk."""
    counts = await _counts(refresh, door)
    rate = await bulk_rate(refresh.shop_id)
    chosen = estimate(counts, wanted, await door.throttle.status(), rate, limits)
    objects = bulk_objects(counts, wanted, chosen.bulk)
    present = {
        BulkKind.PRODUCTS: counts.products,
        BulkKind.VARIANTS: counts.variants,
        BulkKind.ITEMS: counts.variants,
    }
    slices: list[BulkSlice] = []
    for kind, number in slice_counts(objects, limits).items() if objects else ():
        boundaries = await _boundaries(refresh.shop_id, door, kind, number, present[kind])
        slices += plan_slices(kind, number, boundaries, objects[kind], len(slices))
    refresh.objects_total = counts.products + counts.variants
    refresh.strategy = chosen.kind.value
    refresh.estimate_points, refresh.estimate_seconds = chosen.points, math.ceil(chosen.seconds)
    refresh.cursor = {**refresh.cursor, **to_cursor(slices)}
    fields = ["objects_total", "strategy", "estimate_points", "estimate_seconds", "cursor"]
    await refresh.save(update_fields=fields)
    log.info(
        "read planned",
        refresh=str(refresh.id),
        strategy=refresh.strategy,
        points=chosen.points,
        seconds=refresh.estimate_seconds,
        slices=len(slices),
    )


async def bulk_rate(shop: UUID) -> float:
    """Objects per second of one bulk operation in this shop, as last measured."""
    known = await Refresh.filter(shop_id=shop, bulk_rate__not_isnull=True).order_by("-started_at").first()
    return (known and known.bulk_rate) or BULK_OBJECTS_PER_SECOND


async def _counts(refresh: Refresh, door: OpenShop) -> Counts:
    """How large the shop is: as the mirror knows it, where it was read whole not long ago; Shopify takes 20
    points for the answer."""
    known = Refresh.filter(
        shop_id=refresh.shop_id, state=RefreshState.DONE, started_at__gt=refresh.started_at - _RECENT
    )
    if await known.exists():
        (found,) = await rows(connection(), _MIRRORED_COUNTS, refresh.shop_id)
        return Counts(found["products"], found["variants"], exact=False)
    return await door.facts.counts()


async def _boundaries(shop: UUID, door: OpenShop, kind: BulkKind, count: int, present: int) -> Sequence[int]:
    """Where `count` slices of a kind end: as the mirror knows its ids to be spread; evenly where it does
    not."""
    if count == 1:
        return ()
    table, column = _MIRRORED[kind]
    shares = [index / count for index in range(1, count)]
    (found,) = await rows(connection(), _BOUNDARIES.format(table=table, column=column), shop, shares)
    if found["number"] >= present * _TELLING and found["boundaries"]:
        return [int(each) for each in found["boundaries"]]
    span = await door.bulk.extremes(kind)
    return evenly(count, span) if span else ()

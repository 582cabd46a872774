"""How many points an app may still spend in a shop."""

from sandbox.bucket import Bucket
from sandbox.store.shop import Shop


def bucket_of(shop: Shop, client_id: str) -> Bucket:
    """The bucket of an app in this shop: full at its first call, and when the shop's plan has changed."""
    bucket = shop.buckets.get(client_id)
    if bucket is None or bucket.tier is not shop.tier:
        bucket = shop.buckets[client_id] = Bucket.full(shop.tier, shop.clock.monotonic())
    return bucket


def set_available(shop: Shop, client_id: str, points: float) -> Bucket:
    """Let the bucket hold so many points from now on; it refills at its own rate."""
    bucket = bucket_of(shop, client_id)
    bucket.level, bucket.at = points, shop.clock.monotonic()
    return bucket

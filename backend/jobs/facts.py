"""What is known of a shop itself: read again before a job relies on it."""

from datetime import timedelta

from backend.database import execute_many
from backend.jobs.queue import transaction
from backend.jobs.runtime import OpenShop, Runtime
from backend.models.shop import Shop

# Twenty jobs of one run read their main's facts once.
FRESH = timedelta(seconds=60)

_LOCATION = """
INSERT INTO shop_location (shop_id, gid, name, is_active, is_primary, observed_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (shop_id, gid) DO UPDATE SET
    name = excluded.name, is_active = excluded.is_active, is_primary = excluded.is_primary,
    observed_at = excluded.observed_at
WHERE shop_location.observed_at <= excluded.observed_at
"""


async def refresh_facts(shop: Shop, door: OpenShop, runtime: Runtime, *, fresh: timedelta = FRESH) -> None:
    """Bring `shop` and its locations up to date, unless they were read less than `fresh` ago. Updates `shop`
    in place."""
    now = runtime.clock.now()
    if shop.facts_read_at is not None and now - shop.facts_read_at < fresh:
        return
    read = await door.facts.shop()
    places = await door.facts.locations()
    shop.name = read.name
    shop.email = read.email
    shop.currency = read.facts.currency
    shop.timezone = read.timezone
    shop.plan_name = read.plan
    shop.primary_location_gid = read.facts.primary_location_id
    shop.scopes = sorted(read.scopes)
    shop.variant_limit = read.variant_limit
    shop.facts_read_at = read.observed_at
    fields = ("name", "email", "currency", "timezone", "plan_name", "primary_location_gid")
    async with transaction() as client:
        await shop.save(update_fields=[*fields, "scopes", "variant_limit", "facts_read_at"], using_db=client)
        await execute_many(
            client,
            _LOCATION,
            [
                (shop.id, each.id, each.name, each.is_active, each.is_primary, read.observed_at)
                for each in sorted(places, key=lambda place: place.id)
            ],
        )

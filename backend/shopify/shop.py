"""Reads what is to know of a shop itself: currency, locations, granted scopes, size of the catalogue."""

from dataclasses import dataclass
from datetime import datetime

from backend.shopify import decode
from backend.shopify.client import ShopClient
from backend.shopify.decode import decoding
from backend.shopify.documents import document
from backend.shopify.pages import Counts
from backend.sync.catalog import Location, LocationId, ShopFacts

LOCATIONS_PAGE = 90


@dataclass(frozen=True, slots=True)
class ShopRead:
    """`variant_limit` is how many variants a product may have there; `scopes` as granted, `write_x` implies
    `read_x`."""

    facts: ShopFacts
    name: str
    email: str
    timezone: str
    plan: str
    variant_limit: int
    scopes: frozenset[str]
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class ShopReader:
    client: ShopClient

    async def shop(self) -> ShopRead:
        answer = await self.client.query(document("ShopFacts"))
        with decoding():
            shop, primary = answer.data["shop"], answer.data["location"]
            granted = answer.data["currentAppInstallation"]["accessScopes"]
            return ShopRead(
                facts=ShopFacts(
                    domain=shop["myshopifyDomain"],
                    currency=shop["currencyCode"],
                    primary_location_id=LocationId(primary["id"]) if primary else None,
                ),
                name=shop["name"],
                email=shop["email"],
                timezone=shop["ianaTimezone"],
                plan=shop["plan"]["publicDisplayName"],
                variant_limit=int(shop["resourceLimits"]["maxProductVariants"]),
                scopes=frozenset(str(each["handle"]) for each in granted),
                observed_at=answer.observed_at,
            )

    async def locations(self) -> tuple[Location, ...]:
        """All locations, deactivated ones too, without those of fulfilment services."""
        found: list[Location] = []
        after: str | None = None
        while True:
            answer = await self.client.query(document("Locations"), {"first": LOCATIONS_PAGE, "after": after})
            with decoding():
                connection, primary = answer.data["locations"], answer.data["primary"]
                primary_id = primary["id"] if primary else None
                found += [decode.location(node, primary_id) for node in connection["nodes"]]
                after = connection["pageInfo"]["endCursor"]
                if not connection["pageInfo"]["hasNextPage"]:
                    return tuple(found)

    async def counts(self) -> Counts:
        """How large the catalogue is; costs 20 points."""
        answer = await self.client.query(document("Counts"), {"search": None})
        with decoding():
            products, variants = answer.data["productsCount"], answer.data["productVariantsCount"]
            return Counts(
                products=int(products["count"]),
                variants=int(variants["count"]),
                exact=products["precision"] == variants["precision"] == "EXACT",
            )

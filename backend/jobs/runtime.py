"""What a process needs to work on jobs: time, Redis, and the way to a shop's Admin API."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import UUID

import httpx
from redis.asyncio import Redis

from backend.billing.desk import Desk
from backend.billing.limits import ProductLimit
from backend.billing.plans import SELF_HOSTED, Plans
from backend.clock import Clock
from backend.models.shop import Shop
from backend.shopify.billing import ShopBilling
from backend.shopify.bucket import Priority
from backend.shopify.bulk import BulkReader
from backend.shopify.bulk_creation import BulkCreator
from backend.shopify.bulk_slices import LIMITS, SliceLimits
from backend.shopify.client import DEFAULT_BASE_URL, DEFAULT_VERSION, ShopClient
from backend.shopify.creation_plan import SIZES, BatchSizes
from backend.shopify.reader import CatalogReader
from backend.shopify.shop import ShopReader
from backend.shopify.throttle import LocalThrottle, Throttle
from backend.shopify.throttle_redis import ThrottleFor
from backend.shopify.usage import Usage
from backend.shopify.write_creation import ShopMemory
from backend.shopify.writer import CatalogWriter

TokenOf = Callable[[UUID], Awaitable[str]]
RenewalOf = Callable[[UUID, str], Awaitable[str]]


async def unlimited(_shop: UUID) -> int | None:
    """The limit of linked products where nobody bills: none."""
    return None


class Meter:
    """Takes from a usage what has been added since the last time, so that every point is written down
    once."""

    def __init__(self, usage: Usage) -> None:
        self._usage = usage
        self._points = usage.points
        self._calls = usage.calls

    def take(self) -> tuple[int, int]:
        """(points, calls)"""
        points, calls = self._usage.points - self._points, self._usage.calls - self._calls
        self._points, self._calls = self._usage.points, self._usage.calls
        return points, calls


@dataclass(frozen=True, slots=True)
class OpenShop:
    """One shop's API for one slice of work; `usage` counts what it costs, `meter` what of it is to be written
    down yet, whichever of the calls side by side has caused it."""

    catalog: CatalogReader
    facts: ShopReader
    writer: CatalogWriter
    bulk: BulkReader
    creations: BulkCreator
    billing: ShopBilling
    throttle: Throttle
    usage: Usage
    meter: Meter


@dataclass(slots=True)
class Runtime:
    """`token_of` answers a shop's current access token, `renewal_of` a newer one than the shop has refused.
    `plans` are what can be subscribed to, `product_limit` is the most linked products of a shop's plan, None
    without a limit. `slice_seconds` is how long one message may work before it makes room. `throttle_for`
    answers the bucket that all processes share of a shop; without it there is one per process."""

    clock: Clock
    http: httpx.AsyncClient = field(repr=False)
    token_of: TokenOf = field(repr=False)
    redis: Redis | None = field(default=None, repr=False)
    base_url: str = DEFAULT_BASE_URL
    api_version: str = DEFAULT_VERSION
    plans: Plans = SELF_HOSTED
    product_limit: ProductLimit = unlimited
    slice_seconds: float = 8.0
    patience: float = 5.0
    slice_limits: SliceLimits = LIMITS
    batch_sizes: BatchSizes = SIZES
    throttle_for: ThrottleFor | None = field(default=None, repr=False)
    renewal_of: RenewalOf | None = field(default=None, repr=False)
    throttles: dict[str, Throttle] = field(default_factory=dict, repr=False)
    memories: dict[UUID, ShopMemory] = field(default_factory=dict, repr=False)

    @property
    def desk(self) -> Desk:
        return Desk(self.plans, self.product_limit, self.clock)

    def open(self, shop: Shop, priority: Priority = Priority.BACKGROUND) -> OpenShop:
        memory = self.memories.setdefault(shop.id, ShopMemory())
        throttle = self._throttle(shop.domain)

        async def token() -> str:
            return await self.token_of(shop.id)

        async def renew(refused: str) -> str:
            return await token() if self.renewal_of is None else await self.renewal_of(shop.id, refused)

        client = ShopClient(
            shop=shop.domain,
            token=token,
            throttle=throttle,
            http=self.http,
            clock=self.clock,
            base_url=self.base_url,
            api_version=self.api_version,
            priority=priority,
            patience=self.patience,
            renew=renew,
        )
        return OpenShop(
            catalog=CatalogReader(client),
            facts=ShopReader(client),
            writer=CatalogWriter(client, memory),
            bulk=BulkReader(client),
            creations=BulkCreator(client, memory),
            billing=ShopBilling(client),
            throttle=throttle,
            usage=client.usage,
            meter=Meter(client.usage),
        )

    def _throttle(self, domain: str) -> Throttle:
        if self.throttle_for is not None:
            return self.throttle_for(domain)
        return self.throttles.setdefault(domain, LocalThrottle(self.clock))

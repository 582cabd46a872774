"""What every round trip does: settle on settings, sync, and ask the oracle."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from backend.jobs import requests
from backend.models.job import Job, JobState
from backend.sync.settings import BrakeLimits, ProductScope, SyncSettings
from sandbox.catalogue import Recipe, generate
from sandbox.draft import ProductDraft, VariantDraft
from sandbox.store.shop import Shop as SandboxShop
from sandbox.web.dump import dump_shop
from tests.jobs.world import World
from tests.oracle.compare import differences

Pairs = Sequence[tuple[str, str]]

# Tests that are not about the brake must not be stopped by it.
OPEN_BRAKE = BrakeLimits(
    percent=Decimal(100), count=100_000, price_percent=Decimal(1_000_000), price_zero=False
)
EVERYTHING = SyncSettings(
    products=ProductScope.ALL, details=True, prices=True, quantities=True, brake=OPEN_BRAKE
)


def catalogue(count: int, seed: int = 11, **recipe: Any) -> list[ProductDraft]:
    return list(generate(Recipe(seed=seed, **recipe), count))


def other_values(drafts: Iterable[ProductDraft]) -> list[ProductDraft]:
    """The same products by their SKUs and option values, with everything else as another shop has it."""
    return [
        replace(
            draft,
            title=f"{draft.title} (ours)",
            description_html="<p>Ours.</p>",
            vendor="Our own brand",
            product_type="Things",
            tags=("ours",),
            status="ACTIVE" if draft.status == "DRAFT" else draft.status,
            seo_title=None,
            metafields=(),
            variants=tuple(_other_variant(each) for each in draft.variants),
        )
        for draft in drafts
    ]


def _other_variant(draft: VariantDraft) -> VariantDraft:
    return replace(
        draft,
        price=draft.price + Decimal("1.37"),
        compare_at_price=None,
        barcode="",
        cost=None,
        weight=draft.weight + 5,
        taxable=not draft.taxable,
        available=tuple(None if each is None else each + 4 for each in draft.available),
    )


def oracle_settings(settings: SyncSettings, mappings: Pairs = ()) -> dict[str, Any]:
    """In the API's form, which is the oracle's."""
    prices = settings.price_rules
    return {
        "products": settings.products.value,
        "details": settings.details or settings.products is ProductScope.ALL,
        "prices": settings.prices,
        "quantities": settings.quantities,
        "fields": [each.value for each in settings.fields],
        "newProductStatus": settings.new_product_status.value,
        "priceRules": {
            "conversionRate": None if prices.conversion_rate is None else str(prices.conversion_rate),
            "percent": str(prices.percent),
            "amount": str(prices.amount),
            "ending": None if prices.ending is None else str(prices.ending),
            "compareAt": prices.compare_at,
        },
        "stockBuffer": settings.stock_buffer,
        "stockCap": settings.stock_cap,
        "locationMappings": list(mappings),
    }


async def sync(world: World) -> Job:
    """A person's Sync all, to its end, for the first dependent."""
    (job,) = await requests.sync_all([world.connection.id], now=world.now())
    return await world.finished(job)


def differ(
    world: World, settings: SyncSettings, mappings: Pairs = (), dependent: SandboxShop | None = None
) -> list[str]:
    """What the oracle finds."""
    main, other = dump_shop(world.main), dump_shop(dependent or world.dependent)
    return differences(main, other, oracle_settings(settings, mappings))


async def synced(world: World, settings: SyncSettings, mappings: Pairs = ()) -> Job:
    """Sync; then both shops are equal as far as the settings say, and once more writes nothing."""
    job = await sync(world)
    assert (job.state, job.error_code) == (JobState.SUCCEEDED, None)
    assert await unfinished(world, job) == []
    assert differ(world, settings, mappings) == []
    await writes_nothing(world)
    return job


async def unfinished(world: World, job: Job) -> list[Any]:
    """Changes of the job that were not applied, with the reason."""
    return [
        (each.state.value, each.action, each.field, each.key, each.title, each.sku, each.code, each.message)
        for each in await world.changes(job)
        if each.state.value not in ("APPLIED", "SKIPPED") or each.code is not None
    ]


async def writes_nothing(world: World) -> Job:
    """A sync that finds nothing to do. A bulk read is a mutation by its name alone."""
    world.mark("idle")
    job = await sync(world)
    left = [(each.action, each.field, each.key, each.before, each.after) for each in await world.changes(job)]
    assert left == []
    for shop in (world.main, world.dependent):
        made = dict(+world.calls(shop, "idle").mutations)
        made.pop("bulkOperationRunQuery", None)
        assert made == {}
    return job

"""Stock of a dependent's locations from main's: `available` quantities, summed by the location map."""

from collections.abc import Iterable, Mapping

from backend.sync.catalog import LocationId, ShopFacts
from backend.sync.settings import LocationMap, StockMode, SyncSettings

# Shopify's range of a quantity, INVALID_QUANTITY_TOO_HIGH beyond.
MAX_QUANTITY = 1_000_000_000


def location_map(
    mappings: Iterable[tuple[LocationId, LocationId]], main: ShopFacts, dependent: ShopFacts
) -> LocationMap:
    """`mappings` are (main location, dependent location). Any mapping replaces the default, primary to
    primary, entirely."""
    sources: dict[LocationId, list[LocationId]] = {}
    for source, target in mappings:
        sources.setdefault(target, []).append(source)
    if not sources and main.primary_location_id and dependent.primary_location_id:
        sources[dependent.primary_location_id] = [main.primary_location_id]
    return LocationMap({target: tuple(sorted(sources[target])) for target in sorted(sources)})


def desired_stock(
    stock: Mapping[LocationId, int], locations: LocationMap, settings: SyncSettings
) -> dict[LocationId, int]:
    """Quantity by dependent location: main's sum, less the buffer, at most the cap, never below 0.

    A main location without a level counts as 0: what main can't sell there, the dependent must not sell
    either.
    """
    buffer, cap = settings.stock_buffer, settings.stock_cap
    wanted = {}
    for target, sources in locations.sources.items():
        total = -buffer
        for source in sources:
            total += stock.get(source, 0)
        if cap is not None and total > cap:
            total = cap
        wanted[target] = 0 if total < 0 else min(total, MAX_QUANTITY)
    return wanted


def is_due(mode: StockMode, *, agreed: bool, main_moved: bool, repair: bool) -> bool:
    """Whether a quantity that differs is to be written.

    Mirrored stock is written at first, when main's sum moved, or when a person asks for a repair: a sale in
    the dependent is its own affair. Shared stock is never repaired over: a sale that is not booked into main
    yet would be lost.
    """
    match mode:
        case StockMode.MIRROR:
            return not agreed or main_moved or repair
        case StockMode.SHARED:
            return not agreed or main_moved

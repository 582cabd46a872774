"""Stock of a dependent's locations from main's: `available` quantities, summed by the location map."""

from collections.abc import Iterable, Mapping, Sequence

from backend.sync.catalog import LocationId, ShopFacts
from backend.sync.settings import LocationMap, SyncSettings

# Shopify's range of a quantity, INVALID_QUANTITY_TOO_HIGH beyond.
MAX_QUANTITY = 1_000_000_000


def location_map(
    mappings: Iterable[tuple[LocationId, LocationId]], main: ShopFacts, dependent: ShopFacts
) -> LocationMap:
    """`mappings` are (main location, dependent location). Any mapping replaces the default, primary to
    primary, entirely.

    A main location that is deactivated no longer counts. A dependent's location that is deactivated, or fed
    by deactivated ones only, is left as it is: nobody knows its number, which is not 0.
    """
    mapped: dict[LocationId, list[LocationId]] = {}
    for source, target in mappings:
        mapped.setdefault(target, []).append(source)
    if not mapped and main.primary_location_id and dependent.primary_location_id:
        mapped[dependent.primary_location_id] = [main.primary_location_id]
    sources, inactive = {}, []
    for target in sorted(mapped):
        alive = tuple(sorted(set(mapped[target]).difference(main.inactive_locations)))
        if alive and target not in dependent.inactive_locations:
            sources[target] = alive
        else:
            inactive.append(target)
    return LocationMap(sources, tuple(inactive))


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


def is_due(*, agreed: bool, main_moved: bool, repair: bool) -> bool:
    """Whether a mirrored quantity that differs is to be written: at first, when main's sum moved, or when a
    person asks for a repair. A sale in the dependent is its own affair."""
    return not agreed or main_moved or repair


_SIGN = "#"


def pool_mark(quantity: int) -> str:
    """What a base stores for a shared level: "#5". Mirrored levels have hashes, so that a connection that
    turns from mirrored to shared starts from main's numbers, and does not book what was sold before."""
    return f"{_SIGN}{quantity}"


def pool_number(mark: str | None) -> int | None:
    """The quantity of a mark; None for that of a mirrored level, which tells none."""
    return int(mark[1:]) if mark is not None and mark.startswith(_SIGN) else None


def booking_location(stock: Mapping[LocationId, int], sources: Sequence[LocationId]) -> LocationId:
    """Where a dependent's sale is booked: of main's mapped locations (at least one) the one that has the
    most, the lowest id of several such; one without a level only where none has one."""
    return min(sources, key=lambda place: (place not in stock, -stock.get(place, 0), place))

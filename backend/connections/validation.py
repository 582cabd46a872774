"""Whether settings make sense: a pure check, each fault with its code and the input field it belongs to."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from backend.access.ids import shopify_id
from backend.errors import ErrorCode, UserError, UserErrors
from backend.sync.settings import ProductScope, Selection, SyncSettings

_MOST_ENTRIES = 250
_LONGEST_ENTRY = 255
_LARGEST = Decimal(10) ** 12
_MOST_STOCK = 1_000_000_000
_HUNDRED = Decimal(100)


def check(settings: SyncSettings, at: str = "input") -> None:
    """Raises UserErrors with every fault, each at its field of the argument `at`."""
    found = [
        UserError(each.code, each.message, field=(at, *each.field[1:]), params=each.params)
        for each in faults(settings)
    ]
    if found:
        raise UserErrors(found)


def faults(settings: SyncSettings) -> Iterator[UserError]:
    if settings.products is ProductScope.ALL and not settings.details:
        yield _fault(
            ErrorCode.DETAILS_REQUIRED, "Products can't be created without their details.", "details"
        )
    if not settings.groups:
        yield _fault(
            ErrorCode.NOTHING_TO_SYNC, "Choose at least one: details, prices, quantities.", "details"
        )
    yield from _prices(settings)
    yield from _stock(settings)
    yield from _brake(settings)
    yield from _lists(settings)


def currency_fault(settings: SyncSettings, main: str, dependent: str) -> UserError | None:
    """Why prices will wait although the settings are fine: two currencies and no rate for this very pair."""
    rules = settings.price_rules
    if not settings.prices or not main or not dependent or main == dependent:
        return None
    if rules.conversion_rate is not None and (rules.rate_from, rules.rate_to) == (main, dependent):
        return None
    code = (
        ErrorCode.CURRENCY_CHANGED if rules.conversion_rate is not None else ErrorCode.CURRENCY_RATE_MISSING
    )
    return UserError(
        code,
        "Prices wait until a conversion rate is set.",
        field=("input", "priceRules", "conversionRate"),
        params={"from": main, "to": dependent},
    )


def with_currencies(settings: SyncSettings, main: str, dependent: str) -> SyncSettings:
    """`settings` whose rate holds for the pair of currencies that the shops have now."""
    return replace(settings, price_rules=replace(settings.price_rules, rate_from=main, rate_to=dependent))


def _prices(settings: SyncSettings) -> Iterator[UserError]:
    rules = settings.price_rules
    rate, ending = rules.conversion_rate, rules.ending
    if rate is not None and not (_is_sound(rate) and rate > 0):
        yield _out_of_range("priceRules", "conversionRate")
    if not (_is_sound(rules.percent) and rules.percent > -_HUNDRED):
        yield _out_of_range("priceRules", "percent")
    if not _is_sound(rules.amount):
        yield _out_of_range("priceRules", "amount")
    if ending is not None and not (_is_sound(ending) and 0 <= ending < 1):
        yield _out_of_range("priceRules", "ending")


def _stock(settings: SyncSettings) -> Iterator[UserError]:
    if not 0 <= settings.stock_buffer <= _MOST_STOCK:
        yield _out_of_range("stockBuffer")
    if settings.stock_cap is not None and not 0 <= settings.stock_cap <= _MOST_STOCK:
        yield _out_of_range("stockCap")


def _brake(settings: SyncSettings) -> Iterator[UserError]:
    brake = settings.brake
    if not (_is_sound(brake.percent) and 0 <= brake.percent <= _HUNDRED):
        yield _out_of_range("brake", "percent")
    if not 0 <= brake.count <= _MOST_STOCK:
        yield _out_of_range("brake", "count")
    if not (_is_sound(brake.price_percent) and brake.price_percent >= 0):
        yield _out_of_range("brake", "pricePercent")


def _lists(settings: SyncSettings) -> Iterator[UserError]:
    yield from _entries(settings.metafield_namespaces, "metafieldNamespaces")
    for name in Selection.__slots__:
        side, _, what = name.partition("_")
        field = side + ("ProductIds" if what == "products" else what.capitalize())
        values: frozenset[str] = getattr(settings.selection, name)
        yield from _entries(values, "selection", field)
        if what == "products":
            yield from _products(values, field)


def _entries(values: frozenset[str], *field: str) -> Iterator[UserError]:
    if len(values) > _MOST_ENTRIES:
        yield _fault(ErrorCode.TOO_MANY, "Too many entries.", *field, limit=str(_MOST_ENTRIES))
    if any(len(value) > _LONGEST_ENTRY for value in values):
        yield _fault(ErrorCode.TOO_LONG, "An entry is too long.", *field, limit=str(_LONGEST_ENTRY))
    if any(not value.strip() for value in values):
        yield _fault(ErrorCode.INVALID_INPUT, "An entry is empty.", *field)


def _products(values: frozenset[str], field: str) -> Iterator[UserError]:
    for value in values:
        try:
            shopify_id(value, "Product", "input", "selection", field)
        except UserError as fault:
            yield fault
            return


def _is_sound(value: Decimal) -> bool:
    """Whether the number is one that a price could have: not NaN, not infinite, no more than 12 decimals."""
    # Compared, not reckoned with: reckoning overflows.
    if not value.is_finite() or not -_LARGEST < value < _LARGEST:
        return False
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -12


def _out_of_range(*field: str) -> UserError:
    return _fault(ErrorCode.OUT_OF_RANGE, "The number is out of range.", *field)


def _fault(code: ErrorCode, message: str, *field: str, **params: str) -> UserError:
    return UserError(code, message, field=("input", *field), params=params)

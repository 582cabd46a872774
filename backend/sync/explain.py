"""How the rules come to a value, step by step, and whose word counts on it. Nothing is decided here: what the
steps end with is what `rules` computes."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from backend.errors import ErrorCode
from backend.sync.catalog import LocationId, Variant
from backend.sync.comparison import Hold
from backend.sync.fields import Field, group_of
from backend.sync.pricing import HUNDRED, ONE, ZERO, PriceRefusal, price, with_ending
from backend.sync.references import allows
from backend.sync.rules import Rules, project_prices
from backend.sync.settings import LocalEditPolicy, LocationMap, PriceRules, SyncSettings
from backend.sync.stock import desired_stock


class StepKind(StrEnum):
    """MAIN: what main says; SUM: what its locations say together. ENDING: to the nearest amount that ends so.
    ROUNDED: to the currency's minor unit. NOT_ABOVE_PRICE: a compare-at price that would be no reduction
    falls away. NOT_BELOW_ZERO: nobody can have less than nothing."""

    MAIN = "MAIN"
    CONVERSION = "CONVERSION"
    PERCENT = "PERCENT"
    AMOUNT = "AMOUNT"
    ENDING = "ENDING"
    ROUNDED = "ROUNDED"
    NOT_ABOVE_PRICE = "NOT_ABOVE_PRICE"
    SUM = "SUM"
    BUFFER = "BUFFER"
    CAP = "CAP"
    NOT_BELOW_ZERO = "NOT_BELOW_ZERO"


@dataclass(frozen=True, slots=True)
class Step:
    """`operand` is the setting that the step applies, None where it needs none; `result` what it comes to,
    None where the value falls away."""

    kind: StepKind
    result: Decimal | None
    operand: Decimal | None = None


Steps = tuple[Step, ...]


class Standing(StrEnum):
    """Whose word counts on a value of the dependent.

    MAIN: main's, by the rules. PAUSED: main's as well, and it can't be written at the moment. GROUP_OFF: the
    settings leave details, prices or quantities to the dependent. FIELD_OFF: they leave this one. NOT_FED: no
    location of main feeds this one. UNTRACKED: main counts no stock of it. UNDONE, KEPT_LOCAL: a person has
    said so. EDIT_KEPT: somebody edited it in the dependent, and the settings keep what is edited there.
    """

    MAIN = "MAIN"
    PAUSED = "PAUSED"
    GROUP_OFF = "GROUP_OFF"
    FIELD_OFF = "FIELD_OFF"
    NOT_FED = "NOT_FED"
    UNTRACKED = "UNTRACKED"
    UNDONE = "UNDONE"
    KEPT_LOCAL = "KEPT_LOCAL"
    EDIT_KEPT = "EDIT_KEPT"


def explain_price(amount: Decimal, rules: PriceRules, main: str, dependent: str) -> Steps:
    """From main's amount to the dependent's; only what has an effect is a step. No steps where prices
    pause."""
    end = price(amount, rules, main, dependent)
    if isinstance(end, PriceRefusal):
        return ()
    steps = [Step(StepKind.MAIN, amount)]
    rate = ONE if rules.conversion_rate is None else rules.conversion_rate
    value = amount
    if amount:
        if rate != ONE:
            value = amount * rate
            steps.append(Step(StepKind.CONVERSION, value, rate))
        if rules.percent:
            value = amount * (rate * (ONE + rules.percent / HUNDRED))
            steps.append(Step(StepKind.PERCENT, value, rules.percent))
        if rules.amount:
            value = max(value + rules.amount, ZERO)
            steps.append(Step(StepKind.AMOUNT, value, rules.amount))
        if rules.ending is not None and value:
            value = with_ending(value, rules.ending)
            steps.append(Step(StepKind.ENDING, value, rules.ending))
    if value != end:
        steps.append(Step(StepKind.ROUNDED, end))
    return tuple(steps)


def explain_money(field: Field, variant: Variant, rules: Rules) -> Steps:
    """Of PRICE, COMPARE_AT_PRICE or COST of main's `variant`; no steps where main has none, or prices
    pause."""
    given, currencies = rules.settings.price_rules, (rules.main.currency, rules.dependent.currency)
    match field:
        case Field.PRICE:
            return explain_price(variant.price, given, *currencies)
        case Field.COST if variant.cost is not None:
            only = PriceRules(given.conversion_rate, given.rate_from, given.rate_to)
            return explain_price(variant.cost, only, *currencies)
        case Field.COMPARE_AT_PRICE if variant.compare_at_price is not None:
            steps = explain_price(variant.compare_at_price, given, *currencies)
            if steps and not isinstance(rules.pricing, PriceRefusal):
                _, kept = project_prices(variant, rules.pricing, compare_at=True)
                if kept is None:
                    return (*steps, Step(StepKind.NOT_ABOVE_PRICE, None))
            return steps
        case _:
            return ()


@dataclass(frozen=True, slots=True)
class StockSteps:
    """`sources` are the quantities of main's locations that feed the dependent's; one without a level counts
    as 0."""

    sources: tuple[tuple[LocationId, int], ...]
    steps: Steps


def explain_stock(
    stock: Mapping[LocationId, int], locations: LocationMap, settings: SyncSettings, target: LocationId
) -> StockSteps | None:
    """From main's levels to the quantity at `target`, None where nothing feeds that."""
    places = locations.sources.get(target)
    if places is None:
        return None
    sources = tuple((place, stock.get(place, 0)) for place in places)
    value = sum(quantity for _, quantity in sources)
    steps = [Step(StepKind.SUM, Decimal(value))]
    if settings.stock_buffer:
        value -= settings.stock_buffer
        steps.append(Step(StepKind.BUFFER, Decimal(value), Decimal(settings.stock_buffer)))
    if settings.stock_cap is not None and value > settings.stock_cap:
        value = settings.stock_cap
        steps.append(Step(StepKind.CAP, Decimal(value), Decimal(settings.stock_cap)))
    end = desired_stock(stock, locations, settings)[target]
    if value < 0:
        steps.append(Step(StepKind.NOT_BELOW_ZERO, Decimal(end)))
    elif value != end:
        steps.append(Step(StepKind.CAP, Decimal(end), Decimal(end)))
    return StockSteps(sources, tuple(steps))


def standing(
    field: Field,
    key: str,
    rules: Rules,
    *,
    hold: Hold | None = None,
    undone: bool = False,
    kept_edit: bool = False,
    wanted_hash: str | None = None,
    tracked: bool = True,
) -> tuple[Standing, ErrorCode | None]:
    """Whose word counts on a value, and the code of what keeps main's from being written.

    `hold` is what a person said about it, `undone` whether by undoing; it is over once main's value hashes to
    something else (`wanted_hash`). `kept_edit`: somebody edited the value in the dependent. `tracked`: main
    counts the stock of the variant.
    """
    if field not in rules.owned:
        off = Standing.GROUP_OFF if group_of(field) not in rules.settings.groups else Standing.FIELD_OFF
        return off, None
    if field is Field.METAFIELD:
        namespace = key.partition(".")[0]
        if not allows(namespace, rules.settings.metafield_namespaces):
            return Standing.FIELD_OFF, None
    if hold is not None and hold.main_hash in (None, wanted_hash):
        return Standing.UNDONE if undone else Standing.KEPT_LOCAL, None
    if kept_edit and rules.settings.local_edits.get(group_of(field)) is LocalEditPolicy.KEEP_LOCAL:
        return Standing.EDIT_KEPT, None
    if field in rules.paused:
        return Standing.PAUSED, rules.paused[field]
    if field is Field.STOCK:
        if key in rules.location_map.inactive:
            return Standing.PAUSED, ErrorCode.LOCATION_INACTIVE
        if key not in rules.location_map.sources:
            return Standing.NOT_FED, None
        if not tracked:
            return Standing.UNTRACKED, None
    return Standing.MAIN, None

"""Why a value is what it is, and the values of a linked product side by side."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import cast
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from backend.errors import ErrorCode
from backend.models.connection import Connection as ConnectionRow
from backend.products.sides import Known, Sides
from backend.products.trace import Cause, EventKind
from backend.products.trace import Event as EventValue
from backend.products.trace import Trace as TraceValue
from backend.products.values import VariantValues as VariantValue
from backend.products.values import is_plain, of_product, of_variants
from backend.schema.change import Change
from backend.schema.context import Info
from backend.schema.described import described
from backend.schema.link import Hold, ProductLink
from backend.schema.live import LocalEdit
from backend.schema.location import Location, unknown_location
from backend.schema.paging import Key, Order, Page, page_of, page_size, text_of
from backend.sync.explain import Standing, Step, StepKind
from backend.sync.fields import Field
from backend.sync.values import money_text

NEWEST_CHANGES: Order = (Key("id", int, descending=True),)
_MONEY_STEPS = frozenset({StepKind.CONVERSION, StepKind.PERCENT})


@strawberry.type(
    description="A value of the dependent beside main's. Money is text; what the settings leave to the"
    " dependent is not read and null on all sides."
)
class SyncedValue:
    product_id: strawberry.ID
    variant_id: strawberry.ID | None
    field: str
    key: str
    main_value: JSON | None = strawberry.field(description="Of stock: main's locations that feed this one.")
    wanted_value: JSON | None = strawberry.field(description="What the dependent should say by the rules.")
    dependent_value: JSON | None
    equal: bool = strawberry.field(description="The dependent says what it should.")
    standing: Standing
    code: ErrorCode | None = strawberry.field(description="What keeps main's value from being written.")
    _connection: strawberry.Private[ConnectionRow]

    @classmethod
    def of(cls, known: Known, connection: ConnectionRow) -> SyncedValue:
        value = known.value
        return cls(
            product_id=strawberry.ID(value.product),
            variant_id=None if value.variant is None else strawberry.ID(value.variant),
            field=value.field.value,
            key=value.key,
            main_value=cast(JSON, known.main),
            wanted_value=cast(JSON, known.wanted),
            dependent_value=cast(JSON, known.dependent),
            equal=known.equal,
            standing=known.standing,
            code=known.code,
            _connection=connection,
        )

    @described("Where the stock lies, for quantities.")
    async def location(self, info: Info) -> Location | None:
        if self.field != Field.STOCK.value:
            return None
        return await _location(info, self._connection.dependent_id, self.key)


@strawberry.type
class VariantValues:
    id: strawberry.ID = strawberry.field(description="The dependent's.")
    title: str = strawberry.field(description='Its option values; "" where the product has no options.')
    sku: str
    values: list[SyncedValue]

    @classmethod
    def of(cls, found: VariantValue, connection: ConnectionRow) -> VariantValues:
        return cls(
            id=strawberry.ID(found.variant.id),
            title="" if is_plain(found.variant) else " / ".join(each.value for each in found.variant.options),
            sku=found.variant.sku,
            values=[SyncedValue.of(each, connection) for each in found.values],
        )


@strawberry.type(description="A linked product of the dependent with all values that are synced.")
class ProductValues:
    title: str
    link: ProductLink
    values: list[SyncedValue] = strawberry.field(description="Of the product itself.")
    _sides: strawberry.Private[Sides]
    _connection: strawberry.Private[ConnectionRow]

    @classmethod
    def of(cls, sides: Sides, link: ProductLink, connection: ConnectionRow) -> ProductValues:
        return cls(
            title=sides.title,
            link=link,
            values=[SyncedValue.of(each, connection) for each in of_product(sides)],
            _sides=sides,
            _connection=connection,
        )

    @described("In the dependent's order.")
    async def variants(self, first: int | None = None, after: str | None = None) -> Page[VariantValues]:
        size, last = page_size(first), text_of(after)
        start = int(last) + 1 if last.isdecimal() else 0
        there = self._sides.dependent

        async def count() -> int:
            return 0 if there is None else len(there.variants)

        return page_of(
            of_variants(self._sides, start, size + 1),
            lambda found: VariantValues.of(found, self._connection),
            lambda found: str(found.place),
            size=size,
            after=after,
            count=count,
        )


@strawberry.type(
    description="One step from main's value to the dependent's. `operand` is the setting that it applies,"
    " `result` what it comes to; null where the value falls away."
)
class TraceStep:
    kind: StepKind
    operand: str | None
    result: str | None

    @classmethod
    def of(cls, step: Step, *, money: bool) -> TraceStep:
        shown = money_text if money else lambda amount: f"{amount:f}"
        plain = step.kind in _MONEY_STEPS or not money
        return cls(
            kind=step.kind,
            operand=None
            if step.operand is None
            else (f"{step.operand.normalize():f}" if plain else money_text(step.operand)),
            result=None if step.result is None else shown(step.result),
        )


@strawberry.type(description="A location of main that counts towards a quantity.")
class TraceSource:
    location: Location
    quantity: int


@strawberry.type(description="The settings that the value follows from, and how.")
class TraceRule:
    settings_version: int | None
    saved_at: datetime | None
    saved_in: str | None = strawberry.field(description="The domain of the shop where they were saved.")
    saved_by: str | None = strawberry.field(
        description="Shopify's id of the person, or the program's token; told to their own shop alone."
    )
    steps: list[TraceStep] = strawberry.field(description="None where main's value is copied as it is.")
    _trace: strawberry.Private[TraceValue]
    _connection: strawberry.Private[ConnectionRow]

    @described("Of quantities: main's locations that feed this one.")
    async def sources(self, info: Info) -> list[TraceSource]:
        found = self._trace.stock
        return [
            TraceSource(location=await _location(info, self._connection.main_id, place), quantity=number)
            for place, number in (found.sources if found else ())
        ]


@strawberry.type(description="What led to the change: Shopify's message, a person, or the clock.")
class TraceEvent:
    kind: EventKind
    at: datetime = strawberry.field(description="When it happened.")
    shop: str | None = strawberry.field(
        description="The domain that Shopify's message came from, or where somebody asked."
    )
    topic: str | None
    received_at: datetime | None
    by: str | None = strawberry.field(
        description="Shopify's id of the person, or the program's token; told to their own shop alone."
    )

    @classmethod
    def of(cls, event: EventValue, caller: str) -> TraceEvent:
        return cls(
            kind=event.kind,
            at=event.at,
            shop=event.domain or event.author.shop,
            topic=event.topic,
            received_at=event.received_at,
            by=event.author.named_to(caller),
        )


@strawberry.type(
    description="Why a value of the dependent is what it is: event, rule, change and, at the change, call and"
    " answer. Changes and calls are kept for as long as the operator has set."
)
class ValueTrace:
    title: str
    sku: str
    value: SyncedValue
    cause: Cause
    main_read_at: datetime | None
    dependent_read_at: datetime | None
    link: ProductLink | None
    rule: TraceRule
    hold: Hold | None
    local_edit: LocalEdit | None
    event: TraceEvent | None
    change: Change | None = strawberry.field(description="The last one that was applied to the value.")
    latest: Change | None = strawberry.field(
        description="A newer one that was not applied, or not yet: held, failed, skipped or planned."
    )
    _history: strawberry.Private[Callable[[int | None, str | None], Awaitable[Page[Change]]]]

    @described("All changes of the value that are kept, newest first; a creation counts for all it made.")
    async def history(self, first: int | None = None, after: str | None = None) -> Page[Change]:
        return await self._history(first, after)


def value_trace(
    found: TraceValue,
    connection: ConnectionRow,
    caller: str,
    history: Callable[[int | None, str | None], Awaitable[Page[Change]]],
) -> ValueTrace:
    """As the shop of the domain `caller` may see it."""
    money = found.known.value.field is not Field.STOCK
    settings = found.settings
    return ValueTrace(
        title=found.title,
        sku=found.sku,
        value=SyncedValue.of(found.known, connection),
        cause=found.cause,
        main_read_at=found.main_seen,
        dependent_read_at=found.dependent_seen,
        link=None if found.link is None else ProductLink.of(found.link, connection),
        rule=TraceRule(
            settings_version=None if settings is None else settings.version,
            saved_at=None if settings is None else settings.created_at,
            saved_in=found.saved_by.shop,
            saved_by=found.saved_by.named_to(caller),
            steps=[TraceStep.of(each, money=money) for each in found.steps],
            _trace=found,
            _connection=connection,
        ),
        hold=None if found.hold is None else Hold.of(found.hold, connection),
        local_edit=None if found.edit is None else LocalEdit.of(found.edit),
        event=None if found.event is None else TraceEvent.of(found.event, caller),
        change=None if found.change is None else Change.of(found.change),
        latest=None if found.latest is None else Change.of(found.latest),
        _history=history,
    )


async def _location(info: Info, shop: UUID, gid: str) -> Location:
    row = await info.context.loaders.location.load((shop, gid))
    return Location.of(row) if row else unknown_location(gid)

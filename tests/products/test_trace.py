"""Why a value is what it is, told of values that came about in every way."""

from decimal import Decimal

import pytest

from backend.errors import NotFound, UserError
from backend.jobs import requests
from backend.models.call import Call
from backend.models.connection import Connection
from backend.models.job import Change, ChangeState
from backend.models.live import Webhook
from backend.parity.local import Value, keep_local
from backend.products.author import Author
from backend.products.sides import load_sides
from backend.products.trace import Cause, EventKind, Trace, history, trace
from backend.products.values import of_product, of_variants
from backend.sync.catalog import ProductId
from backend.sync.explain import Standing, StepKind
from backend.sync.fields import Field
from backend.sync.settings import PriceRules, ProductScope, SyncSettings
from sandbox.edits import edit_product, edit_stock, edit_variant
from sandbox.ids import gid
from sandbox.store.product import Product
from tests.jobs.world import EVERYTHING, World
from tests.live.events import Events
from tests.products.conftest import draft, id_of, sync, value, variant_id

DEARER = SyncSettings(
    products=ProductScope.ALL, price_rules=PriceRules(percent=Decimal(10), ending=Decimal("0.99"))
)


async def told(world: World, product: Product, field: Field, key: str = "") -> Trace:
    tie = await Connection.get(id=world.connection.id).prefetch_related("main", "dependent")
    return await trace(tie, value(product, field, key), Change.all())


def only(world: World) -> Product:
    return next(iter(world.dependent.products))


async def test_a_live_change_of_a_price(world: World, events: Events) -> None:
    (main,) = world.place(world.main, [draft()])
    world.place(world.dependent, [draft(price="17.00")])
    await world.choose(DEARER)
    await sync(world)
    await events.settle()
    edit_variant(world.main, next(iter(main.variants)), "price", "24.90")
    await events.settle()

    found = await told(world, only(world), Field.PRICE)
    known = found.known
    assert (known.main, known.wanted, known.dependent) == ("24.90", "26.99", "26.99")
    assert (known.standing, known.equal, found.cause) == (Standing.MAIN, True, Cause.WRITTEN)
    assert [(step.kind, str(step.result)) for step in found.steps] == [
        (StepKind.MAIN, "24.90"),
        (StepKind.PERCENT, "27.390"),
        (StepKind.ENDING, "26.99"),
    ]
    change, event = found.change, found.event
    assert change is not None
    assert event is not None
    assert (change.before, change.after, found.latest) == ("21.99", "26.99", None)
    call = await Call.get(id=change.call_id)
    assert call.operation == "productVariantsBulkUpdate"
    assert (event.kind, event.topic, event.domain) == (
        EventKind.WEBHOOK,
        "products/update",
        world.main.domain,
    )
    assert event.received_at is not None
    assert event.at <= event.received_at <= call.sent_at <= call.answered_at
    assert found.link is not None
    assert found.settings is not None
    assert found.settings.version == 1
    assert found.dependent_seen is not None

    sides = await load_sides(await _tie(world), id_of(only(world)))
    earlier = await history(sides, value(only(world), Field.PRICE), Change.all()).order_by("-id")
    assert [(each.before, each.after) for each in earlier] == [("21.99", "26.99"), ("17.00", "21.99")]

    await Webhook.all().delete()
    forgotten = await told(world, only(world), Field.PRICE)
    assert forgotten.event is not None
    assert (forgotten.event.kind, forgotten.event.at) == (EventKind.FOUND, event.at)


async def _tie(world: World) -> Connection:
    return await Connection.get(id=world.connection.id).prefetch_related("main", "dependent")


async def test_a_quantity_is_summed_and_cut(world: World) -> None:
    (main,) = world.place(world.main, [draft(stock=7)])
    world.place(world.dependent, [draft(stock=1)])
    places = [gid("Location", each.id) for each in world.main.locations]
    (own,) = [gid("Location", each.id) for each in world.dependent.locations]
    await world.map_locations([(place, own) for place in places])
    edit_stock(world.main, next(iter(main.variants)), list(world.main.locations)[1], "4")
    await world.choose(
        SyncSettings(products=ProductScope.MATCHED, quantities=True, stock_buffer=2, stock_cap=8)
    )
    await sync(world)

    found = await told(world, only(world), Field.STOCK, own)
    assert (found.known.main, found.known.wanted, found.known.dependent) == (11, 8, 8)
    assert [(step.kind, int(step.result or 0)) for step in found.steps] == [
        (StepKind.SUM, 11),
        (StepKind.BUFFER, 9),
        (StepKind.CAP, 8),
    ]
    assert found.stock is not None
    assert sorted(quantity for _, quantity in found.stock.sources) == [4, 7]
    assert found.cause is Cause.WRITTEN
    assert found.event is not None
    assert (found.event.kind, found.event.author) == (EventKind.PERSON, Author(world.main.domain, "7"))


async def test_what_was_created_came_with_its_product(world: World) -> None:
    world.place(world.main, [draft()])
    await world.choose(EVERYTHING)
    await sync(world)
    for field in (Field.TITLE, Field.PRICE, Field.STATUS):
        found = await told(world, only(world), field)
        assert (found.cause, found.known.equal) == (Cause.CREATED, True)
        assert found.change is not None
        assert found.change.action == "CREATE_PRODUCT"
        assert await Call.filter(id=found.change.call_id, operation="productSet").exists()


async def test_what_was_equal_and_what_is_the_shops_own(world: World) -> None:
    world.place(world.main, [draft(title="Tea")])
    world.place(world.dependent, [draft(title="Tea")])
    await world.choose(EVERYTHING)
    await sync(world)
    equal = await told(world, only(world), Field.TITLE)
    assert (equal.cause, equal.change, equal.event) == (Cause.FOUND_EQUAL, None, None)
    own = await told(world, only(world), Field.HANDLE)
    assert (own.cause, own.known.standing) == (Cause.OWN, Standing.FIELD_OFF)
    assert (own.known.main, own.known.wanted, own.known.dependent) == (None, None, None)


async def test_what_somebody_changed_there_and_what_was_undone(world: World, events: Events) -> None:
    world.place(world.main, [draft(price="20.00")])
    world.place(world.dependent, [draft(price="17.00", title="Thé")])
    await world.choose(
        SyncSettings(products=ProductScope.MATCHED, details=True, prices=True, quantities=False)
    )
    job = await sync(world)
    (price,) = [each for each in await world.changes(job) if each.field == "PRICE"]
    undo = await requests.undo_changes(world.connection.id, [price.id], now=world.now())
    await world.finished(undo)
    found = await told(world, only(world), Field.PRICE)
    assert (found.cause, found.known.standing) == (Cause.UNDONE, Standing.UNDONE)
    assert (found.known.wanted, found.known.dependent) == ("20.00", "17.00")
    assert found.hold is not None

    await keep_local(world.connection.id, value(only(world), Field.TITLE), now=world.now())
    edit_product(world.dependent, only(world), "title", "Our tea")
    await events.settle()
    edited = await told(world, only(world), Field.TITLE)
    assert (edited.cause, edited.known.standing) == (Cause.CHANGED_THERE, Standing.KEPT_LOCAL)
    assert (edited.known.wanted, edited.known.dependent) == ("Tea", "Our tea")


async def test_what_waits_and_what_was_refused_is_told_as_the_latest(world: World) -> None:
    (main,) = world.place(world.main, [draft(price="20.00")])
    world.place(world.dependent, [draft(price="20.00")])
    await world.choose(EVERYTHING)
    await sync(world)
    edit_variant(world.main, next(iter(main.variants)), "price", "2.00")
    await sync(world)
    found = await told(world, only(world), Field.PRICE)
    assert (found.known.wanted, found.known.dependent, found.cause) == ("2.00", "20.00", Cause.FOUND_EQUAL)
    assert found.change is None
    assert found.latest is not None
    assert (found.latest.state, found.latest.held_reason) == (ChangeState.HELD, "PRICE_JUMP")
    assert found.event is not None
    assert found.event.kind is EventKind.PERSON


async def test_a_product_without_a_link_and_what_names_nothing(world: World) -> None:
    world.place(world.main, [draft("TEA")])
    world.place(world.dependent, [draft("COFFEE")])
    await world.choose(SyncSettings(products=ProductScope.MATCHED))
    await sync(world)
    found = await told(world, only(world), Field.PRICE)
    assert (found.cause, found.link, found.known.main) == (Cause.NOT_LINKED, None, None)
    assert found.known.dependent == "20.00"

    tie, product = await _tie(world), id_of(only(world))
    with pytest.raises(NotFound) as unknown:
        await trace(tie, Value(ProductId("gid://shopify/Product/1"), None, Field.TITLE), Change.all())
    assert unknown.value.field == ("productId",)
    for wrong, field in (
        (Value(product, None, Field.PRICE), ("variantId",)),
        (Value(product, variant_id(only(world)), Field.TITLE), ("field",)),
        (Value(product, None, Field.PRODUCT), ("field",)),
        (Value(product, variant_id(only(world)), Field.STOCK), ("key",)),
    ):
        with pytest.raises(UserError) as bad:
            await trace(tie, wrong, Change.all())
        assert bad.value.field == field


async def test_all_values_of_a_product_agree_with_their_traces(world: World) -> None:
    world.place(world.main, [draft(title="Tea")])
    world.place(world.dependent, [draft(title="Thé", price="1.00")])
    await world.choose(EVERYTHING)
    await sync(world)
    tie = await _tie(world)
    sides = await load_sides(tie, id_of(only(world)))
    (variant,) = of_variants(sides, 0, 10)
    known = [*of_product(sides), *variant.values]
    fields = {each.value.field for each in known}
    assert {Field.TITLE, Field.TAGS, Field.PRICE, Field.STOCK, Field.SKU, Field.OPTIONS} <= fields
    assert Field.HANDLE not in fields
    held = {each.value.field for each in known if not each.equal}
    assert held == {Field.PRICE}
    for each in known:
        assert (await trace(tie, each.value, Change.all())).known == each
    assert of_variants(sides, 1, 10) == []

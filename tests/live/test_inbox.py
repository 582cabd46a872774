"""What a group of deliveries leaves in the database."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from tortoise.transactions import in_transaction

from backend.clock import SystemClock
from backend.database import connection, execute, rows
from backend.live.inbox import Arrival, Received, prune_webhooks, receive
from backend.live.pending import MOST_ATTEMPTS, take_pending
from backend.live.topics import Level, Subject
from backend.models.connection import Connection
from backend.models.link import ProductLink, VariantLink
from backend.models.live import PendingSubject, SubjectKind, Webhook
from backend.models.mirror import MirrorStock, MirrorVariant
from backend.models.shop import Role, Shop
from backend.sync.link import LinkOrigin

NOW = SystemClock().now().replace(microsecond=0)
MAIN = "main.myshopify.com"
DEPENDENT = "dependent.myshopify.com"
TEA = "gid://shopify/Product/1"
ITEM = "gid://shopify/InventoryItem/3"
HUB = "gid://shopify/Location/4"


@pytest.fixture
async def shops(database: str) -> dict[str, Shop]:
    return {
        MAIN: await Shop.create(domain=MAIN, role=Role.MAIN),
        DEPENDENT: await Shop.create(domain=DEPENDENT, role=Role.DEPENDENT),
        "new.myshopify.com": await Shop.create(domain="new.myshopify.com"),
    }


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def product(gid: str = TEA) -> tuple[Subject, ...]:
    return (Subject(SubjectKind.PRODUCT, gid),)


def stock(available: int | None) -> tuple[Subject, ...]:
    level = None if available is None else Level(HUB, available)
    return (Subject(SubjectKind.STOCK, ITEM, level),)


def arrival(id_: str, **given: Any) -> Arrival:
    facts: dict[str, Any] = {
        "event_id": f"event of {id_}",
        "shop": MAIN,
        "topic": "products/update",
        "triggered_at": ago(1),
        "subjects": product(),
    }
    return Arrival(id=id_, **(facts | given))


async def took(*arrivals: Arrival, now: datetime = NOW) -> Received:
    async with in_transaction() as client:
        return await receive(client, arrivals, now)


async def pending() -> list[dict[str, Any]]:
    return list(
        await PendingSubject.all()
        .order_by("shop__domain", "kind", "gid")
        .values("shop__domain", "kind", "gid", "seq", "happened_at", "due_at")
    )


async def test_a_delivery_is_remembered_without_its_body_and_marks_its_subject(
    shops: dict[str, Shop],
) -> None:
    received = await took(arrival("w1", triggered_at=ago(3)))
    assert received == Received(frozenset({"w1"}), frozenset({MAIN}), frozenset({(shops[MAIN].id, 0.0)}))
    assert await Webhook.all().values() == [
        {
            "id": "w1",
            "event_id": "event of w1",
            "shop_domain": MAIN,
            "topic": "products/update",
            "triggered_at": ago(3),
            "received_at": NOW,
        }
    ]
    assert await pending() == [
        {
            "shop__domain": MAIN,
            "kind": SubjectKind.PRODUCT,
            "gid": TEA,
            "seq": 1,
            "happened_at": ago(3),
            "due_at": NOW,
        }
    ]


async def test_the_second_delivery_of_an_id_marks_nothing(shops: dict[str, Shop]) -> None:
    await took(arrival("w1"))
    await PendingSubject.all().delete()
    received = await took(arrival("w1"))
    assert received == Received(frozenset(), frozenset({MAIN}), frozenset())
    assert await pending() == []
    assert await Webhook.all().count() == 1


async def test_the_same_id_twice_in_one_group_is_one_delivery(shops: dict[str, Shop]) -> None:
    received = await took(arrival("w1"), arrival("w1", subjects=product("gid://shopify/Product/2")))
    assert received.fresh == {"w1"}
    assert [row["gid"] for row in await pending()] == [TEA]


async def test_any_number_of_events_about_a_subject_are_one_row_that_knows_the_earliest(
    shops: dict[str, Shop],
) -> None:
    """Deliveries come in any order."""
    await took(arrival("w1", triggered_at=ago(5)), arrival("w2", triggered_at=ago(9)))
    await took(arrival("w3", triggered_at=ago(7)), now=NOW + timedelta(seconds=1))
    row = await PendingSubject.get()
    assert (row.happened_at, row.latest_at, row.due_at, row.seq) == (ago(9), ago(5), NOW, 3)
    assert await Webhook.all().count() == 3


async def test_a_new_event_changes_what_the_one_who_looks_has_seen(shops: dict[str, Shop]) -> None:
    await took(arrival("w1"))
    seen = (await PendingSubject.get()).seq
    await took(arrival("w2"))
    assert (await PendingSubject.get()).seq > seen


async def test_what_was_set_aside_has_one_more_chance_when_something_happens(shops: dict[str, Shop]) -> None:
    await took(arrival("w1"))
    await PendingSubject.all().update(attempts=3, set_aside_at=NOW, reason="failed", due_at=ago(-60))
    await took(arrival("w2"))
    row = await PendingSubject.get()
    assert (row.attempts, row.set_aside_at, row.reason, row.due_at) == (2, None, "", NOW)


async def test_what_kills_its_reader_and_changes_all_the_time_is_set_aside_all_the_same(
    shops: dict[str, Shop],
) -> None:
    """Each look begins and never says how it ended; before the next one something happens again."""
    now = NOW
    for number in range(MOST_ATTEMPTS):
        await took(arrival(f"w{number}"), now=now)
        assert len(await take_pending(shops[MAIN].id, SubjectKind.PRODUCT, now, limit=10)) == 1
        now += timedelta(seconds=1)
    await took(arrival("last"), now=now)
    assert await take_pending(shops[MAIN].id, SubjectKind.PRODUCT, now, limit=10) == []
    assert (await PendingSubject.get()).set_aside_at == now


async def test_time_does_not_come_from_the_future(shops: dict[str, Shop]) -> None:
    await took(arrival("w1", triggered_at=NOW + timedelta(hours=1)))
    assert (await PendingSubject.get()).happened_at == NOW


async def test_a_shop_that_never_opened_the_app_leaves_nothing(shops: dict[str, Shop]) -> None:
    received = await took(arrival("w1", shop="stranger.myshopify.com"), arrival("w2"))
    assert received.fresh == {"w2"}
    assert received.known == {MAIN}
    assert [row.id for row in await Webhook.all()] == ["w2"]


def burst_ends(at: datetime) -> datetime:
    """What comes within two seconds is due two seconds after them."""
    return at - timedelta(seconds=at.timestamp() % 2) + timedelta(seconds=4)


async def test_the_echoes_of_a_burst_are_due_together(shops: dict[str, Shop]) -> None:
    began = NOW - timedelta(seconds=NOW.timestamp() % 2)
    for number in range(5):
        at = began + timedelta(seconds=number / 2)
        received = await took(
            arrival(f"w{number}", shop=DEPENDENT, subjects=product(f"{TEA}{number}")), now=at
        )
        ((_, wait),) = received.due
        assert burst_ends(at) == at + timedelta(seconds=wait)
    due = [row["due_at"] - began for row in await pending()]
    assert due == [timedelta(seconds=4)] * 4 + [timedelta(seconds=6)]


async def test_only_what_echoes_in_a_dependent_waits_for_the_burst_to_end(shops: dict[str, Shop]) -> None:
    received = await took(
        arrival("w1", shop=DEPENDENT, subjects=product()),
        arrival("w2", shop=DEPENDENT, subjects=stock(5)),
        arrival("w3", shop=MAIN, subjects=product()),
        arrival("w4", shop="new.myshopify.com", subjects=product()),
    )
    later = burst_ends(NOW)
    assert [(row["shop__domain"], row["kind"], row["due_at"]) for row in await pending()] == [
        (DEPENDENT, SubjectKind.PRODUCT, later),
        (DEPENDENT, SubjectKind.STOCK, NOW),
        (MAIN, SubjectKind.PRODUCT, NOW),
        ("new.myshopify.com", SubjectKind.PRODUCT, NOW),
    ]
    assert received.due == {
        (shops[DEPENDENT].id, (later - NOW).total_seconds()),
        (shops[DEPENDENT].id, 0.0),
        (shops[MAIN].id, 0.0),
        (shops["new.myshopify.com"].id, 0.0),
    }


async def mirrored(shop: Shop, available: int) -> None:
    await MirrorStock.create(
        shop=shop, inventory_item_gid=ITEM, location_gid=HUB, available=available, observed_at=ago(60)
    )
    await MirrorVariant.create(
        shop=shop, gid="v", product_gid=TEA, inventory_item_gid=ITEM, observed_at=ago(60)
    )


async def agreed(shops: dict[str, Shop], base: dict[str, str]) -> None:
    tie = await Connection.create(main=shops[MAIN], dependent=shops[DEPENDENT])
    link = await ProductLink.create(connection=tie, main_gid="m", dependent_gid=TEA, origin=LinkOrigin.SKU)
    await VariantLink.create(connection=tie, product_link=link, main_gid="mv", dependent_gid="v", base=base)


KEY = f"STOCK:{HUB}"


@pytest.mark.parametrize(
    "mirror, told, base, echo",
    [
        pytest.param(7, 7, {KEY: "#7"}, True, id="an own write of shared stock"),
        pytest.param(7, 7, {KEY: "0123456789abcdef"}, True, id="an own write of mirrored stock"),
        pytest.param(7, 7, {}, True, id="nothing was ever agreed on it"),
        pytest.param(7, 7, None, True, id="not linked"),
        pytest.param(0, 0, {KEY: "#0"}, True, id="sold out by us"),
        pytest.param(-1, -1, {KEY: "#-1"}, True, id="below nothing"),
        pytest.param(7, 6, {KEY: "#7"}, False, id="a sale"),
        pytest.param(7, 8, {KEY: "#7"}, False, id="a restock"),
        pytest.param(6, 6, {KEY: "#7"}, False, id="a sale that a read saw first"),
        pytest.param(7, 7, {KEY: "#6"}, False, id="back to an older number"),
        pytest.param(7, None, {KEY: "#7"}, False, id="no number told"),
    ],
)
async def test_the_echo_of_an_own_write_of_stock_is_told_from_a_sale(
    shops: dict[str, Shop], mirror: int, told: int | None, base: dict[str, str] | None, echo: bool
) -> None:
    await mirrored(shops[DEPENDENT], mirror)
    if base is not None:
        await agreed(shops, base)
    received = await took(arrival("w1", shop=DEPENDENT, subjects=stock(told)))
    assert received.fresh == {"w1"}
    assert await pending() == (
        []
        if echo
        else [
            {
                "shop__domain": DEPENDENT,
                "kind": SubjectKind.STOCK,
                "gid": ITEM,
                "seq": 1,
                "happened_at": ago(1),
                "due_at": NOW,
            }
        ]
    )
    assert received.due == (frozenset() if echo else {(shops[DEPENDENT].id, 0.0)})


async def test_telling_an_echo_reads_few_rows_even_by_a_plan_from_when_the_tables_were_empty(
    shops: dict[str, Shop],
) -> None:
    """A prepared statement keeps its plan for a while, and a first sync fills the tables at once."""
    dependent = shops[DEPENDENT]
    for number in range(8):
        await took(arrival(f"early{number}", shop=DEPENDENT, subjects=stock(7)))
    await mirrored(dependent, 7)
    await agreed(shops, {KEY: "#7"})
    others = [f"{number:05}" for number in range(3_000)]
    await MirrorVariant.bulk_create(
        MirrorVariant(
            shop=dependent, gid=f"v{each}", product_gid=TEA, inventory_item_gid=f"i{each}", observed_at=NOW
        )
        for each in others
    )
    await MirrorStock.bulk_create(
        MirrorStock(
            shop=dependent, inventory_item_gid=f"i{each}", location_gid=HUB, available=1, observed_at=NOW
        )
        for each in others
    )
    link = await VariantLink.get().select_related("connection", "product_link")
    await VariantLink.bulk_create(
        VariantLink(
            connection=link.connection,
            product_link=link.product_link,
            main_gid=f"mv{each}",
            dependent_gid=f"v{each}",
        )
        for each in others
    )
    before = await rows_read()
    received = await took(*(arrival(f"w{n}", shop=DEPENDENT, subjects=stock(7)) for n in range(50)))
    assert (len(received.fresh), received.due) == (50, frozenset())
    assert await rows_read() - before < 1_000


async def rows_read() -> int:
    """From the mirror and the links, since the database was made."""
    async with in_transaction() as client:
        await execute(client, "SELECT pg_stat_force_next_flush()")
    (found,) = await rows(
        connection(),
        "SELECT sum(seq_tup_read + idx_tup_fetch)::int AS read FROM pg_stat_user_tables "
        "WHERE relname = ANY($1)",
        ["mirror_stock", "mirror_variant", "variant_link"],
    )
    return int(found["read"])


async def test_an_echo_does_not_take_away_what_is_already_pending(shops: dict[str, Shop]) -> None:
    await mirrored(shops[DEPENDENT], 7)
    await took(arrival("w1", shop=DEPENDENT, subjects=stock(6)))
    await took(arrival("w2", shop=DEPENDENT, subjects=stock(7)))
    assert (await PendingSubject.get()).seq == 1


async def test_in_a_main_every_number_is_looked_at(shops: dict[str, Shop]) -> None:
    await mirrored(shops[MAIN], 7)
    await took(arrival("w1", subjects=stock(7)))
    assert [row["kind"] for row in await pending()] == [SubjectKind.STOCK]


async def test_what_the_database_refuses_leaves_no_trace(shops: dict[str, Shop]) -> None:
    """The delivery and what it marks are one transaction: the mark is what is refused here."""
    with pytest.raises(Exception, match=r"u0000|null character|invalid byte sequence"):
        await took(arrival("w1"), arrival("w2", subjects=product("gid://shopify/Product/\x00")))
    assert await Webhook.all().count() == 0
    assert await pending() == []


async def test_ids_are_forgotten_once_shopify_can_no_longer_repeat_them(shops: dict[str, Shop]) -> None:
    await took(arrival("old"), now=ago(8 * 86_400))
    await took(arrival("edge"), now=ago(7 * 86_400))
    await took(arrival("new"))
    async with in_transaction() as client:
        assert await prune_webhooks(client, ago(7 * 86_400)) == 1
    assert {row.id for row in await Webhook.all()} == {"edge", "new"}

"""Stock, variants and metafields: answers that the sandbox never gives, and failures between two calls."""

from typing import Any

import httpx
import pytest

from backend.errors import ErrorCode, RetryError, Unavailable
from backend.shopify.outcome import Applied, Outcome, Stale, Unsent
from backend.shopify.writer import CatalogWriter
from backend.sync.catalog import (
    InventoryItemId,
    MediaId,
    VariantId,
)
from backend.sync.fields import Field
from backend.sync.writes import (
    AdjustEntry,
    AdjustStock,
    CreateVariants,
    DeleteProduct,
    MediaAlt,
    MetafieldEntry,
    NewVariant,
    Restructure,
    SetMedia,
    SetMetafields,
    SetStock,
    StockEntry,
    UpdateProduct,
    UpdateVariants,
    VariantValues,
    Write,
)
from tests.shopify.values import a_variant
from tests.shopify.wire import Reply, reply, scripted
from tests.shopify.write_script import ONE, PLACE, PRODUCT, TWO, node, problem, write
from tests.shopify.writing import KEY, change, refused, value


def stock(*rows: int) -> SetStock:
    return SetStock(
        tuple(
            StockEntry(change(number), InventoryItemId(f"gid://shopify/InventoryItem/{number}"), PLACE, 5, 3)
            for number in rows
        )
    )


def set_quantities(*errors: dict[str, Any], group: Any = None) -> Reply:
    return reply({"inventorySetQuantities": {"inventoryAdjustmentGroup": group, "userErrors": list(errors)}})


GROUP = {"id": "gid://shopify/InventoryAdjustmentGroup/1", "createdAt": "2026-11-02T09:00:00Z"}
STALE = "CHANGE_FROM_QUANTITY_STALE"


@pytest.mark.parametrize(
    ("answer", "outcomes"),
    [
        (set_quantities(group=GROUP), [Applied(), Applied(), Applied()]),
        (set_quantities(group=None), [Applied(), Applied(), Applied()]),
        (
            set_quantities(problem(STALE, "input", "quantities", "1", "changeFromQuantity")),
            [Unsent(), Stale(), Unsent()],
        ),
        (
            set_quantities(problem("COMPARE_QUANTITY_STALE", "input", "quantities", "1"), group=GROUP),
            [Applied(), Stale(), Applied()],
        ),
        (set_quantities(problem("IDEMPOTENCY_KEY_PARAMETER_MISMATCH")), [Stale(), Stale(), Stale()]),
        (set_quantities(problem("IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED")), [Stale(), Stale(), Stale()]),
        (
            reply(errors=[{"message": "", "extensions": {"code": "IDEMPOTENCY_KEY_PARAMETER_MISMATCH"}}]),
            [Stale(), Stale(), Stale()],
        ),
    ],
)
async def test_stock_is_told_row_by_row_whichever_way_shopify_takes_a_batch(
    answer: Reply, outcomes: list[Outcome]
) -> None:
    result, _ = await write(answer, to=stock(1, 2, 3))
    assert [result.outcomes[change(number)] for number in (1, 2, 3)] == outcomes
    assert set(result.values) == {number for number, each in result.outcomes.items() if each == Applied()}


async def test_an_error_about_the_whole_batch_fails_the_whole_batch() -> None:
    result, _ = await write(set_quantities(problem("INVALID_REASON", "input", "reason")), to=stock(1, 2))
    assert [refused(each) for each in result.outcomes.values()] == [
        (ErrorCode.SHOPIFY_REFUSED, "INVALID_REASON")
    ] * 2


async def test_an_error_about_a_row_that_was_not_sent_is_about_none() -> None:
    answer = set_quantities(problem(STALE, "input", "quantities", "7"))
    result, _ = await write(answer, to=stock(1))
    assert result.outcomes == {1: Unsent()}


def deltas(*rows: int) -> AdjustStock:
    return AdjustStock(
        tuple(
            AdjustEntry(change(number), InventoryItemId(f"gid://shopify/InventoryItem/{number}"), PLACE, -1)
            for number in rows
        )
    )


def adjust_quantities(*errors: dict[str, Any], group: Any = None) -> Reply:
    return reply(
        {"inventoryAdjustQuantities": {"inventoryAdjustmentGroup": group, "userErrors": list(errors)}}
    )


@pytest.mark.parametrize(
    ("answer", "outcomes"),
    [
        (adjust_quantities(group=GROUP), [Applied(), Applied()]),
        (adjust_quantities(problem("IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED")), [Stale(), Stale()]),
        (
            reply(errors=[{"message": "", "extensions": {"code": "IDEMPOTENCY_KEY_PARAMETER_MISMATCH"}}]),
            [Stale(), Stale()],
        ),
    ],
)
async def test_deltas_are_told_row_by_row(answer: Reply, outcomes: list[Outcome]) -> None:
    result, _ = await write(answer, to=deltas(1, 2))
    assert [result.outcomes[change(number)] for number in (1, 2)] == outcomes


async def test_a_delta_says_that_nothing_is_to_be_compared() -> None:
    _, script = await write(adjust_quantities(group=GROUP), to=deltas(1))
    (sent,) = script.sent
    assert sent["key"] == str(KEY)
    assert sent["input"]["changes"] == [
        {
            "inventoryItemId": "gid://shopify/InventoryItem/1",
            "locationId": PLACE,
            "delta": -1,
            "changeFromQuantity": None,
        }
    ]


@pytest.mark.parametrize(
    "code", ["SERVICE_UNAVAILABLE", "ADJUST_QUANTITIES_FAILED", "IDEMPOTENCY_CONCURRENT_REQUEST"]
)
async def test_deltas_that_shopify_cannot_take_now_are_for_later_under_the_same_key(code: str) -> None:
    with pytest.raises(RetryError) as raised:
        await write(adjust_quantities(problem(code)), to=deltas(1))
    assert raised.value.after == 1.0


async def test_deltas_unanswered_are_sent_again_under_their_key() -> None:
    client, script = scripted(httpx.ReadTimeout("silent"), adjust_quantities(group=GROUP), patience=60)
    result = await script.clock.run_until(CatalogWriter(client).execute(deltas(1), KEY))
    assert result.outcomes == {1: Applied()}
    first, second = script.requests
    assert first.content == second.content


@pytest.mark.parametrize("top_level", [True, False])
async def test_a_key_still_worked_on_is_for_later(top_level: bool) -> None:
    code = "IDEMPOTENCY_CONCURRENT_REQUEST"
    answer = reply(errors=[{"message": "", "extensions": {"code": code}}])
    with pytest.raises(RetryError) as raised:
        await write(answer if top_level else set_quantities(problem(code)), to=stock(1))
    assert raised.value.after == 1.0


async def test_stock_unanswered_is_sent_again_under_its_key() -> None:
    client, script = scripted(httpx.ReadTimeout("silent"), set_quantities(group=GROUP), patience=60)
    result = await script.clock.run_until(CatalogWriter(client).execute(stock(1), KEY))
    assert result.outcomes == {1: Applied()}
    assert [each["key"] for each in script.sent] == [str(KEY), str(KEY)]


async def test_an_item_that_is_not_stocked_is_activated_and_sent_under_a_key_of_its_own() -> None:
    missing = problem("ITEM_NOT_STOCKED_AT_LOCATION", "input", "quantities", "1", "locationId")
    activated = reply({"inventoryActivate": {"inventoryLevel": None, "userErrors": []}})
    batch = stock(1, 2)
    result, script = await write(set_quantities(missing), activated, set_quantities(group=GROUP), to=batch)
    assert result.outcomes == {1: Applied(), 2: Applied()}
    first, activation, second = script.sent
    assert (activation["inventoryItemId"], activation["locationId"]) == (
        "gid://shopify/InventoryItem/2",
        PLACE,
    )
    assert first["input"] == second["input"]
    assert len({each["key"] for each in script.sent}) == 3
    _, again = await write(set_quantities(missing), activated_again(), set_quantities(group=GROUP), to=batch)
    assert [each["key"] for each in again.sent] == [each["key"] for each in script.sent]


def activated_again() -> Reply:
    errors = [problem(None, "available")]
    return reply({"inventoryActivate": {"inventoryLevel": None, "userErrors": errors}})


def update(*variants: VariantId) -> UpdateVariants:
    return UpdateVariants(
        PRODUCT,
        tuple(
            VariantValues(
                gid,
                (
                    value(number * 10, Field.PRICE, "1.00"),
                    value(number * 10 + 1, Field.COMPARE_AT_PRICE, "2.00"),
                ),
            )
            for number, gid in enumerate(variants, start=1)
        ),
    )


def updated(nodes: Any, *errors: dict[str, Any]) -> Reply:
    return reply({"productVariantsBulkUpdate": {"productVariants": nodes, "userErrors": list(errors)}})


async def test_an_error_that_names_no_value_is_about_the_whole_variant() -> None:
    answer = updated([node(TWO)], problem(None, "variants", "0", message="must be greater than 0"))
    result, _ = await write(answer, to=update(ONE, TWO))
    assert refused(result.outcomes[change(10)]) == refused(result.outcomes[change(11)])
    assert refused(result.outcomes[change(10)]) == (ErrorCode.SHOPIFY_REFUSED, None)
    assert (result.outcomes[change(20)], result.outcomes[change(21)]) == (Applied(), Applied())


async def test_an_error_without_any_field_is_about_all() -> None:
    result, _ = await write(updated(None, problem("PRODUCT_SUSPENDED")), to=update(ONE, TWO))
    assert {refused(each) for each in result.outcomes.values()} == {
        (ErrorCode.SHOPIFY_REFUSED, "PRODUCT_SUSPENDED")
    }


async def test_a_variant_that_is_neither_answered_nor_refused_is_sent_again() -> None:
    result, _ = await write(updated([node(ONE)]), to=update(ONE, TWO))
    assert result.outcomes == {10: Applied(), 11: Applied(), 20: Unsent(), 21: Unsent()}
    assert result.values == {10: "1.00", 11: "2.00"}


@pytest.mark.parametrize(
    ("failure", "rest"),
    [
        (httpx.ConnectError("refused"), Unsent()),
        (httpx.ReadTimeout("silent"), Stale()),
        (httpx.Response(429), Unsent()),
        (httpx.Response(502), Stale()),
    ],
)
async def test_what_took_effect_is_told_when_a_later_call_fails(failure: Reply, rest: Outcome) -> None:
    bad_price = problem("GREATER_THAN_OR_EQUAL_TO", "variants", "0", "price")
    result, script = await write(updated([node(TWO)], bad_price), failure, to=update(ONE, TWO))
    assert refused(result.outcomes[change(10)])[1] == "GREATER_THAN_OR_EQUAL_TO"
    assert result.outcomes[change(11)] == rest
    assert (result.outcomes[change(20)], result.outcomes[change(21)]) == (Applied(), Applied())
    assert len(script.requests) == 2


async def test_a_first_call_that_fails_is_passed_on() -> None:
    title = UpdateProduct(PRODUCT, (value(1, Field.TITLE, "x"),))
    for to in (update(ONE), title, DeleteProduct(change(1), PRODUCT)):
        with pytest.raises(Unavailable) as raised:
            await write(httpx.ReadTimeout("silent"), to=to)
        assert raised.value.sent is True


def metafields(*keys: str) -> SetMetafields:
    return SetMetafields(
        tuple(
            MetafieldEntry(change(number), PRODUCT, "custom", key, "single_line_text_field", key)
            for number, key in enumerate(keys, start=1)
        )
    )


def metafields_set(*keys: str, errors: tuple[dict[str, Any], ...] = ()) -> Reply:
    nodes = [
        {"namespace": "custom", "key": key, "type": "single_line_text_field", "value": key} for key in keys
    ]
    return reply({"metafieldsSet": {"metafields": [] if errors else nodes, "userErrors": list(errors)}})


async def test_a_bad_metafield_that_is_not_named_is_found_by_halves() -> None:
    nameless = problem("INTERNAL_ERROR", "metafields")
    result, script = await write(
        metafields_set(errors=(nameless,)),
        metafields_set("aa", "bb"),
        metafields_set(errors=(nameless,)),
        metafields_set(errors=(nameless,)),
        metafields_set("dd"),
        to=metafields("aa", "bb", "cc", "dd"),
    )
    assert [len(each["metafields"]) for each in script.sent] == [4, 2, 2, 1, 1]
    assert refused(result.outcomes[change(3)]) == (ErrorCode.SHOPIFY_REFUSED, "INTERNAL_ERROR")
    assert [result.outcomes[change(number)] for number in (1, 2, 4)] == [Applied()] * 3


async def test_element_index_names_the_bad_metafield() -> None:
    bad = {"code": "INVALID_VALUE", "field": ["metafields"], "message": "No.", "elementIndex": 1}
    answers = (metafields_set(errors=(bad,)), metafields_set("aa"))
    result, _ = await write(*answers, to=metafields("aa", "bb"))
    assert result.outcomes[change(1)] == Applied()
    assert refused(result.outcomes[change(2)]) == (ErrorCode.SHOPIFY_REFUSED, "INVALID_VALUE")


async def test_another_number_of_metafields_than_written_is_no_answer() -> None:
    with pytest.raises(Unavailable):
        await write(metafields_set("aa"), to=metafields("aa", "bb"))


IMAGE = MediaId("gid://shopify/MediaImage/1")


@pytest.mark.parametrize(
    ("answer", "to"),
    [
        (reply({}), update(ONE)),
        (reply({"productVariantsBulkUpdate": None}), update(ONE)),
        (updated([{}]), update(ONE)),
        (reply({"productVariantsBulkUpdate": {"productVariants": [], "userErrors": None}}), update(ONE)),
        (reply({"productVariantsBulkUpdate": {"productVariants": [], "userErrors": ["x"]}}), update(ONE)),
        (
            reply({"productUpdate": {"product": None, "userErrors": []}}),
            UpdateProduct(PRODUCT, (value(1, Field.TITLE, "x"),)),
        ),
        (
            reply({"productVariantsBulkCreate": {"productVariants": [], "userErrors": []}}),
            CreateVariants(PRODUCT, (NewVariant(change(1), a_variant(1)),)),
        ),
        (reply({"inventorySetQuantities": {"userErrors": None}}), stock(1)),
        (reply({"fileUpdate": {}}), SetMedia(PRODUCT, (MediaAlt(change(1), IMAGE, "x"),))),
        (reply({"product": {"id": PRODUCT}}), Restructure(change(1), PRODUCT, (), ())),
    ],
)
async def test_a_payload_of_another_shape_is_read_again_and_not_guessed(answer: Reply, to: Write) -> None:
    with pytest.raises(Unavailable) as raised:
        await write(answer, to=to)
    assert raised.value.sent is True

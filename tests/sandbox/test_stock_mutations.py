"""Quantities, levels, inventory items."""

# ruff: noqa: E501 (messages of a real shop and documents stand as they are sent)

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from sandbox.commands.shops import set_location_active
from sandbox.ids import gid, level_gid
from sandbox.store.location import Location
from sandbox.store.product import Product
from tests.sandbox.caller import Caller, caller, errors_of, product

KEYS = (f"key-{number}" for number in count())
SET = """mutation($i: InventorySetQuantitiesInput!, $key: String!) { inventorySetQuantities(input: $i) @idempotent(key: $key) {
  inventoryAdjustmentGroup { id reason referenceDocumentUri createdAt changes { name delta quantityAfterChange item { id } location { id } } }
  userErrors { code field message } } }"""
ADJUST = SET.replace("SetQuantities", "AdjustQuantities")
ACTIVATE = """mutation($item: ID!, $place: ID!, $available: Int, $onHand: Int, $key: String!) {
  inventoryActivate(inventoryItemId: $item, locationId: $place, available: $available, onHand: $onHand) @idempotent(key: $key) {
    inventoryLevel { id isActive quantities(names: ["available", "on_hand"]) { name quantity } } userErrors { field message } } }"""


def item_of(made: Product) -> str:
    return gid("InventoryItem", made.variants[0].item.id)


def places(shop: Caller) -> list[Location]:
    return list(shop.shop.locations)


def row(made: Product, location: Location, quantity: int, **given: Any) -> dict[str, Any]:
    return {
        "inventoryItemId": item_of(made),
        "locationId": gid("Location", location.id),
        "quantity": quantity,
        "changeFromQuantity": None,
        **given,
    }


def setting(*rows: dict[str, Any], **given: Any) -> dict[str, Any]:
    order = {"name": "available", "reason": "correction", "quantities": list(rows), **given}
    return {"i": order, "key": next(KEYS)}


def adjusting(*rows: dict[str, Any], **given: Any) -> dict[str, Any]:
    changes = [
        {**{key: value for key, value in entry.items() if key != "quantity"}, "delta": entry["quantity"]}
        for entry in rows
    ]
    return {
        "i": {"name": "available", "reason": "correction", "changes": changes, **given},
        "key": next(KEYS),
    }


def stock(made: Product) -> int:
    return made.variants[0].item.available


def test_setting_tells_the_change_of_available_and_on_hand() -> None:
    shop = caller()
    made = product(shop.shop, stock=5)
    main = places(shop)[0]
    shop.wait(60)
    before = made.updated_at
    group = shop.mutate(
        SET, setting(row(made, main, 8, changeFromQuantity=5), referenceDocumentUri="gid://app/Job/1")
    )["inventoryAdjustmentGroup"]
    shown = {
        "quantityAfterChange": None,
        "item": {"id": item_of(made)},
        "location": {"id": gid("Location", main.id)},
    }
    assert group["changes"] == [
        {"name": "available", "delta": 3, **shown},
        {"name": "on_hand", "delta": 3, **shown},
    ]
    assert (group["reason"], group["referenceDocumentUri"]) == ("correction", "gid://app/Job/1")
    assert stock(made) == 8
    assert made.updated_at > before


def test_setting_what_is_there_changes_nothing() -> None:
    shop = caller()
    made = product(shop.shop, stock=5)
    shop.wait(60)
    before = made.updated_at
    assert shop.mutate(SET, setting(row(made, places(shop)[0], 5)))["inventoryAdjustmentGroup"] is None
    assert made.updated_at == before


def test_on_hand_counts_what_is_reserved_as_well() -> None:
    shop = caller()
    made = product(shop.shop, stock=5)
    level = made.variants[0].item.levels[places(shop)[0].id]
    level.committed = 2
    shop.mutate(SET, setting(row(made, places(shop)[0], 10, changeFromQuantity=7), name="on_hand"))
    assert (level.available, level.on_hand) == (8, 10)


def test_one_stale_row_stops_all_and_is_named() -> None:
    shop = caller()
    good, stale = product(shop.shop, "A", stock=5), product(shop.shop, "B", stock=5)
    main = places(shop)[0]
    payload = shop.refused(
        SET, setting(row(good, main, 1, changeFromQuantity=5), row(stale, main, 1, changeFromQuantity=4))
    )
    assert errors_of(payload) == [
        (
            "CHANGE_FROM_QUANTITY_STALE",
            "input/quantities/1/changeFromQuantity",
            "The changeFromQuantity value does not match persisted value.",
        )
    ]
    assert (stock(good), stock(stale)) == (5, 5)


@pytest.mark.parametrize(
    ("document", "order", "mutation", "kind"),
    [
        (SET, setting, "inventorySetQuantities", "InventoryQuantityInput"),
        (ADJUST, adjusting, "inventoryAdjustQuantities", "InventoryChangeInput"),
    ],
)
def test_the_comparison_must_be_given_even_if_it_is_null(
    document: str, order: Callable[[dict[str, Any]], dict[str, Any]], mutation: str, kind: str
) -> None:
    shop = caller()
    made = product(shop.shop)
    entry = row(made, places(shop)[0], 1)
    del entry["changeFromQuantity"]
    answer = shop.raw(document, order(entry))
    assert answer["data"] == {mutation: None}
    (error,) = answer["errors"]
    assert error["message"] == f"{kind} must include the following argument: changeFromQuantity."
    assert error["extensions"]["code"] == "INVALID_FIELD_ARGUMENTS"


QUANTITY = "input/quantities/0/"


@pytest.mark.parametrize(
    ("changed", "order", "code", "field", "message"),
    [
        ({"inventoryItemId": gid("InventoryItem", 1)}, {}, "INVALID_INVENTORY_ITEM", QUANTITY + "inventoryItemId", "The specified inventory item could not be found."),
        ({"locationId": gid("Location", 1)}, {}, "INVALID_LOCATION", QUANTITY + "locationId", "The specified location could not be found."),
        ({}, {"name": "reserved"}, "INVALID_NAME", "input/name", "The quantity name must be either 'available' or 'on_hand'."),
        ({"quantity": -1}, {"name": "on_hand"}, "INVALID_QUANTITY_NEGATIVE", QUANTITY + "quantity", "The quantity can't be negative."),
        ({"quantity": 1_000_000_001}, {}, "INVALID_QUANTITY_TOO_HIGH", QUANTITY + "quantity", "The quantity can't be higher than 1,000,000,000."),
        ({"quantity": -1_000_000_001}, {}, "INVALID_QUANTITY_TOO_LOW", QUANTITY + "quantity", "The quantity can't be lower than -1,000,000,000."),
        ({}, {"referenceDocumentUri": "job 1"}, "INVALID_REFERENCE_DOCUMENT", "input/referenceDocumentUri", "The specified reference document is invalid."),
    ],
)  # fmt: skip
def test_what_cannot_be_set(
    changed: dict[str, Any], order: dict[str, Any], code: str, field: str, message: str
) -> None:
    shop = caller()
    made = product(shop.shop, stock=5)
    payload = shop.refused(SET, setting({**row(made, places(shop)[0], 3), **changed}, **order))
    assert errors_of(payload) == [(code, field, message)]
    assert payload["inventoryAdjustmentGroup"] is None
    assert stock(made) == 5


def test_reasons_are_a_closed_list() -> None:
    shop = caller()
    (error,) = errors_of(shop.refused(SET, setting(reason="because")))
    assert error[:2] == ("INVALID_REASON", "input/reason")
    assert error[2].startswith(
        "The specified reason is invalid. Valid values are: correction, cycle_count_available, damaged, "
        "movement_canceled, movement_created, movement_received, movement_updated, other, promotion, quality_contr"
    )


def test_an_item_stands_once_per_location() -> None:
    shop = caller()
    made = product(shop.shop, stock=5)
    main = places(shop)[0]
    payload = shop.refused(SET, setting(row(made, main, 1), row(made, main, 2)))
    assert errors_of(payload) == [
        (
            "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR",
            "input/quantities/1/locationId",
            "The combination of inventoryItemId and locationId must be unique.",
        )
    ]


def test_a_negative_available_is_possible() -> None:
    shop = caller()
    made = product(shop.shop, stock=5)
    shop.mutate(SET, setting(row(made, places(shop)[0], -3)))
    assert stock(made) == -3


def test_before_2026_10_an_item_must_be_stocked_there() -> None:
    shop = caller(version="2026-07")
    made = product(shop.shop, stock=5)
    annex = places(shop)[1]
    for document, order in ((SET, setting(row(made, annex, 1))), (ADJUST, adjusting(row(made, annex, 1)))):
        (error,) = errors_of(shop.refused(document, order))
        assert error[0] == "ITEM_NOT_STOCKED_AT_LOCATION"
    key = {"key": next(KEYS), "item": item_of(made), "place": gid("Location", annex.id)}
    shop.mutate(ACTIVATE, key)
    shop.mutate(SET, setting(row(made, annex, 4)))
    assert stock(made) == 9


def test_since_2026_10_it_can_be_set_anywhere() -> None:
    shop = caller(version="2026-10")
    made = product(shop.shop, stock=5)
    shop.mutate(SET, setting(row(made, places(shop)[1], 4, changeFromQuantity=0)))
    assert stock(made) == 9
    assert len(made.variants[0].item.levels) == 2


def test_a_closed_location_is_not_found_and_its_stock_not_counted() -> None:
    shop = caller()
    made = product(shop.shop, stock=5)
    annex = places(shop)[1]
    shop.mutate(SET, setting(row(made, annex, 4)))
    set_location_active(shop.shop, annex, active=False)
    assert stock(made) == 5
    assert errors_of(shop.refused(SET, setting(row(made, annex, 1))))[0][0] == "INVALID_LOCATION"
    assert [
        node["name"] for node in shop.data("{ locations(first: 9) { nodes { name } } }")["locations"]["nodes"]
    ] == ["Main"]
    every = shop.data("{ locations(first: 9, includeInactive: true) { nodes { name isActive } } }")
    assert every["locations"]["nodes"] == [
        {"name": "Annex", "isActive": False},
        {"name": "Main", "isActive": True},
    ]


def test_adjusting_adds_up_row_after_row() -> None:
    shop = caller()
    made = product(shop.shop, stock=5)
    main = places(shop)[0]
    shop.mutate(ADJUST, adjusting(row(made, main, -2, changeFromQuantity=5)))
    assert stock(made) == 3
    stale = shop.refused(ADJUST, adjusting(row(made, main, -2, changeFromQuantity=5)))
    assert errors_of(stale)[0][:2] == ("CHANGE_FROM_QUANTITY_STALE", "input/changes/0/changeFromQuantity")
    assert stock(made) == 3


LEDGER = "ledger://count/1"


@pytest.mark.parametrize(
    ("name", "ledgers", "code", "field"),
    [
        ("available", [LEDGER], "INVALID_AVAILABLE_DOCUMENT", "input/changes/0/ledgerDocumentUri"),
        ("damaged", [None], "INVALID_QUANTITY_DOCUMENT", "input/changes/0/ledgerDocumentUri"),
        (
            "damaged",
            ["gid://shopify/Order/1"],
            "INTERNAL_LEDGER_DOCUMENT",
            "input/changes/0/ledgerDocumentUri",
        ),
        ("damaged", [LEDGER, "ledger://count/2"], "MAX_ONE_LEDGER_DOCUMENT", "input/changes"),
        ("committed", [LEDGER], "INVALID_QUANTITY_NAME", "input/name"),
    ],
)
def test_what_cannot_be_adjusted(name: str, ledgers: list[str | None], code: str, field: str) -> None:
    shop = caller()
    made = product(shop.shop, stock=5)
    rows = [row(made, places(shop)[index], 1, ledgerDocumentUri=uri) for index, uri in enumerate(ledgers)]
    errors = errors_of(shop.refused(ADJUST, adjusting(*rows, name=name)))
    assert [error[:2] for error in errors] == [(code, field)]
    assert stock(made) == 5


def test_damaged_goods_are_on_hand_but_not_available() -> None:
    shop = caller()
    made = product(shop.shop, stock=5)
    shop.mutate(ADJUST, adjusting(row(made, places(shop)[0], 2, ledgerDocumentUri=LEDGER), name="damaged"))
    found = shop.data(
        """query($id: ID!) { inventoryItem(id: $id) { inventoryLevels(first: 5) { nodes {
          quantities(names: ["available", "on_hand", "damaged", "nonsense"]) { name quantity } } } } }""",
        {"id": item_of(made)},
    )
    assert found["inventoryItem"]["inventoryLevels"]["nodes"][0]["quantities"] == [
        {"name": "available", "quantity": 5},
        {"name": "on_hand", "quantity": 7},
        {"name": "damaged", "quantity": 2},
    ]


@pytest.mark.parametrize(
    ("available", "on_hand", "expected"), [(None, None, (0, 0)), (7, None, (0, 0)), (None, 7, (7, 7))]
)
def test_what_a_fresh_level_begins_with(
    available: int | None, on_hand: int | None, expected: tuple[int, int]
) -> None:
    shop = caller()
    made = product(shop.shop)
    annex = places(shop)[1]
    asked = {
        "item": item_of(made),
        "place": gid("Location", annex.id),
        "available": available,
        "onHand": on_hand,
    }
    level = shop.mutate(ACTIVATE, {**asked, "key": next(KEYS)})["inventoryLevel"]
    assert tuple(entry["quantity"] for entry in level["quantities"]) == expected
    assert level["id"] == level_gid(annex.id, made.variants[0].item.id)


@pytest.mark.parametrize(
    ("given", "fields", "messages"),
    [
        ({"place": 0, "available": 1}, ["available"], ["Not allowed to set available quantity when the item is already active at the location."]),
        ({"place": 0, "onHand": 1}, ["onHand"], ["Not allowed to set an on_hand quantity when the item is already active at the location."]),
        (
            {"place": 1, "available": 1, "onHand": 1},
            ["available", "onHand"],
            ["The product couldn't be stocked at Annex because not allowed to set available and on_hand quantities at the same time."] * 2,
        ),
        (
            {"place": 1, "onHand": 1_000_000_001},
            ["onHand"],
            ["The product couldn't be stocked at Annex because the quantity needs to be between -1 billion and 1 billion."],
        ),
        ({"place": 1, "item": gid("InventoryItem", 1)}, ["inventoryItemId"], ["The product couldn't be stocked at Annex because the product was deleted."]),
        ({"place": None}, ["locationId"], ["The product couldn't be stocked because the location wasn't found."]),
    ],
)  # fmt: skip
def test_what_is_not_activated(given: dict[str, Any], fields: list[str], messages: list[str]) -> None:
    shop = caller()
    made = product(shop.shop)
    place = given.pop("place")
    location = gid("Location", 1 if place is None else places(shop)[place].id)
    payload = shop.refused(ACTIVATE, {"item": item_of(made), **given, "place": location, "key": next(KEYS)})
    assert errors_of(payload) == [
        (None, field, message) for field, message in zip(fields, messages, strict=True)
    ]
    assert payload["inventoryLevel"] is None
    assert len(made.variants[0].item.levels) == 1


def test_a_level_that_is_woken_up_has_its_old_quantities() -> None:
    shop = caller()
    made = product(shop.shop, stock=5)
    item = made.variants[0].item
    main, annex = places(shop)
    off = "mutation($id: ID!) { inventoryDeactivate(inventoryLevelId: $id) { userErrors { field message } } }"
    assert errors_of(shop.refused(off, {"id": level_gid(main.id, item.id)})) == [
        (
            None,
            None,
            "The product couldn't be unstocked from Main because products need to be stocked at a minimum of 1 location.",
        )
    ]
    shop.mutate(ACTIVATE, {"item": item_of(made), "place": gid("Location", annex.id), "key": next(KEYS)})
    shop.mutate(off, {"id": level_gid(main.id, item.id)})
    assert item.available == 0
    levels = "query($id: ID!) { inventoryItem(id: $id) { inventoryLevels(first: 5, includeInactive: %s) { nodes { isActive } } } }"
    assert (
        len(shop.data(levels % "false", {"id": item_of(made)})["inventoryItem"]["inventoryLevels"]["nodes"])
        == 1
    )
    assert (
        len(shop.data(levels % "true", {"id": item_of(made)})["inventoryItem"]["inventoryLevels"]["nodes"])
        == 2
    )
    again = {"item": item_of(made), "place": gid("Location", main.id), "key": next(KEYS), "onHand": 99}
    shop.mutate(ACTIVATE, again)
    assert item.available == 5


ITEM = """mutation($id: ID!, $i: InventoryItemInput!) { inventoryItemUpdate(id: $id, input: $i) {
  inventoryItem { sku tracked requiresShipping unitCost { amount currencyCode } measurement { weight { value unit } }
    harmonizedSystemCode countryCodeOfOrigin updatedAt } userErrors { field message } } }"""


def test_changing_an_item() -> None:
    shop = caller()
    made = product(shop.shop, sizes=("S",), tracked=False)
    given = {
        "sku": "NEW",
        "tracked": True,
        "requiresShipping": False,
        "cost": "3.5",
        "measurement": {"weight": {"value": 0.25, "unit": "POUNDS"}},
        "harmonizedSystemCode": "6109.10.00",
        "countryCodeOfOrigin": "PT",
    }
    changed = shop.mutate(ITEM, {"id": item_of(made), "i": given})["inventoryItem"]
    stamp = changed.pop("updatedAt")
    assert changed == {
        "sku": "NEW",
        "tracked": True,
        "requiresShipping": False,
        "unitCost": {"amount": "3.5", "currencyCode": "EUR"},
        "measurement": {"weight": {"value": 0.25, "unit": "POUNDS"}},
        "harmonizedSystemCode": "61091000",
        "countryCodeOfOrigin": "PT",
    }
    assert list(shop.shop.skus) == ["new"]
    shop.wait(60)
    assert shop.mutate(ITEM, {"id": item_of(made), "i": given})["inventoryItem"]["updatedAt"] == stamp
    cleared = shop.mutate(ITEM, {"id": item_of(made), "i": {"cost": None, "sku": None, "tracked": None}})[
        "inventoryItem"
    ]
    assert (cleared["unitCost"], cleared["sku"], cleared["tracked"]) == (None, None, True)


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"cost": "-1"}, "input/cost", "Cost must be greater than or equal to 0"),
        ({"harmonizedSystemCode": "12"}, "input/harmonizedSystemCode", "Harmonized system code must be a number between six and thirteen digits"),
        ({"measurement": {"weight": {"value": -1, "unit": "KILOGRAMS"}}}, "input/measurement/weight", "Measurement weight value -1 kg must be >= 0 kg"),
    ],
)  # fmt: skip
def test_what_an_item_cannot_be(given: dict[str, Any], field: str, message: str) -> None:
    shop = caller()
    made = product(shop.shop)
    payload = shop.refused(ITEM, {"id": item_of(made), "i": given})
    assert errors_of(payload) in (
        [(None, field, message)],
        [(None, field, message.replace("-1 kg", "-1.0 kg"))],
    )
    missing = shop.refused(ITEM, {"id": gid("InventoryItem", 1), "i": {}})
    assert errors_of(missing) == [(None, "id", "The product couldn't be updated because it does not exist.")]


def test_total_inventory_is_of_tracked_variants_at_open_locations() -> None:
    shop = caller()
    made = product(shop.shop, stock=5)
    loose = product(shop.shop, "Loose", stock=5, tracked=False)
    query = "query($id: ID!) { product(id: $id) { totalInventory tracksInventory variants(first: 1) { nodes { inventoryQuantity availableForSale sellableOnlineQuantity } } } }"
    assert shop.data(query, {"id": gid("Product", made.id)})["product"] == {
        "totalInventory": 10,
        "tracksInventory": True,
        "variants": {
            "nodes": [{"inventoryQuantity": 5, "availableForSale": True, "sellableOnlineQuantity": 5}]
        },
    }
    assert shop.data(query, {"id": gid("Product", loose.id)})["product"]["totalInventory"] == 0


def test_the_primary_location_is_the_one_without_an_id() -> None:
    shop = caller(locations=("Zebra", "Ant"))
    assert shop.data("{ location { name isPrimary } }") == {"location": {"name": "Zebra", "isPrimary": True}}
    found = shop.data("{ locations(first: 5) { nodes { name } } }")["locations"]["nodes"]
    assert [node["name"] for node in found] == ["Ant", "Zebra"]

"""productSet: whole products by one order, lists replaced when present and kept when not."""

# ruff: noqa: E501 (messages of a real shop and documents stand as they are sent)

from typing import Any

import pytest

from sandbox.ids import gid
from tests.sandbox.caller import Caller, caller, errors_of, product, product_id, variant_ids

SET = """mutation($id: ProductSetIdentifiers, $i: ProductSetInput!, $sync: Boolean!) {
  productSet(identifier: $id, input: $i, synchronous: $sync) {
    product {
      id title handle tags vendor status descriptionHtml hasOnlyDefaultVariant totalInventory updatedAt
      options { name position values optionValues { name hasVariants } }
      variants(first: 50) { nodes { id title sku price compareAtPrice position inventoryQuantity
        image { url } inventoryItem { id tracked } } }
      media(first: 50) { nodes { id alt status } }
      metafields(first: 50) { nodes { namespace key value type } }
    }
    productSetOperation { id status product { id } userErrors { code field message } }
    userErrors { code field message }
  } }"""


def asked(
    given: dict[str, Any], identifier: dict[str, Any] | None = None, sync: bool = True
) -> dict[str, Any]:
    return {"i": given, "id": identifier, "sync": sync}


def sizes(*names: str) -> list[dict[str, Any]]:
    return [{"name": "Size", "values": [{"name": name} for name in names]}]


def variant(size: str, **given: Any) -> dict[str, Any]:
    return {"optionValues": [{"optionName": "Size", "name": size}], **given}


def test_a_title_makes_a_product_with_its_default_variant() -> None:
    shop = caller()
    made = shop.mutate(SET, asked({"title": "  Größe & Öl  "}))["product"]
    assert made["title"] == "Größe & Öl"
    assert made["handle"] == "grosse-ol"
    assert made["status"] == "ACTIVE"
    assert made["hasOnlyDefaultVariant"] is True
    assert made["options"] == [
        {
            "name": "Title",
            "position": 1,
            "values": ["Default Title"],
            "optionValues": [{"name": "Default Title", "hasVariants": True}],
        }
    ]
    (only,) = made["variants"]["nodes"]
    assert (only["title"], only["price"], only["sku"]) == ("Default Title", "0.00", None)


def test_everything_at_once() -> None:
    shop = caller()
    here = gid("Location", shop.shop.primary_location.id)
    made = shop.mutate(
        SET,
        asked(
            {
                "title": "Shirt",
                "handle": "  Another Weird/Handle 300 % ",
                "tags": ["b", "A", " b ", "c,d"],
                "productOptions": sizes("S", "M", "L"),
                "files": [{"originalSource": "https://img.test/a.png", "alt": "Front"}],
                "metafields": [
                    {"namespace": "care", "key": "wash", "type": "number_integer", "value": "30"},
                ],
                "variants": [
                    variant(
                        "S",
                        price="9.9",
                        compareAtPrice="12",
                        sku="S-1",
                        inventoryItem={"tracked": True},
                        inventoryQuantities=[{"locationId": here, "name": "available", "quantity": 7}],
                        file={"originalSource": "https://img.test/a.png"},
                    ),
                    variant("M", price=10, inventoryItem={"sku": "M-1", "tracked": True}),
                ],
            }
        ),
    )["product"]
    assert made["handle"] == "another-weird-handle-300"
    assert made["tags"] == ["A", "b", "c", "d"]
    assert made["options"][0]["values"] == ["S", "M"]
    assert made["options"][0]["optionValues"][2] == {"name": "L", "hasVariants": False}
    small, medium = made["variants"]["nodes"]
    assert (small["price"], small["compareAtPrice"], small["sku"], small["inventoryQuantity"]) == (
        "9.90",
        "12.00",
        "S-1",
        7,
    )
    assert (medium["price"], medium["sku"], medium["inventoryQuantity"]) == ("10.00", "M-1", 0)
    assert made["totalInventory"] == 7
    assert made["media"]["nodes"][0]["alt"] == "Front"
    assert made["media"]["nodes"][0]["status"] == "UPLOADED"
    assert made["metafields"]["nodes"] == [
        {"namespace": "care", "key": "wash", "value": "30", "type": "number_integer"}
    ]
    (stored,) = shop.shop.products
    assert stored.variants[0].media is stored.media[0]


def test_handles_made_from_titles_get_a_number() -> None:
    shop = caller()
    handles = [shop.mutate(SET, asked({"title": "Shirt"}))["product"]["handle"] for _ in range(3)]
    assert handles == ["shirt", "shirt-1", "shirt-2"]


def test_lists_that_are_left_out_stay() -> None:
    shop = caller()
    made = product(shop.shop, "Shirt", tags=("x",))
    before = variant_ids(made)
    answer = shop.mutate(SET, asked({"title": "Better shirt"}, {"id": product_id(made)}))["product"]
    assert answer["title"] == "Better shirt"
    assert answer["handle"] == "shirt"
    assert answer["tags"] == ["x"]
    assert [node["id"] for node in answer["variants"]["nodes"]] == before


def test_variants_with_ids_stay_others_come_and_go() -> None:
    shop = caller()
    made = product(shop.shop, sizes=("S", "M"))
    small, medium = variant_ids(made)
    old_items = [v.item.id for v in made.variants]
    answer = shop.mutate(
        SET,
        asked(
            {
                "productOptions": sizes("M", "XL"),
                "variants": [variant("XL", sku="new"), variant("M", id=medium, price="77")],
            },
            {"id": product_id(made)},
        ),
    )["product"]
    new, kept = answer["variants"]["nodes"]
    assert kept["id"] == medium
    assert kept["sku"] == "SHIRT-M"
    assert kept["price"] == "77.00"
    assert (new["sku"], new["position"], kept["position"]) == ("new", 1, 2)
    assert small not in {new["id"], kept["id"]}
    assert shop.shop.items.get(old_items[0]) is None
    assert shop.shop.items.get(old_items[1]) is not None


def test_without_ids_all_variants_are_new() -> None:
    shop = caller()
    made = product(shop.shop, sizes=("S",))
    (old,) = variant_ids(made)
    answer = shop.mutate(
        SET, asked({"productOptions": sizes("S"), "variants": [variant("S")]}, {"id": product_id(made)})
    )["product"]
    (new,) = answer["variants"]["nodes"]
    assert new["id"] != old
    assert (new["sku"], new["price"]) == (None, "0.00")
    assert len(shop.shop.variants) == len(shop.shop.items) == 1


def test_empty_lists_delete_everything() -> None:
    shop = caller()
    made = product(shop.shop, sizes=("S", "M"), tags=("x",))
    answer = shop.mutate(
        SET,
        asked(
            {"variants": [], "productOptions": [], "tags": [], "files": [], "metafields": []},
            {"id": product_id(made)},
        ),
    )["product"]
    assert answer["hasOnlyDefaultVariant"] is True
    assert answer["tags"] == []


def test_renaming_an_option_and_a_value_by_id_keeps_variants() -> None:
    shop = caller()
    made = product(shop.shop, sizes=("S", "M"))
    option = made.options[0]
    answer = shop.mutate(
        SET,
        asked(
            {
                "productOptions": [
                    {
                        "id": gid("ProductOption", option.id),
                        "name": "Grösse",
                        "values": [
                            {"id": gid("ProductOptionValue", option.values[0].id), "name": "Small"},
                            {"name": "M"},
                        ],
                    }
                ],
                "variants": [
                    {"id": text, "optionValues": [{"optionName": "Grösse", "name": name}]}
                    for text, name in zip(variant_ids(made), ("Small", "M"), strict=True)
                ],
            },
            {"id": product_id(made)},
        ),
    )["product"]
    assert [node["title"] for node in answer["variants"]["nodes"]] == ["Small", "M"]
    assert answer["options"][0]["name"] == "Grösse"
    assert made.options[0].id == option.id


def test_the_same_order_again_moves_no_time_stamp() -> None:
    shop = caller()
    given: dict[str, Any] = {
        "title": "Shirt",
        "tags": ["a"],
        "productOptions": sizes("S", "M"),
        "metafields": [{"namespace": "care", "key": "wash", "type": "number_integer", "value": "30"}],
        "variants": [variant("S", price="1"), variant("M", price="2")],
    }
    made = shop.mutate(SET, asked(given))["product"]
    shop.wait(60)
    for entry, node in zip(given["variants"], made["variants"]["nodes"], strict=True):
        entry["id"] = node["id"]
    events: list[str] = []
    shop.shop.listeners.append(lambda event: events.append(event.topic))
    again = shop.mutate(SET, asked(given, {"id": made["id"]}))["product"]
    assert again["updatedAt"] == made["updatedAt"]
    assert events == []
    given["variants"][1]["price"] = "3"
    changed = shop.mutate(SET, asked(given, {"id": made["id"]}))["product"]
    assert changed["updatedAt"] > made["updatedAt"]
    assert events == ["products/update"]


REFUSED: list[tuple[dict[str, Any], tuple[str | None, str | None, str]]] = [
    ({"title": "x" * 256}, (None, "input/title", "is too long (maximum is 255 characters)")),
    ({"title": " "}, ("INVALID_PRODUCT", "input/title", "Title can't be blank")),
    ({}, ("INVALID_PRODUCT", "input/title", "Title can't be blank")),
    ({"title": "a", "vendor": "x" * 256}, (None, "input", "Vendor is too long (maximum is 255 characters)")),
    ({"title": "a", "handle": "x" * 256}, (None, "input", "Handle is too long (maximum is 255 characters)")),
    (
        {"title": "a", "productType": "x" * 256},
        (None, "input", "Product type is too long (maximum is 255 characters)"),
    ),
    (
        {"title": "a", "productType": "x" * 256},
        (None, "input", "Custom product type is too long (maximum is 255 characters)"),
    ),
    (
        {"title": "a", "handle": "Taken"},
        (None, "input/handle", "Handle 'taken' already in use. Please provide a new handle."),
    ),
    (
        {"title": "a", "productOptions": sizes("S")},
        (None, "input/variants", "Variants input is required when updating product options"),
    ),
    (
        {"title": "a", "variants": [variant("S")]},
        (
            "PRODUCT_OPTIONS_INPUT_MISSING",
            "input/productOptions",
            "Product options input is required when updating variants",
        ),
    ),
    (
        {
            "title": "a",
            "productOptions": [{"name": "A / B", "values": [{"name": "1"}]}],
            "variants": [variant("1")],
        },
        ("INVALID_INPUT", "input/productOptions/0/name", "The name contains unsupported sequence ' / '"),
    ),
    (
        {
            "title": "a",
            "productOptions": [{"name": f"O{n}", "values": [{"name": "1"}]} for n in range(4)],
            "variants": [variant("1")],
        },
        ("OPTIONS_OVER_LIMIT", "input/productOptions", "Can only specify a maximum of 3 options"),
    ),
    (
        {"title": "a", "productOptions": [*sizes("S"), *sizes("S")], "variants": [variant("S")]},
        ("DUPLICATED_OPTION_NAME", "input/productOptions/1", "Duplicated option name."),
    ),
    (
        {"title": "a", "productOptions": sizes("S", "s"), "variants": [variant("S")]},
        ("DUPLICATED_OPTION_VALUE", "input/productOptions/0/values/1", "Duplicated option value 's'."),
    ),
    (
        {"title": "a", "productOptions": sizes(), "variants": [variant("S")]},
        (
            "OPTION_VALUES_MISSING",
            "input/productOptions/0",
            "Option 'Size' must specify at least one option value.",
        ),
    ),
    (
        {"title": "a", "productOptions": sizes("S"), "variants": [variant("XL")]},
        ("OPTION_VALUE_DOES_NOT_EXIST", "input/variants/0/optionValues/0", "Option value does not exist"),
    ),
    (
        {
            "title": "a",
            "productOptions": sizes("S"),
            "variants": [{"optionValues": [{"optionName": "Colour", "name": "S"}]}],
        },
        ("OPTION_DOES_NOT_EXIST", "input/variants/0/optionValues/0", "Option does not exist"),
    ),
    (
        {"title": "a", "productOptions": sizes("S"), "variants": [{"optionValues": []}]},
        ("INVALID_VARIANT", "input/variants/0", "You need to add option values for Size"),
    ),
    (
        {"title": "a", "productOptions": sizes("S"), "variants": [variant("S"), variant("S")]},
        (
            None,
            "input/variants/1",
            "The variant 'S' already exists. Please change at least one option value.",
        ),
    ),
    (
        {"title": "a", "productOptions": sizes("S"), "variants": [variant("S", id=gid("ProductVariant", 5))]},
        ("PRODUCT_VARIANT_DOES_NOT_EXIST", "input/variants/0/id", "Product variant does not exist"),
    ),
    (
        {
            "title": "a",
            "productOptions": sizes("S"),
            "variants": [variant("S", inventoryItem={"cost": "-1"})],
        },
        (
            "INVALID_VARIANT",
            "input/variants/0/inventoryItem/cost",
            "Cost per item must be greater than or equal to 0",
        ),
    ),
    (
        {
            "title": "a",
            "productOptions": sizes("S"),
            "variants": [variant("S", inventoryItem={"cost": "1e18"})],
        },
        (
            "INVALID_VARIANT",
            "input/variants/0/inventoryItem/cost",
            "Cost per item must be less than 1000000000000000000",
        ),
    ),
    (
        {"title": "a", "productOptions": sizes("S"), "variants": [variant("S", price="-0.01")]},
        ("INVALID_VARIANT", "input/variants/0/price", "Price must be greater than or equal to 0"),
    ),
    (
        {
            "title": "a",
            "productOptions": sizes("S"),
            "variants": [
                variant(
                    "S",
                    inventoryQuantities=[
                        {"locationId": gid("Location", 1), "name": "available", "quantity": 1}
                    ],
                )
            ],
        },
        ("INVALID_INPUT", "input/variants/0/inventoryQuantities/0/locationId", "Location does not exist"),
    ),
    (
        {"title": "a", "files": [{"originalSource": "no address"}]},
        ("INVALID_INPUT", "input/files/0/originalSource", "Image URL is invalid"),
    ),
    (
        {"title": "a", "files": [{"originalSource": "https://a.test/b.png", "alt": "x" * 513}]},
        ("INVALID_INPUT", "input/files/0/alt", "The alt value exceeds the maximum limit of 512 characters."),
    ),
    (
        {
            "title": "a",
            "productOptions": sizes("S"),
            "variants": [variant("S", file={"originalSource": "https://a.test/b.png"})],
        },
        (
            "INVALID_INPUT",
            "input/variants/0/file",
            "Variant file must also be specified in the files input for the product",
        ),
    ),
    (
        {
            "title": "a",
            "metafields": [{"namespace": "care", "key": "wash", "type": "number_integer", "value": "hot"}],
        },
        ("INVALID_METAFIELD", "input/metafields/0/value", "Value must be an integer."),
    ),
]


@pytest.mark.parametrize(("given", "expected"), REFUSED)
def test_what_is_refused_changes_nothing(
    given: dict[str, Any], expected: tuple[str | None, str | None, str]
) -> None:
    shop = caller()
    taken = product(shop.shop, "Taken", sizes=())
    revision = shop.shop.revision
    payload = shop.refused(SET, asked(given))
    assert expected in errors_of(payload)
    assert payload["product"] is None
    assert list(shop.shop.products) == [taken]
    assert shop.shop.revision == revision


def test_a_product_that_is_not_there() -> None:
    payload = caller().refused(SET, asked({"title": "a"}, {"id": gid("Product", 17)}))
    assert errors_of(payload) == [("PRODUCT_DOES_NOT_EXIST", "input/id", "Product does not exist")]


def test_an_id_beside_an_identifier() -> None:
    shop = caller()
    made = product(shop.shop)
    payload = shop.refused(SET, asked({"id": product_id(made)}, {"id": product_id(made)}))
    assert errors_of(payload) == [
        ("ID_NOT_ALLOWED", "input", "The id field is not allowed if identifier is provided.")
    ]


def test_the_deprecated_id_still_works() -> None:
    shop = caller()
    made = product(shop.shop)
    assert shop.mutate(SET, asked({"id": product_id(made), "title": "New"}))["product"]["title"] == "New"


def test_by_handle_one_is_made_and_then_changed() -> None:
    shop = caller()
    made = shop.mutate(SET, asked({"title": "A", "handle": "cup"}, {"handle": "cup"}))["product"]
    changed = shop.mutate(SET, asked({"title": "B", "handle": "cup"}, {"handle": "cup"}))["product"]
    assert (changed["id"], changed["title"]) == (made["id"], "B")
    assert errors_of(shop.refused(SET, asked({"title": "B"}, {"handle": "cup"})))[0][:2] == (
        "MISSING_FIELD_REQUIRED",
        "input/handle",
    )
    assert errors_of(shop.refused(SET, asked({"title": "B", "handle": "mug"}, {"handle": "cup"})))[0][:2] == (
        "INPUT_MISMATCH",
        "input/handle",
    )


DEFINE = """mutation($d: MetafieldDefinitionInput!) {
  metafieldDefinitionCreate(definition: $d) { createdDefinition { id namespace type { name } capabilities { uniqueValues { enabled } } }
    userErrors { code field message } } }"""


def defined(shop: Caller) -> None:
    made = shop.mutate(
        DEFINE,
        {"d": {"name": "Twin", "namespace": "$app", "key": "twin", "type": "id", "ownerType": "PRODUCT"}},
    )["createdDefinition"]
    assert made["namespace"] == f"app--{shop.call.app_id}"
    assert made["capabilities"] == {"uniqueValues": {"enabled": True}}


def twin(value: str) -> dict[str, Any]:
    return {"namespace": "$app", "key": "twin", "value": value}


def test_by_custom_id_the_twin_is_found_again() -> None:
    shop = caller()
    defined(shop)
    given = {"title": "A", "metafields": [{**twin("main/1"), "type": "id"}]}
    made = shop.mutate(SET, asked(given, {"customId": twin("main/1")}))["product"]
    again = shop.mutate(SET, asked({**given, "title": "B"}, {"customId": twin("main/1")}))["product"]
    assert (again["id"], again["title"]) == (made["id"], "B")
    without = shop.mutate(SET, asked({"title": "C"}, {"customId": twin("main/1")}))["product"]
    assert (without["id"], without["title"]) == (made["id"], "C")
    found = shop.data(
        "query($i: ProductIdentifierInput!) { productByIdentifier(identifier: $i) { id } }",
        {"i": {"customId": twin("main/1")}},
    )
    assert found == {"productByIdentifier": {"id": made["id"]}}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"title": "A"}, "METAFIELD_MISMATCH"),
        ({"title": "A", "metafields": [{**twin("main/2"), "type": "id"}]}, "METAFIELD_MISMATCH"),
    ],
)
def test_a_custom_id_must_stand_in_the_metafields(given: dict[str, Any], code: str) -> None:
    shop = caller()
    defined(shop)
    payload = shop.refused(SET, asked(given, {"customId": twin("main/1")}))
    assert [error[0] for error in errors_of(payload)] == [code]


def test_a_custom_id_needs_its_definition() -> None:
    given = {"title": "A", "metafields": [{**twin("main/1"), "type": "id"}]}
    payload = caller().refused(SET, asked(given, {"customId": twin("main/1")}))
    assert [error[0] for error in errors_of(payload)] == ["NOT_FOUND"]


def test_a_unique_value_belongs_to_one_product() -> None:
    shop = caller()
    defined(shop)
    given = {"title": "A", "metafields": [{**twin("main/1"), "type": "id"}]}
    shop.mutate(SET, asked(given))
    payload = shop.refused(SET, asked(given))
    assert errors_of(payload) == [
        ("CAPABILITY_VIOLATION", "input/metafields/0/value", "Value has already been taken.")
    ]
    shop.mutate(
        "mutation($i: ProductDeleteInput!) { productDelete(input: $i) { deletedProductId userErrors { message } } }",
        {"i": {"id": product_id(next(iter(shop.shop.products)))}},
    )
    shop.mutate(SET, asked(given))


def test_quantities_of_existing_variants_only_where_they_are_stocked() -> None:
    shop = caller()
    made = product(shop.shop, sizes=("S",))
    annex = list(shop.shop.locations)[1]
    given = {
        "productOptions": sizes("S"),
        "variants": [
            variant(
                "S",
                id=variant_ids(made)[0],
                inventoryQuantities=[
                    {"locationId": gid("Location", annex.id), "name": "available", "quantity": 1}
                ],
            )
        ],
    }
    payload = shop.refused(SET, asked(given, {"id": product_id(made)}))
    assert errors_of(payload) == [
        (
            "INVALID_INPUT",
            "input/variants/0/inventoryQuantities/0/locationId",
            "Quantity couldn't be set because the variant isn't stocked at Annex.",
        )
    ]


def test_asynchronously_the_work_shows_when_its_time_has_come() -> None:
    shop = caller()
    payload = shop.mutate(SET, asked({"title": "Later"}, sync=False))
    operation = payload["productSetOperation"]
    assert payload["product"] is None
    assert (operation["status"], operation["product"]) == ("CREATED", None)
    query = "query($id: ID!) { productOperation(id: $id) { status product { title } ... on ProductSetOperation { userErrors { code } } } }"
    shop.wait(1)
    assert shop.data(query, {"id": operation["id"]})["productOperation"]["status"] == "ACTIVE"
    shop.wait(1)
    assert shop.data(query, {"id": operation["id"]})["productOperation"] == {
        "status": "COMPLETE",
        "product": {"title": "Later"},
        "userErrors": [],
    }


def test_asynchronously_the_errors_stand_on_the_operation() -> None:
    shop = caller()
    operation = shop.mutate(SET, asked({"title": ""}, sync=False))["productSetOperation"]
    shop.wait(5)
    query = "query($id: ID!) { productOperation(id: $id) { status product { id } ... on ProductSetOperation { userErrors { code } } } }"
    assert shop.data(query, {"id": operation["id"]})["productOperation"] == {
        "status": "COMPLETE",
        "product": None,
        "userErrors": [{"code": "INVALID_PRODUCT"}],
    }


def test_metafields_of_other_apps_survive_a_replacement() -> None:
    shop = caller()
    made = shop.mutate(
        SET,
        asked(
            {
                "title": "A",
                "metafields": [{"namespace": "care", "key": "wash", "type": "boolean", "value": "true"}],
            }
        ),
    )["product"]
    changed = shop.mutate(
        SET,
        asked(
            {"metafields": [{"namespace": "care", "key": "iron", "type": "boolean", "value": "false"}]},
            {"id": made["id"]},
        ),
    )["product"]
    assert [node["key"] for node in changed["metafields"]["nodes"]] == ["iron"]


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"title": "a", "collections": [gid("Collection", 1)]}, "product input.collections"),
        (
            {"title": "a", "productOptions": [{"linkedMetafield": {"namespace": "a", "key": "b"}}]},
            "option input.linkedMetafield",
        ),
    ],
)
def test_inputs_without_effect_here_are_refused_not_dropped(given: dict[str, Any], what: str) -> None:
    shop = caller()
    assert shop.error(SET, asked(given))["message"] == f"not simulated: {what}"
    assert len(shop.shop.products) == 0


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("https://a.test/b.png", "MediaImage"),
        ("https://a.test/b.MP4?x=1", "Video"),
        ("https://a.test/b.glb", "Model3d"),
        ("https://www.youtube.com/watch?v=1", "ExternalVideo"),
    ],
)
def test_what_a_file_is_taken_for_when_nobody_says(source: str, kind: str) -> None:
    made = caller().mutate(SET, asked({"title": "a", "files": [{"originalSource": source}]}))["product"]
    assert made["media"]["nodes"][0]["id"].startswith(f"gid://shopify/{kind}/")

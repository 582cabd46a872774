"""productCreate, productUpdate, productDelete, tags and publishing."""

# ruff: noqa: E501 (messages of a real shop and documents stand as they are sent)

from typing import Any

import pytest

from sandbox.ids import gid
from tests.sandbox.caller import caller, errors_of, product, product_id

CREATE = """mutation($p: ProductCreateInput!, $m: [CreateMediaInput!]) { productCreate(product: $p, media: $m) {
  product { id title handle vendor options { name values } variants(first: 9) { nodes { title price } }
    mediaCount { count } metafield(namespace: "care", key: "wash") { value } }
  userErrors { field message } } }"""
UPDATE = """mutation($p: ProductUpdateInput!, $m: [CreateMediaInput!]) { productUpdate(product: $p, media: $m) {
  product { id title handle tags seo { title } updatedAt mediaCount { count } } userErrors { field message } } }"""
DELETE = """mutation($id: ID!, $sync: Boolean!) { productDelete(input: {id: $id}, synchronous: $sync) {
  deletedProductId productDeleteOperation { id status } userErrors { field message } } }"""


def test_a_product_begins_with_the_first_value_of_each_option() -> None:
    made = caller().mutate(
        CREATE,
        {
            "p": {
                "title": "Mug",
                "productOptions": [
                    {"name": "Colour", "values": [{"name": "Red"}, {"name": "Blue"}]},
                    {"name": "Size", "values": [{"name": "Big"}]},
                ],
                "metafields": [{"namespace": "care", "key": "wash", "type": "boolean", "value": "true"}],
            },
            "m": [{"originalSource": "https://img.test/a.png", "mediaContentType": "IMAGE"}],
        },
    )["product"]
    assert made["variants"]["nodes"] == [{"title": "Red / Big", "price": "0.00"}]
    assert made["options"] == [{"name": "Colour", "values": ["Red"]}, {"name": "Size", "values": ["Big"]}]
    assert made["mediaCount"] == {"count": 1}
    assert made["metafield"] == {"value": "true"}
    assert made["vendor"] == "Rules"


@pytest.mark.parametrize(
    ("given", "media", "expected"),
    [
        ({}, [], ("title", "Title can't be blank")),
        ({"title": "x" * 256}, [], ("title", "Title is too long (maximum is 255 characters)")),
        (
            {"title": "a", "vendor": "x" * 256},
            [],
            ("vendor", "Vendor is too long (maximum is 255 characters)"),
        ),
        (
            {"title": "a", "handle": "x" * 256},
            [],
            ("handle", "Handle is too long (maximum is 255 characters)"),
        ),
        (
            {"title": "a", "productType": "x" * 256},
            [],
            ("customProductType", "Custom product type is too long (maximum is 255 characters)"),
        ),
        (
            {"title": "a", "handle": "taken"},
            [],
            ("input/handle", "Handle 'taken' already in use. Please provide a new handle."),
        ),
        (
            {"title": "a", "productOptions": [{"name": "A / B", "values": [{"name": "1"}]}]},
            [],
            ("options", 'Name cannot contain the character sequence " / "'),
        ),
        (
            {"title": "a"},
            [{"originalSource": "nowhere", "mediaContentType": "IMAGE"}],
            ("media/0/originalSource", "Image URL is invalid"),
        ),
    ],
)
def test_what_is_not_created(given: dict[str, Any], media: list[Any], expected: tuple[str, str]) -> None:
    shop = caller()
    product(shop.shop, "Taken", sizes=())
    payload = shop.refused(CREATE, {"p": given, "m": media})
    assert expected in [(field, message) for _, field, message in errors_of(payload)]
    assert payload["product"] is None
    assert len(shop.shop.products) == 1


def test_an_id_is_not_taken_at_creation() -> None:
    document = "mutation($p: ProductInput!) { productCreate(input: $p) { product { id } userErrors { field message } } }"
    payload = caller().refused(document, {"p": {"id": gid("Product", 1), "title": "a"}})
    assert errors_of(payload) == [(None, "input", "id cannot be specified during creation")]


def test_only_what_is_given_changes() -> None:
    shop = caller()
    made = product(shop.shop, "Shirt", tags=("a",))
    shop.wait(60)
    before = made.updated_at
    changed = shop.mutate(UPDATE, {"p": {"id": product_id(made), "title": "Other", "seo": {"title": "Seo"}}})[
        "product"
    ]
    assert (changed["title"], changed["handle"], changed["tags"], changed["seo"]) == (
        "Other",
        "shirt",
        ["a"],
        {"title": "Seo"},
    )
    assert made.updated_at > before
    shop.wait(60)
    again = shop.mutate(UPDATE, {"p": {"id": product_id(made), "title": "Other", "tags": [" a", "A"]}})[
        "product"
    ]
    assert again["updatedAt"] == changed["updatedAt"]


def test_media_are_added() -> None:
    shop = caller()
    made = product(shop.shop)
    media = [{"originalSource": "https://img.test/a.png", "mediaContentType": "IMAGE"}]
    for count in (1, 2):
        changed = shop.mutate(UPDATE, {"p": {"id": product_id(made)}, "m": media})["product"]
        assert changed["mediaCount"] == {"count": count}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"title": ""}, ("title", "Title can't be blank")),
        ({"title": None}, ("title", "Title can't be blank")),
        ({"tags": ["x" * 256]}, ("tags", "Product tags is invalid")),
        ({"tags": [f"t{n}" for n in range(250)] + ["a,b"]}, ("tags", "Product tags is invalid")),
        (
            {"handle": "taken"},
            ("input/handle", "Handle 'taken' already in use. Please provide a new handle."),
        ),
    ],
)
def test_what_is_not_updated(given: dict[str, Any], expected: tuple[str, str]) -> None:
    shop = caller()
    product(shop.shop, "Taken", sizes=())
    made = product(shop.shop, "Shirt")
    if len(given.get("tags", ())) > 250:
        error = shop.error(UPDATE, {"p": {"id": product_id(made), **given}})
        assert error["extensions"]["code"] == "MAX_INPUT_SIZE_EXCEEDED"
        return
    revision = shop.shop.revision
    payload = shop.refused(UPDATE, {"p": {"id": product_id(made), **given}})
    assert [(field, message) for _, field, message in errors_of(payload)] == [expected]
    assert (made.title, made.tags, made.handle) == ("Shirt", (), "shirt")
    assert shop.shop.revision == revision


def test_a_missing_product_is_told() -> None:
    payload = caller().refused(UPDATE, {"p": {"id": gid("Product", 5), "title": "x"}})
    assert errors_of(payload) == [(None, "id", "Product does not exist")]


def test_handles_are_freed_and_taken() -> None:
    shop = caller()
    made = product(shop.shop, "Shirt", sizes=())
    shop.mutate(UPDATE, {"p": {"id": product_id(made), "handle": "Other Name"}})
    assert made.handle == "other-name"
    assert product(shop.shop, "Shirt", sizes=()).handle == "shirt"


def test_deleting_takes_everything_along() -> None:
    shop = caller()
    made = product(shop.shop, "Shirt")
    events: list[str] = []
    shop.shop.listeners.append(lambda event: events.append(event.topic))
    payload = shop.mutate(DELETE, {"id": product_id(made), "sync": True})
    assert payload["deletedProductId"] == product_id(made)
    assert (len(shop.shop.products), len(shop.shop.variants), len(shop.shop.items)) == (0, 0, 0)
    assert shop.shop.skus == {}
    assert shop.shop.handles == {}
    assert shop.shop.options == {}
    assert all(location.levels == {} for location in shop.shop.locations)
    assert "products/delete" in events
    assert "products/update" not in events
    assert errors_of(shop.refused(DELETE, {"id": product_id(made), "sync": True})) == [
        (None, "id", "Product does not exist")
    ]


def test_deleting_later() -> None:
    shop = caller()
    made = product(shop.shop)
    operation = shop.mutate(DELETE, {"id": product_id(made), "sync": False})["productDeleteOperation"]
    assert operation["status"] == "CREATED"
    again = shop.refused(DELETE, {"id": product_id(made), "sync": False})
    assert errors_of(again) == [
        (None, None, "Another operation already in progress. Please wait until current one is finished.")
    ]
    query = "query($id: ID!) { productOperation(id: $id) { status ... on ProductDeleteOperation { deletedProductId } } }"
    assert shop.data(query, {"id": operation["id"]})["productOperation"]["deletedProductId"] is None
    assert len(shop.shop.products) == 1
    shop.wait(2)
    assert shop.data(query, {"id": operation["id"]})["productOperation"] == {
        "status": "COMPLETE",
        "deletedProductId": product_id(made),
    }
    assert len(shop.shop.products) == 0


def test_tags_are_added_and_removed_without_regard_to_case() -> None:
    shop = caller()
    made = product(shop.shop, tags=("Sale",))
    document = "mutation($id: ID!, $t: [String!]!) { %s(id: $id, tags: $t) { node { ... on Product { tags } } userErrors { field message } } }"
    added = shop.mutate(document % "tagsAdd", {"id": product_id(made), "t": ["new, red", "SALE"]})
    assert added["node"] == {"tags": ["new", "red", "Sale"]}
    removed = shop.mutate(document % "tagsRemove", {"id": product_id(made), "t": ["sale", "absent"]})
    assert removed["node"] == {"tags": ["new", "red"]}


PUBLISH = """mutation($id: ID!, $i: [PublicationInput!]!) { %s(id: $id, input: $i) {
  publishable { publishedOnPublication(publicationId: "%s") } userErrors { field message } } }"""


def test_publishing_and_taking_back() -> None:
    shop = caller()
    made = product(shop.shop)
    channel = gid("Publication", next(iter(shop.shop.publications)).id)
    assert shop.data("{ products(first: 1) { nodes { publishedAt onlineStoreUrl } } }")["products"][
        "nodes"
    ] == [{"publishedAt": None, "onlineStoreUrl": None}]
    shop.wait(5)
    asked = {"id": product_id(made), "i": [{"publicationId": channel}]}
    on = shop.mutate(PUBLISH % ("publishablePublish", channel), asked)
    assert on["publishable"] == {"publishedOnPublication": True}
    stamp = made.updated_at
    shop.wait(5)
    shop.mutate(PUBLISH % ("publishablePublish", channel), asked)
    assert made.updated_at == stamp
    listed = shop.data(
        "{ products(first: 1) { nodes { resourcePublicationsV2(first: 5) { nodes { isPublished publication { name } } } } } }"
    )
    assert listed["products"]["nodes"][0]["resourcePublicationsV2"]["nodes"] == [
        {"isPublished": True, "publication": {"name": "Online Store"}}
    ]
    off = shop.mutate(PUBLISH % ("publishableUnpublish", channel), asked)
    assert off["publishable"] == {"publishedOnPublication": False}


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        (
            [{"publicationId": gid("Publication", 1)}],
            "input/0/publicationId",
            "Publication does not exist or is not publishable",
        ),
        ([{}], "input/0/publicationId", "PublicationId cannot be empty"),
        (["twice"], "input/1/publicationId", "The same publication was specified more than once"),
        (["old"], "input/0/publishDate", "Publish date must be a date after the year 1969"),
    ],
)
def test_what_is_not_published(given: list[Any], field: str, message: str) -> None:
    shop = caller()
    made = product(shop.shop)
    channel = gid("Publication", next(iter(shop.shop.publications)).id)
    match given:
        case ["twice"]:
            given = [{"publicationId": channel}, {"publicationId": channel}]
        case ["old"]:
            given = [{"publicationId": channel, "publishDate": "1969-12-31T00:00:00Z"}]
    payload = shop.refused(PUBLISH % ("publishablePublish", channel), {"id": product_id(made), "i": given})
    assert errors_of(payload) == [(None, field, message)]
    assert made.publications == {}


def test_publishing_what_is_not_there() -> None:
    shop = caller()
    channel = gid("Publication", next(iter(shop.shop.publications)).id)
    payload = shop.refused(PUBLISH % ("publishablePublish", channel), {"id": gid("Product", 3), "i": []})
    assert errors_of(payload) == [(None, "id", "Resource does not exist")]

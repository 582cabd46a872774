"""What is simulated, and that every answer is what the schema promises."""

# ruff: noqa: E501 (messages of a real shop and documents stand as they are sent)

import re
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    get_named_type,
)

from sandbox.execute import REGISTRY
from sandbox.failures import NotSimulatedError
from sandbox.ids import gid, level_gid
from sandbox.resolvers.registry import TYPES
from sandbox.schema import VERSIONS, admin_schema
from tests.sandbox.caller import Caller, caller, product, product_id

QUERIES = [
    "app",
    "appInstallation",
    "bulkOperation",
    "bulkOperations",
    "currentAppInstallation",
    "currentBulkOperation",
    "files",
    "inventoryItem",
    "inventoryItems",
    "inventoryLevel",
    "location",
    "locations",
    "locationsCount",
    "metafieldDefinition",
    "metafieldDefinitions",
    "node",
    "nodes",
    "product",
    "productByHandle",
    "productByIdentifier",
    "productOperation",
    "productVariant",
    "productVariantByIdentifier",
    "productVariants",
    "productVariantsCount",
    "products",
    "productsCount",
    "publication",
    "publications",
    "publicationsCount",
    "shop",
    "webhookSubscription",
    "webhookSubscriptions",
    "webhookSubscriptionsCount",
]
MUTATIONS = [
    "appSubscriptionCancel",
    "appSubscriptionCreate",
    "bulkOperationCancel",
    "bulkOperationRunMutation",
    "bulkOperationRunQuery",
    "fileCreate",
    "fileDelete",
    "fileUpdate",
    "inventoryActivate",
    "inventoryAdjustQuantities",
    "inventoryDeactivate",
    "inventoryItemUpdate",
    "inventorySetQuantities",
    "metafieldDefinitionCreate",
    "metafieldsDelete",
    "metafieldsSet",
    "productChangeStatus",
    "productCreate",
    "productCreateMedia",
    "productDelete",
    "productDeleteMedia",
    "productOptionUpdate",
    "productOptionsCreate",
    "productOptionsDelete",
    "productOptionsReorder",
    "productReorderMedia",
    "productSet",
    "productUpdate",
    "productUpdateMedia",
    "productVariantAppendMedia",
    "productVariantDetachMedia",
    "productVariantsBulkCreate",
    "productVariantsBulkDelete",
    "productVariantsBulkReorder",
    "productVariantsBulkUpdate",
    "publishablePublish",
    "publishableUnpublish",
    "stagedUploadsCreate",
    "tagsAdd",
    "tagsRemove",
    "webhookSubscriptionCreate",
    "webhookSubscriptionDelete",
    "webhookSubscriptionUpdate",
]


def test_the_root_fields_that_are_simulated() -> None:
    assert sorted(REGISTRY.simulated["QueryRoot"]) == QUERIES
    assert sorted(REGISTRY.simulated["Mutation"]) == MUTATIONS


@pytest.mark.parametrize("version", VERSIONS)
def test_whatever_is_simulated_is_in_the_schema(version: str) -> None:
    types = admin_schema(version).graphql.type_map
    for name, fields in REGISTRY.simulated.items():
        described = types[name]
        assert isinstance(described, GraphQLObjectType)
        assert fields - set(described.fields) == set(), name


def test_a_field_without_resolver_is_named_in_the_error() -> None:
    with pytest.raises(NotSimulatedError, match=r"not simulated: Product\.collections"):
        REGISTRY.resolver("Product", "collections")(None, {}, None)
    with pytest.raises(NotSimulatedError, match=r"not simulated: SEO\.colour"):
        REGISTRY.resolver("SEO", "colour")({"title": "x"}, {}, None)


ARGUMENTS = {
    ("Product", "metafield"): '(namespace: "care", key: "wash")',
    ("ProductVariant", "metafield"): '(namespace: "care", key: "wash")',
    ("Location", "metafield"): '(namespace: "care", key: "wash")',
    ("Shop", "metafield"): '(namespace: "care", key: "wash")',
    ("InventoryLevel", "quantities"): '(names: ["available", "on_hand", "committed"])',
    ("Product", "publishedOnPublication"): '(publicationId: "gid://shopify/Publication/1")',
    ("ProductVariant", "publishedOnPublication"): '(publicationId: "gid://shopify/Publication/1")',
    ("InventoryItem", "inventoryLevel"): '(locationId: "gid://shopify/Location/1")',
    ("Location", "inventoryLevel"): '(inventoryItemId: "gid://shopify/InventoryItem/1")',
}
SKIPPED = {("Metafield", "reference"), ("Metafield", "owner")}
"""Behind interfaces: tests of metafields look there."""


def selection(type_: GraphQLObjectType, depth: int) -> str:
    """Everything that is simulated of a type, so many objects deep."""
    parts = ["__typename"]
    simulated = REGISTRY.simulated.get(type_.name)
    for name, field in type_.fields.items():
        if (simulated is not None and name not in simulated) or (type_.name, name) in SKIPPED:
            continue
        if (
            any(isinstance(arg.type, GraphQLNonNull) for arg in field.args.values())
            and (type_.name, name) not in ARGUMENTS
        ):
            continue
        given = ARGUMENTS.get((type_.name, name), "")
        answer = get_named_type(field.type)
        if isinstance(answer, GraphQLScalarType | GraphQLEnumType):
            parts.append(f"{name}{given}")
        elif answer.name.endswith("Connection") and isinstance(answer, GraphQLObjectType):
            node = get_named_type(answer.fields["nodes"].type)
            if depth and isinstance(node, GraphQLObjectType) and node.name in TYPES:
                parts.append(
                    f"{name}(first: 3) {{ nodes {{ {selection(node, depth - 1)} }} edges {{ cursor }} pageInfo {{ hasNextPage endCursor }} }}"
                )
        elif (
            isinstance(answer, GraphQLObjectType)
            and depth
            and (answer.name in TYPES or answer.name in VALUES)
        ):
            inner = VALUES.get(answer.name) or selection(answer, depth - 1)
            parts.append(f"{name}{given} {{ {inner} }}")
    return " ".join(parts)


VALUES = {
    "SEO": "title description",
    "MoneyV2": "amount currencyCode",
    "Count": "count precision",
    "ShopPlan": "displayName partnerDevelopment publicDisplayName shopifyPlus",
    "ShopResourceLimits": "locationLimit maxProductOptions maxProductVariants redirectLimitReached",
    "Domain": "id host url sslEnabled",
    "ShopAddress": "id address1 address2 city company countryCodeV2 country formatted formattedArea zip phone coordinatesValidated",
    "LocationAddress": "address1 city country countryCode formatted latitude zip",
    "InventoryItemMeasurement": "id weight { unit value }",
    "InventoryQuantity": "id name quantity updatedAt",
    "EditableProperty": "locked reason",
    "SelectedOption": "name value optionValue { id name }",
    "ProductPriceRangeV2": "minVariantPrice { amount currencyCode } maxVariantPrice { amount }",
    "ProductCompareAtPriceRange": "minVariantCompareAtPrice { amount } maxVariantCompareAtPrice { amount }",
    "AccessScope": "handle description",
    "MediaPreviewImage": "status image { id url width }",
    "MediaImageOriginalSource": "url fileSize",
    "MetafieldDefinitionType": "name category supportsDefinitionMigrations",
    "MetafieldDefinitionValidation": "name type value",
    "MetafieldCapabilities": "uniqueValues { enabled eligible } adminFilterable { enabled eligible status } smartCollectionCondition { enabled eligible }",
    "MetafieldAccess": "admin storefront customerAccount",
    "TaxonomyCategory": "id name fullName isArchived isRoot level",
    "MediaError": "code details message",
    "FileError": "code details message",
}

SHAPES: dict[str, Any] = {
    "String": str,
    "ID": str,
    "Int": int,
    "Float": float,
    "Boolean": bool,
    "HTML": str,
    "FormattedString": str,
    "URL": re.compile(r"https?://\S+\Z"),
    "DateTime": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z"),
    "Money": re.compile(r"-?\d+\.\d\d\Z"),
    "Decimal": re.compile(r"-?\d+\.\d+\Z"),
    "UnsignedInt64": re.compile(r"\d+\Z"),
    "CurrencyCode": str,
}


def conforms(value: Any, type_: Any, path: str) -> None:
    """The value of a field is what the schema says; checked by another way than the one that made it."""
    if isinstance(type_, GraphQLNonNull):
        assert value is not None, path
        conforms(value, type_.of_type, path)
    elif value is None:
        return
    elif isinstance(type_, GraphQLList):
        assert isinstance(value, list | tuple), path
        for index, item in enumerate(value):
            conforms(item, type_.of_type, f"{path}.{index}")
    elif isinstance(type_, GraphQLEnumType):
        assert value in type_.values, (path, value)
    elif isinstance(type_, GraphQLScalarType):
        shape = SHAPES.get(type_.name)
        if isinstance(shape, re.Pattern):
            assert isinstance(value, str), (path, value)
            assert shape.match(value), (path, value)
        elif shape is not None:
            assert type(value) is shape or isinstance(value, shape), (path, value)
            assert not (shape is int and isinstance(value, bool)), (path, value)
    else:
        name = value.get("__typename", type_.name)
        described = admin_schema("2026-10").graphql.type_map[name]
        assert isinstance(described, GraphQLObjectType)
        for key, inner in value.items():
            if key != "__typename":
                conforms(inner, described.fields[key].type, f"{path}.{key}")


def rich() -> Caller:
    """A shop with something of everything."""
    shop = caller(
        scopes=("write_products", "write_inventory", "write_publications", "write_files", "write_locations")
    )
    shop.shop.buckets.clear()
    set_product = """mutation($i: ProductSetInput!) { productSet(input: $i) { product { id } userErrors { code field message } } }"""
    made = shop.mutate(
        set_product,
        {
            "i": {
                "title": "Mug",
                "descriptionHtml": "<p>Big &amp; <b>blue</b></p>",
                "category": "gid://shopify/TaxonomyCategory/hg-11-10",
                "templateSuffix": "big",
                "seo": {"title": "Mugs"},
                "files": [
                    {"originalSource": "https://img.test/a.png", "alt": "A"},
                    {"originalSource": "https://img.test/media-fails.png"},
                    {"originalSource": "https://img.test/v.mp4", "contentType": "VIDEO"},
                ],
                "metafields": [{"namespace": "care", "key": "wash", "type": "json", "value": '{"a": 1}'}],
                "productOptions": [{"name": "Size", "values": [{"name": "S"}]}],
                "variants": [
                    {
                        "optionValues": [{"optionName": "Size", "name": "S"}],
                        "price": "1",
                        "compareAtPrice": "2.5",
                        "barcode": "5",
                        "file": {"originalSource": "https://img.test/a.png"},
                        "inventoryItem": {
                            "sku": "MUG",
                            "tracked": True,
                            "cost": "0.5",
                            "countryCodeOfOrigin": "PT",
                        },
                    }
                ],
            }
        },
    )["product"]
    shop.wait()
    product(shop.shop, "Plain", sizes=())
    channel = gid("Publication", next(iter(shop.shop.publications)).id)
    publish = """mutation($id: ID!, $c: ID!) { publishablePublish(id: $id, input: [{publicationId: $c}]) { userErrors { field message } } }"""
    shop.mutate(publish, {"id": made["id"], "c": channel})
    define = """mutation { metafieldDefinitionCreate(definition: {name: "Wash", namespace: "care", key: "wash", type: "json", ownerType: PRODUCT,
      validations: [{name: "schema", value: "{}"}]}) { userErrors { code field message } } }"""
    shop.mutate(define)
    return shop


def roots(shop: Caller) -> list[str]:
    made = next(iter(shop.shop.products))
    item = made.variants[0].item
    return [
        product_id(made),
        gid("ProductVariant", made.variants[0].id),
        gid("InventoryItem", item.id),
        level_gid(shop.shop.primary_location.id, item.id),
        gid("Location", shop.shop.primary_location.id),
        gid("Publication", next(iter(shop.shop.publications)).id),
        gid("ProductOption", made.options[0].id),
        gid("ProductOptionValue", made.options[0].values[0].id),
        gid("Metafield", made.metafields["care", "wash"].id),
        gid("MetafieldDefinition", next(iter(shop.shop.definitions))),
        gid("MediaImage", made.media[0].id),
        gid("MediaImage", made.media[1].id),
        gid("Video", made.media[2].id),
        gid("Shop", shop.shop.id),
        gid("App", shop.call.app_id),
        gid("AppInstallation", shop.call.installation.id),
    ]


def test_every_simulated_field_answers_what_the_schema_says() -> None:
    shop = rich()
    schema = admin_schema("2026-10").graphql
    seen = set()
    for ident in roots(shop):
        name = ident.removeprefix("gid://shopify/").partition("/")[0]
        type_ = schema.type_map[name]
        assert isinstance(type_, GraphQLObjectType)
        document = f"query($id: ID!) {{ node(id: $id) {{ ... on {name} {{ {selection(type_, 1)} }} }} }}"
        found = shop.data(document, {"id": ident})["node"]
        assert found["__typename"] == name
        conforms(found, type_, name)
        seen.add(name)
    assert seen >= {"Product", "ProductVariant", "InventoryLevel", "MediaImage", "Video", "Shop", "Metafield"}


def test_values_as_they_are_written() -> None:
    shop = rich()
    found = shop.data(
        """{ products(first: 1) { nodes { description(truncateAt: 8) createdAt legacyResourceId
          compareAtPriceRange { minVariantCompareAtPrice { amount } } category { id level }
          variants(first: 1) { nodes { price displayName inventoryItem { unitCost { amount currencyCode } } } }
          metafield(namespace: "care", key: "wash") { value jsonValue } } } }"""
    )["products"]["nodes"][0]
    number = next(iter(shop.shop.products)).id
    assert found == {
        "description": "Big &...",
        "createdAt": "2026-11-02T09:00:00Z",
        "legacyResourceId": str(number),
        "compareAtPriceRange": {"minVariantCompareAtPrice": {"amount": "2.5"}},
        "category": {"id": "gid://shopify/TaxonomyCategory/hg-11-10", "level": 3},
        "variants": {
            "nodes": [
                {
                    "price": "1.00",
                    "displayName": "Mug - S",
                    "inventoryItem": {"unitCost": {"amount": "0.5", "currencyCode": "EUR"}},
                }
            ]
        },
        "metafield": {"value": '{"a": 1}', "jsonValue": {"a": 1}},
    }

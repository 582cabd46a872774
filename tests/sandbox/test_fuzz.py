"""Any input that the schema lets pass gets an answer: data, userErrors or an error, never an exception."""

import json
import random
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    get_named_type,
)

from sandbox.commands.media import add_media
from sandbox.commands.specs import FileSpec
from sandbox.execute import REGISTRY
from sandbox.ids import gid, level_gid
from sandbox.schema import admin_schema
from tests.sandbox.caller import Caller, caller, product

ASYNCHRONOUS = {
    "bulkOperationRunQuery",
    "bulkOperationRunMutation",
    "bulkOperationCancel",
    "stagedUploadsCreate",
}
MUTATIONS = sorted(REGISTRY.simulated["Mutation"] - ASYNCHRONOUS)
TEXTS = ["", "x", "Size", "S", "M", "x" * 300, "a / b", "care", "wash", "id", "boolean", "true", "available"]
TEXTS += ["correction", "https://img.test/a.png", "nowhere", "ß🙂\x00", "$app", "[1]", "{}", "9" * 30]


KINDS = {
    "productId": "Product",
    "referencesToAdd": "Product",
    "ownerId": "Product",
    "locationId": "Location",
    "inventoryItemId": "InventoryItem",
    "inventoryLevelId": "InventoryLevel",
    "variantId": "ProductVariant",
    "variantsIds": "ProductVariant",
    "mediaId": "MediaImage",
    "mediaIds": "MediaImage",
    "fileIds": "MediaImage",
    "publicationId": "Publication",
    "options": "ProductOption",
    "optionId": "ProductOption",
    "optionValuesToDelete": "ProductOptionValue",
}
"""What kind of object a name means; a plain id is most often a product's."""


class Fuzz:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.shop: Caller = caller(
            scopes=(
                "write_products",
                "write_inventory",
                "write_publications",
                "write_files",
                "write_locations",
            )
        )
        for title in ("Shirt", "Hat", "Mug"):
            made = product(self.shop.shop, title)
            add_media(self.shop.shop, made, [FileSpec(original_source=f"https://img.test/{title}.png")])
        product(self.shop.shop, "Plain", sizes=())

    def ids(self) -> list[str]:
        shop = self.shop.shop
        found = [
            "",
            "17",
            gid("Product", 1),
            gid("Location", 1),
            gid("Collection", 3),
            "gid://shopify/Product/x",
        ]
        found.extend(gid("Location", row.id) for row in shop.locations)
        found.extend(gid("Publication", row.id) for row in shop.publications)
        found.extend(gid("MediaImage", row.id) for row in shop.files)
        for row in shop.products:
            found.append(gid("Product", row.id))
            for option in row.options:
                found.append(gid("ProductOption", option.id))
                found.extend(gid("ProductOptionValue", value.id) for value in option.values)
            for variant in row.variants:
                found.extend((gid("ProductVariant", variant.id), gid("InventoryItem", variant.item.id)))
                found.append(level_gid(shop.primary_location.id, variant.item.id))
        return found

    def value(self, type_: Any, depth: int = 0, name: str = "") -> Any:
        pick = self.chance
        if isinstance(type_, GraphQLNonNull):
            return self.value(type_.of_type, depth, name)
        if isinstance(type_, GraphQLList):
            return [
                self.value(GraphQLNonNull(get_named_type(type_.of_type)), depth + 1, name)
                for _ in range(pick.randrange(4))
            ]
        if isinstance(type_, GraphQLEnumType):
            return pick.choice(list(type_.values))
        if isinstance(type_, GraphQLInputObjectType):
            if type_.is_one_of:
                name = pick.choice(list(type_.fields))
                return {name: self.value(type_.fields[name].type, depth + 1, name)}
            chosen: dict[str, Any] = {}
            for name, field in type_.fields.items():
                needed = isinstance(field.type, GraphQLNonNull)
                if needed or (depth < 5 and pick.random() < 0.35):
                    empty = not needed and pick.random() < 0.1
                    chosen[name] = None if empty else self.value(field.type, depth + 1, name)
            return chosen
        assert isinstance(type_, GraphQLScalarType)
        match type_.name:
            case "ID":
                ids = self.ids()
                wanted = KINDS.get(name) or pick.choice(
                    ["Product", "ProductVariant", "MediaImage", "ProductOption"]
                )
                fitting = [text for text in ids if text.startswith(f"gid://shopify/{wanted}/")]
                return pick.choice(fitting or ids) if pick.random() < 0.9 else pick.choice(ids)
            case "Int":
                return pick.choice([0, 1, 2, -1, 5, 2**31 - 1, -(2**31)])
            case "Float":
                return pick.choice([0.0, 1.5, -1.0])
            case "Boolean":
                return pick.random() < 0.5
            case "Money" | "Decimal":
                return pick.choice(["0", "9.99", "-1", "1e18", "0.005", 3])
            case "DateTime":
                return pick.choice(["2026-01-01T00:00:00Z", "1960-01-01T00:00:00+02:00"])
            case "UnsignedInt64":
                return pick.choice(["0", "1", "99"])
            case _:
                return pick.choice(TEXTS)

    def call(self, mutation: str) -> dict[str, Any]:
        schema = admin_schema("2026-10").graphql
        assert schema.mutation_type is not None
        field = schema.mutation_type.fields[mutation]
        payload = get_named_type(field.type)
        assert isinstance(payload, GraphQLObjectType)
        given = {}
        for name, argument in field.args.items():
            if isinstance(argument.type, GraphQLNonNull) or self.chance.random() < 0.6:
                given[name] = self.value(argument.type, 0, name)
        declared = ", ".join(f"${name}: {field.args[name].type}" for name in given)
        passed = ", ".join(f"{name}: ${name}" for name in given)
        errors = next(name for name in payload.fields if name.lower().endswith("usererrors"))
        document = (
            f'mutation({declared}) {{ {mutation}({passed}) @idempotent(key: "{self.chance.random()}") '
            f"{{ {errors} {{ field message }} }} }}"
        )
        return self.shop.raw(document, given)


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_no_input_breaks_a_mutation(mutation: str) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 (a failure must be repeatable)
    fuzz = Fuzz(seed)
    for _ in range(25):
        answer = fuzz.call(mutation)
        json.dumps(answer)
        assert answer.get("errors") or answer["data"][mutation] is not None
        fuzz.shop.wait(fuzz.chance.choice([0, 1, 60]))

"""Every document that can be sent is valid in both API versions, in every rendering."""

import itertools
import random

import pytest
from graphql import parse, validate

from backend.shopify.documents import bulk_text, definitions, document
from backend.shopify.wanted import Wanted
from backend.sync.catalog import LocationId
from backend.sync.settings import DetailField, FieldGroup
from tests.shopify.schema import published_schema

VERSIONS = ("2026-10", "2026-07")
OPERATIONS = sorted(definitions()[0])
LOCATIONS = tuple(LocationId(f"gid://shopify/Location/{number}") for number in range(1, 7))


def wanted_examples() -> list[Wanted]:
    """Every set of groups, with no, one and too many locations, then random masks."""
    groups = [
        frozenset(each)
        for size in range(len(FieldGroup) + 1)
        for each in itertools.combinations(FieldGroup, size)
    ]
    examples = [
        Wanted(group, locations=LOCATIONS[:count], origin=origin)
        for group in groups
        for count in (0, 1, 6)
        for origin in (True, False)
    ]
    chance = random.Random(20261124)
    for _ in range(20):
        details = frozenset(each for each in DetailField if chance.random() < 0.5)
        examples.append(Wanted(frozenset(FieldGroup), details, LOCATIONS[: chance.randrange(6)]))
    return examples


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_is_valid_as_it_stands_and_pruned(name: str, version: str) -> None:
    schema = published_schema(version)
    texts = {document(name).text}
    if "description" in document(name).variables or "barcode" in document(name).variables:
        texts |= {
            document(name, wanted.flags(), len(wanted.named_locations)).text for wanted in wanted_examples()
        }
    for text in texts:
        assert validate(schema, parse(text)) == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", ["Products", "Variants", "Items"])
def test_every_bulk_form_is_valid_and_keeps_the_rules_of_bulk_queries(name: str, version: str) -> None:
    schema = published_schema(version)
    for wanted in wanted_examples():
        text = bulk_text(name, "Sync_1", wanted.bulk_flags(), wanted.locations, "id:>7")
        assert validate(schema, parse(text)) == []
        assert len(text.encode()) < 65_535
        assert "nodes" not in text
        assert "$" not in text.replace("$app:", "")
        assert 1 <= text.count("{edges{node{") <= 5


def test_what_is_not_owned_is_not_in_the_document() -> None:
    prices = Wanted(frozenset({FieldGroup.PRICES}), origin=False)
    assert document("Products", prices.flags()).text == (
        "query Products($first:Int!$after:String$search:String)"
        "{products(first:$first after:$after query:$search sortKey:ID)"
        "{nodes{...ProductFields}pageInfo{hasNextPage endCursor}}}"
        "fragment ProductFields on Product{id title handle vendor productType tags status updatedAt}"
    )
    assert document("Variants", prices.flags()).text == (
        "query Variants($first:Int!$after:String$search:String)"
        "{productVariants(first:$first after:$after query:$search sortKey:ID)"
        "{nodes{...VariantFields product{id}}pageInfo{hasNextPage endCursor}}}"
        "fragment VariantFields on ProductVariant"
        "{id position title sku price compareAtPrice inventoryItem{id tracked}}"
    )


def test_a_level_is_read_once_per_named_location() -> None:
    stock = Wanted(frozenset({FieldGroup.QUANTITIES}), locations=LOCATIONS[:2])
    rendered = document("Variants", stock.flags(), 2)
    assert (
        'level0:inventoryLevel(locationId:$location0){quantities(names:["available"]){quantity}}'
        'level1:inventoryLevel(locationId:$location1){quantities(names:["available"]){quantity}}'
    ) in rendered.text
    assert rendered.variables == {"first", "after", "search", "location0", "location1"}


def test_a_bulk_query_writes_its_values_out() -> None:
    stock = Wanted(frozenset({FieldGroup.QUANTITIES}), locations=LOCATIONS[:1])
    assert bulk_text("Variants", "Sync_9", stock.bulk_flags(), stock.locations, "id:>7") == (
        'query Sync_9{productVariants(query:"id:>7"){edges{node{...VariantFields product{id}}}}}'
        "fragment LevelAtLocation on InventoryItem"
        '{level0:inventoryLevel(locationId:"gid://shopify/Location/1")'
        '{quantities(names:["available"]){quantity}}}'
        "fragment VariantFields on ProductVariant"
        "{id position title sku price compareAtPrice inventoryItem{id tracked ...LevelAtLocation}}"
    )

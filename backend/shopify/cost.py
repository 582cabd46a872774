"""What a document of ours will cost, so that it can be reserved and pages can be chosen before Shopify is
asked.

The formula is a fit to recorded requests of real shops; Shopify's documented rule is coarser. The server's
own figures, which come with every answer, have the last word.

    connection = 2 + s(n) * (1 + cost of a node's children)     s(0) = 0, s(n) = max(1, floor(2 ln n))
    object     = 1 + children; value objects (money, weights) 0; an interface costs its dearest type
    mutation   = 10 + what its input brings; objects of its payload are free, theirs cost 1

`s` grows with the logarithm of the page, so large pages are cheap: 244 is the largest page below the next
step, 10 for 244 nodes against 11 for 250. A page of variants with product and inventory item is 2 + 10 * 3 =
32 points, and each stock level named by its location adds 20, where a connection over one or two locations
adds 50.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
)

from backend.shopify.documents import Document

PAGE = 244
# The largest page of each step of `s`: what a nested connection asks for first.
STEPS = (2, 4, 7, 12, 20, 33, 54, 90, 148, 244)
SINGLE_QUERY_MAXIMUM = 1000
MUTATION = 10

_FREE_OBJECTS = frozenset({"unitCost", "weight", "pageInfo"})
_COUNTS = frozenset({"productsCount", "productVariantsCount"})
_DEAR_FIELDS = {"locations": 3}
_DEAR_MUTATIONS = {"productCreateMedia": 20, "fileCreate": 20}


def steps(first: int) -> int:
    """The factor s(n) of a connection's page size."""
    return max(1, math.floor(2 * math.log(first))) if first > 0 else 0


def next_step(first: int) -> int:
    """The next larger page size worth asking for, 244 at most."""
    return next((step for step in STEPS if step > first), PAGE)


def requested(document: Document, variables: Mapping[str, Any]) -> int:
    """The points that Shopify reserves before it runs the document."""
    if document.is_mutation:
        return math.ceil(_Plan(document.node, variables).mutation())
    return math.ceil(_Plan(document.node, variables).query())


class _Plan:
    def __init__(self, node: DocumentNode, variables: Mapping[str, Any]) -> None:
        self._variables = variables
        self._fragments = {
            each.name.value: each for each in node.definitions if isinstance(each, FragmentDefinitionNode)
        }
        self._operation = next(each for each in node.definitions if isinstance(each, OperationDefinitionNode))

    def query(self) -> float:
        return self._children(self._operation.selection_set)

    def mutation(self) -> float:
        fields = [each for each in self._operation.selection_set.selections if isinstance(each, FieldNode)]
        return sum(
            _DEAR_MUTATIONS.get(field.name.value, MUTATION)
            + surcharge(field.name.value, self._variables)
            + self._payload(field.selection_set)
            for field in fields
        )

    def _payload(self, selections: SelectionSetNode | None) -> float:
        objects = [each for each in self._fields(selections) if each.selection_set is not None]
        return sum(
            self._children(each.selection_set) if not _connects(each) else self._field(each)
            for each in objects
        )

    def _children(self, selections: SelectionSetNode | None) -> float:
        """Fields add up; of the types of an interface or union the dearest counts."""
        if selections is None:
            return 0
        total, dearest = 0.0, 0.0
        for selection in selections.selections:
            match selection:
                case FieldNode():
                    total += self._field(selection)
                case FragmentSpreadNode():
                    total += self._children(self._fragments[selection.name.value].selection_set)
                case InlineFragmentNode():
                    dearest = max(dearest, self._children(selection.selection_set))
        return total + dearest

    def _field(self, field: FieldNode) -> float:
        name = field.name.value
        if name in _COUNTS:
            return 10
        if field.selection_set is None or name in _FREE_OBJECTS:
            return 0
        if (nodes := _connects(field)) is not None:
            dear = _DEAR_FIELDS.get(name, 0)
            return 2 + dear + steps(self._first(field)) * (1 + self._children(nodes))
        return 1 + self._children(field.selection_set)

    def _fields(self, selections: SelectionSetNode | None) -> Iterator[FieldNode]:
        for selection in selections.selections if selections else ():
            match selection:
                case FieldNode():
                    yield selection
                case FragmentSpreadNode():
                    yield from self._fields(self._fragments[selection.name.value].selection_set)

    def _first(self, field: FieldNode) -> int:
        for argument in field.arguments or ():
            if argument.name.value == "first":
                match argument.value:
                    case IntValueNode(value=text):
                        return int(text)
                    case VariableNode():
                        return int(self._variables.get(argument.value.name.value) or 0)
        return 0


def _connects(field: FieldNode) -> SelectionSetNode | None:
    """The selection of a connection's nodes; None where the field is no connection."""
    selections: Sequence[SelectionNode] = field.selection_set.selections if field.selection_set else ()
    for each in selections:
        if isinstance(each, FieldNode) and each.name.value == "nodes" and not each.arguments:
            return each.selection_set
    return None


def surcharge(mutation: str, variables: Mapping[str, Any]) -> float:
    """Points that the input of a mutation adds to its base.

    shopify.dev, productSet and productVariantsBulk*: 0.2 a variant, 0.4 a metafield, 1.9 a file, 0.6 a
    variant's file. Changelog 2026-09-15, metafieldsSet: 4 a distinct product, 2 a variant.
    """
    match mutation:
        case "productSet":
            given = variables.get("input") or {}
            variants = given.get("variants") or ()
            return (
                0.2 * len(variants)
                + 0.4 * _count((given, *variants), "metafields")
                + 1.9 * len(given.get("files") or ())
                + 0.6 * sum(1 for each in variants if each.get("file"))
            )
        case "productVariantsBulkUpdate" | "productVariantsBulkCreate":
            variants = variables.get("variants") or ()
            media = sum(1 for each in variants if each.get("mediaId") or each.get("mediaSrc"))
            return (
                0.2 * len(variants)
                + 0.4 * _count(variants, "metafields")
                + 0.6 * media
                + 1.9 * len(variables.get("media") or ())
            )
        case "productUpdate":
            given = variables.get("product") or {}
            return 0.4 * _count((given,), "metafields") + 1.9 * len(variables.get("media") or ())
        case "metafieldsSet":
            owners = {str(each["ownerId"]) for each in variables.get("metafields") or ()}
            return sum(2 if "/ProductVariant/" in owner else 4 for owner in owners)
    return 0


def _count(inputs: Sequence[Mapping[str, Any]], key: str) -> int:
    return sum(len(each.get(key) or ()) for each in inputs)

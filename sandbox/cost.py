"""What a query costs in points, before it runs and after.

The rules are those that were fitted on recorded answers of a real shop: a connection costs 2, and for
the n objects it is sized for, floor(2 ln n) (at least 1) times what one object costs with everything
below it; an object costs 1 and scalars nothing; a mutation costs 10 flat, the objects directly in its
payload nothing. Some inputs are charged on top.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
)

from sandbox.inputs import arguments, included
from sandbox.schema import named

MAX_COST = 1000
MUTATION = 10
COUNT = 10
CONNECTION = 2
_ROOT_EXTRA = {"locations": 3}
_MUTATIONS = {"fileCreate": 20, "productCreateMedia": 20}
_FREE = {"MoneyV2", "MoneyBag", "LocationAddress", "ShopAddress", "Weight", "PageInfo"}
_OWNERS = {"Product": 4, "ProductVariant": 2, "Collection": 1}


@dataclass(slots=True)
class CostNode:
    """A field that can cost something. own is without its children."""

    key: str
    name: str
    own: float
    size: int | None = None
    """For connections: how many objects were asked for (0 when nobody said)."""
    children: list["CostNode"] = field(default_factory=list)
    choices: dict[str, list["CostNode"]] = field(default_factory=dict)
    """Children asked of certain types only; the most expensive choice counts."""

    @property
    def requested(self) -> float:
        below = _below(self)
        if self.size is None:
            return self.own + below
        return CONNECTION + sized(self.size) * (1 + below)


def sized(n: int) -> int:
    """How often a connection of n objects is charged for what stands in one of them."""
    return 0 if n <= 0 else max(1, math.floor(2 * math.log(n)))


def _below(node: CostNode) -> float:
    common = sum(child.requested for child in node.children)
    dearest = max((sum(child.requested for child in choice) for choice in node.choices.values()), default=0.0)
    return common + dearest


@dataclass(slots=True)
class Costing:
    """An operation's cost tree for one set of variables."""

    roots: list[CostNode]
    charged: float
    """For mutations: the flat prices and what their inputs add."""

    @property
    def requested(self) -> int:
        return round(self.charged + sum(root.requested for root in self.roots))

    def actual(self, data: Mapping[str, Any] | None) -> int:
        """What the answer turned out to cost: connections by the objects they hold, nothing for nulls."""
        if data is None:
            return 0
        return min(
            self.requested,
            round(self.charged + sum(_actual(root, data.get(root.key)) for root in self.roots)),
        )

    def breakdown(self, prefix: tuple[str, ...] = ()) -> list[dict[str, Any]]:
        """Field by field, as the header Shopify-GraphQL-Cost-Debug asks for."""
        found: list[dict[str, Any]] = []
        _describe(self.roots, prefix, found)
        return found


def _describe(nodes: Iterable[CostNode], path: tuple[str, ...], found: list[dict[str, Any]]) -> None:
    for node in nodes:
        here = (*path, node.key)
        total = node.requested
        found.append(
            {
                "path": list(here),
                "definedCost": node.own,
                "requestedTotalCost": round(total),
                "requestedChildrenCost": None
                if not (node.children or node.choices)
                else round(total - node.own),
            }
        )
        _describe(node.children, here, found)
        for choice in node.choices.values():
            _describe(choice, here, found)


def _actual(node: CostNode, value: Any) -> float:
    if value is None:
        return 0.0
    if node.size is None:
        values = value if isinstance(value, list) else (value,)
        return node.own + max((_actual_below(node, item) for item in values if item is not None), default=0.0)
    nodes = value.get("nodes")
    if nodes is None:
        nodes = [edge.get("node") for edge in value.get("edges") or () if edge]
    if not (node.children or node.choices):
        return CONNECTION + sized(len(nodes))
    return CONNECTION + sized(len(nodes)) * (
        1 + max((_actual_below(node, item) for item in nodes), default=0.0)
    )


def _actual_below(node: CostNode, value: Any) -> float:
    if not isinstance(value, dict):
        return 0.0
    common = sum(_actual(child, value.get(child.key)) for child in node.children)
    choices = node.choices.values()
    dearest = max(
        (sum(_actual(child, value.get(child.key)) for child in choice) for choice in choices), default=0.0
    )
    return common + dearest


@dataclass(slots=True)
class _Tree:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]

    def children(
        self, parent: GraphQLNamedType, part: SelectionSetNode, free: bool, root: bool
    ) -> tuple[list[CostNode], dict[str, list[CostNode]]]:
        common: list[CostNode] = []
        choices: dict[str, list[CostNode]] = {}
        for selection in part.selections:
            if selection.directives and not included(selection.directives, self.variables):
                continue
            match selection:
                case FieldNode():
                    node = self.field(parent, selection, free, root)
                    if node is not None:
                        common.append(node)
                case InlineFragmentNode() | FragmentSpreadNode():
                    inner = (
                        self.fragments[selection.name.value]
                        if isinstance(selection, FragmentSpreadNode)
                        else selection
                    )
                    condition = inner.type_condition.name.value if inner.type_condition else parent.name
                    target = self.schema.type_map[condition]
                    nodes, deeper = self.children(target, inner.selection_set, free, root)
                    if condition == parent.name or isinstance(parent, GraphQLObjectType):
                        common.extend(nodes)
                        for name, more in deeper.items():
                            choices.setdefault(name, []).extend(more)
                    else:
                        choices.setdefault(condition, []).extend(nodes)
                        for more in deeper.values():
                            choices[condition].extend(more)
        return common, choices

    def field(self, parent: GraphQLNamedType, node: FieldNode, free: bool, root: bool) -> CostNode | None:
        name = node.name.value
        if node.selection_set is None or name.startswith("__"):
            return None
        if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
            return None
        definition = parent.fields[name]
        answer = named(definition.type)
        key = node.alias.value if node.alias else name
        if answer.name == "PageInfo":
            return None
        if answer.name.endswith("Connection"):
            return self.connection(answer, definition, key, node, root)
        if root and answer.name == "Count":
            return CostNode(key, name, COUNT)
        own = 0.0 if free or answer.name in _FREE else 1.0
        children, choices = self.children(answer, node.selection_set, False, False)
        if not isinstance(answer, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType):
            return None
        return CostNode(key, name, own, None, children, choices)

    def connection(
        self, answer: GraphQLNamedType, definition: Any, key: str, node: FieldNode, root: bool
    ) -> CostNode | None:
        args = arguments(definition, node, self.variables)
        size = args.get("first") or args.get("last") or 0
        children: list[CostNode] = []
        choices: dict[str, list[CostNode]] = {}
        for path in (("nodes",), ("edges", "node")):
            self._gather(answer, node.selection_set, path, children, choices)
        found = CostNode(key, node.name.value, CONNECTION, size, children, choices)
        if root and node.name.value in _ROOT_EXTRA:
            found.size = None
            found.own = CONNECTION + _ROOT_EXTRA[node.name.value] + sized(size) * (1 + _below(found))
            found.children, found.choices = [], {}
        return found

    def _gather(
        self,
        parent: GraphQLNamedType,
        part: SelectionSetNode | None,
        path: tuple[str, ...],
        children: list[CostNode],
        choices: dict[str, list[CostNode]],
    ) -> None:
        """What is selected of a connection's objects: below nodes, or below node in edges."""
        if part is None:
            return
        if not path:
            found, deeper = self.children(parent, part, False, False)
            children.extend(found)
            for name, more in deeper.items():
                choices.setdefault(name, []).extend(more)
            return
        for selection in part.selections:
            if selection.directives and not included(selection.directives, self.variables):
                continue
            match selection:
                case FieldNode() if selection.name.value == path[0]:
                    answer = named(parent.fields[path[0]].type)  # type: ignore[attr-defined]
                    self._gather(answer, selection.selection_set, path[1:], children, choices)
                case InlineFragmentNode():
                    self._gather(parent, selection.selection_set, path, children, choices)
                case FragmentSpreadNode():
                    fragment = self.fragments[selection.name.value]
                    self._gather(parent, fragment.selection_set, path, children, choices)


def cost_of(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    variables: Mapping[str, Any],
) -> Costing:
    """The cost of a validated operation with coerced variables."""
    tree = _Tree(schema, fragments, variables)
    if operation.operation is not OperationType.MUTATION:
        root = schema.query_type
        if root is None:
            raise ValueError("a schema without queries")
        children, choices = tree.children(root, operation.selection_set, False, True)
        return Costing([*children, *(node for more in choices.values() for node in more)], 0.0)
    payloads: list[CostNode] = []
    charged = 0.0
    mutations = schema.mutation_type
    if mutations is None:
        raise ValueError("a schema without mutations")
    for node in _top_fields(operation.selection_set, fragments):
        name = node.name.value
        if name.startswith("__"):
            continue
        definition = mutations.fields[name]
        charged += _MUTATIONS.get(name, MUTATION) + surcharge(name, arguments(definition, node, variables))
        if node.selection_set is not None:
            answer = named(definition.type)
            children, choices = tree.children(answer, node.selection_set, True, False)
            payloads.append(
                CostNode(node.alias.value if node.alias else name, name, 0.0, None, children, choices)
            )
    return Costing(payloads, charged)


def _top_fields(
    part: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> Iterable[FieldNode]:
    for selection in part.selections:
        match selection:
            case FieldNode():
                yield selection
            case InlineFragmentNode():
                yield from _top_fields(selection.selection_set, fragments)
            case FragmentSpreadNode():
                yield from _top_fields(fragments[selection.name.value].selection_set, fragments)


def surcharge(mutation: str, args: Mapping[str, Any]) -> float:
    """What a mutation's input adds to its flat price."""
    rule = _SURCHARGES.get(mutation)
    return 0.0 if rule is None else rule(args)


def _product_set(args: Mapping[str, Any]) -> float:
    given = args.get("input") or {}
    variants = given.get("variants") or ()
    metafields = len(given.get("metafields") or ()) + sum(len(v.get("metafields") or ()) for v in variants)
    files = sum(1 for variant in variants if variant.get("file"))
    return 0.2 * len(variants) + 0.4 * metafields + 1.9 * len(given.get("files") or ()) + 0.6 * files


def _variants(args: Mapping[str, Any]) -> float:
    variants = args.get("variants") or ()
    metafields = sum(len(variant.get("metafields") or ()) for variant in variants)
    media = sum(1 for variant in variants if variant.get("mediaId") or variant.get("mediaSrc"))
    return 0.2 * len(variants) + 0.4 * metafields + 0.6 * media + 1.9 * len(args.get("media") or ())


def _product(args: Mapping[str, Any]) -> float:
    given = args.get("product") or args.get("input") or {}
    return 0.4 * len(given.get("metafields") or ()) + 1.9 * len(args.get("media") or ())


def _metafields(args: Mapping[str, Any]) -> float:
    owners = {entry.get("ownerId", "") for entry in args.get("metafields") or ()}
    return float(
        sum(_OWNERS.get(owner.removeprefix("gid://shopify/").partition("/")[0], 0) for owner in owners)
    )


_SURCHARGES: dict[str, Callable[[Mapping[str, Any]], float]] = {
    "productSet": _product_set,
    "productVariantsBulkCreate": _variants,
    "productVariantsBulkUpdate": _variants,
    "productCreate": _product,
    "productUpdate": _product,
    "metafieldsSet": _metafields,
}

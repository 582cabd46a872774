"""What an operation asks for, bound once per request: every field with its resolver and its arguments.

A request names each field once and may ask it of thousands of objects, so whatever does not depend on
the object is settled here: fragments, @include and @skip, arguments, access, how a value is completed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    InlineFragmentNode,
    SelectionSetNode,
)

from sandbox.failures import FieldError
from sandbox.inputs import arguments, included
from sandbox.schema import AdminSchema, Requirement, named
from sandbox.wire import SERIALISERS, Serialiser

Args = dict[str, Any]
Resolver = Callable[[Any, Args, Any], Any]
"""Of the parent object, the field's arguments and the call's context."""


class Registry(Protocol):
    def resolver(self, type_name: str, field_name: str) -> Resolver:
        """How a field is answered; for a field that is not simulated, something that raises
        NotSimulatedError.
        """
        ...


@dataclass(slots=True)
class FieldPlan:
    key: str
    name: str
    node: FieldNode
    resolve: Resolver
    args: Args
    type: Any
    nullable: bool
    serialise: Serialiser | None
    """For leaves: how the Python value is written; None writes it as it is."""
    lists: tuple[bool, ...]
    """How many lists are around the named type, and for each whether its elements may be null."""
    selection: "Selection | None"
    """For objects: what is asked of them."""
    concrete: str | None
    """The object type, where the schema leaves no choice."""
    refused: FieldError | None = None
    """The field must not be answered: why."""


@dataclass(slots=True)
class Selection:
    """Fields asked of an object, bound for each type that turns up."""

    binder: "Binder"
    parts: list[SelectionSetNode]
    bound: dict[str, list[FieldPlan]] = field(default_factory=dict)

    def fields(self, type_name: str) -> list[FieldPlan]:
        plans = self.bound.get(type_name)
        if plans is None:
            plans = self.bound[type_name] = self.binder.bind(type_name, self.parts)
        return plans


@dataclass(slots=True)
class Binder:
    schema: AdminSchema
    registry: Registry
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    allows: Callable[[Requirement], bool]

    def bind(self, type_name: str, parts: list[SelectionSetNode]) -> list[FieldPlan]:
        type_ = self.schema.graphql.type_map[type_name]
        if not isinstance(type_, GraphQLObjectType):
            raise TypeError(f"{type_name} is no object type")
        grouped: dict[str, list[FieldNode]] = {}
        for part in parts:
            self._collect(type_, part, grouped)
        return [self._field(type_, key, nodes) for key, nodes in grouped.items()]

    def _collect(
        self, type_: GraphQLObjectType, part: SelectionSetNode, grouped: dict[str, list[FieldNode]]
    ) -> None:
        for selection in part.selections:
            if selection.directives and not included(selection.directives, self.variables):
                continue
            match selection:
                case FieldNode():
                    key = selection.alias.value if selection.alias else selection.name.value
                    grouped.setdefault(key, []).append(selection)
                case InlineFragmentNode():
                    if selection.type_condition is None or self._is(
                        type_, selection.type_condition.name.value
                    ):
                        self._collect(type_, selection.selection_set, grouped)
                case FragmentSpreadNode():
                    fragment = self.fragments[selection.name.value]
                    if self._is(type_, fragment.type_condition.name.value):
                        self._collect(type_, fragment.selection_set, grouped)

    def _is(self, type_: GraphQLObjectType, condition: str) -> bool:
        if type_.name == condition:
            return True
        wanted: Any = self.schema.graphql.type_map[condition]
        return not isinstance(wanted, GraphQLObjectType) and self.schema.graphql.is_sub_type(wanted, type_)

    def _field(self, parent: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> FieldPlan:
        node = nodes[0]
        name = node.name.value
        if name == "__typename":
            return _typename(key, node, parent.name)
        definition: GraphQLField = parent.fields[name] if name in parent.fields else self._introspection(name)
        inner, lists = _unwrapped(definition.type)
        answer = named(definition.type)
        is_leaf = isinstance(answer, GraphQLScalarType | GraphQLEnumType)
        return FieldPlan(
            key=key,
            name=name,
            node=node,
            resolve=self.registry.resolver(parent.name, name),
            args=arguments(definition, node, self.variables),
            type=inner,
            nullable=not isinstance(definition.type, GraphQLNonNull),
            serialise=SERIALISERS.get(answer.name) if is_leaf else None,
            lists=lists,
            selection=None
            if is_leaf
            else Selection(self, [node.selection_set for node in nodes if node.selection_set is not None]),
            concrete=answer.name if isinstance(answer, GraphQLObjectType) else None,
            refused=self._refusal(parent.name, name, answer),
        )

    def _introspection(self, name: str) -> GraphQLField:
        raise FieldError(f"Introspection of {name} is answered for whole documents only")

    def _refusal(self, parent: str, name: str, answer: GraphQLNamedType) -> FieldError | None:
        requirement = self.schema.requirement(parent, name, answer)
        if requirement is None or self.allows(requirement):
            return None
        return FieldError(
            f"Access denied for {name} field. Required access: {requirement.text}",
            "ACCESS_DENIED",
            documentation="https://shopify.dev/api/usage/access-scopes",
            requiredAccess=requirement.text,
        )


def _unwrapped(type_: Any) -> tuple[Any, tuple[bool, ...]]:
    lists: list[bool] = []
    while isinstance(type_, GraphQLNonNull | GraphQLList):
        if isinstance(type_, GraphQLList):
            lists.append(not isinstance(type_.of_type, GraphQLNonNull))
        type_ = type_.of_type
    return type_, tuple(lists)


def _typename(key: str, node: FieldNode, name: str) -> FieldPlan:
    return FieldPlan(key, "__typename", node, lambda *_: name, {}, None, False, None, (), None, None)

"""What a document may ask for, measured before the standard rules look at it.

Every fragment is measured once: a limiter that follows each spread anew takes time exponential in their
number. What has passed is remembered, so that a known document costs nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
)
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import validate_document

MOST_TOKENS = 3_000
LONGEST_DOCUMENT = 100_000
DEEPEST = 14
MOST_FIELDS = 1_500
MOST_ALIASES = 30
MOST_COST = 30_000
# What a page counts whose size is in a variable.
USUAL_PAGE = 50

_PAGE_ARGUMENT = "first"
_INTROSPECTION = ("__schema", "__type")


@dataclass(frozen=True, slots=True)
class Size:
    """`depth` in levels of fields; `fields` after fragments are spread; `cost` in objects that may be
    answered."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    cost: int = 0


class _Measure:
    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
        }
        self._known: dict[str, Size] = {}

    def selections(self, node: SelectionSetNode | None) -> Size:
        depth = fields = aliases = cost = 0
        for each in node.selections if node else ():
            size = self._selection(each)
            depth = max(depth, size.depth)
            fields += size.fields
            aliases += size.aliases
            cost += size.cost
        return Size(depth, fields, aliases, cost)

    def _selection(self, node: object) -> Size:
        match node:
            case FieldNode():
                return self._field(node)
            case InlineFragmentNode():
                return self.selections(node.selection_set)
            case FragmentSpreadNode():
                return self._fragment(node.name.value)
        return Size()

    def _field(self, node: FieldNode) -> Size:
        inner = self.selections(node.selection_set)
        aliases = inner.aliases + (node.alias is not None)
        if node.name.value in _INTROSPECTION:
            # Tools ask for the whole schema in one deep query; it is answered from memory.
            return Size(1, 1 + inner.fields, aliases, 1)
        own = 1 if node.selection_set else 0
        return Size(1 + inner.depth, 1 + inner.fields, aliases, _page(node) * (own + inner.cost))

    def _fragment(self, name: str) -> Size:
        if name not in self._known:
            self._known[name] = Size()  # a cycle, which the standard rules report, ends here
            fragment = self._fragments.get(name)
            self._known[name] = self.selections(fragment.selection_set if fragment else None)
        return self._known[name]


def _page(node: FieldNode) -> int:
    """How many objects the field may answer."""
    for argument in node.arguments or ():
        if argument.name.value == _PAGE_ARGUMENT:
            value = argument.value
            return max(1, int(value.value[:9])) if isinstance(value, IntValueNode) else USUAL_PAGE
    return 1


def measure(document: DocumentNode) -> Size:
    """The largest of every measure over the document's operations."""
    measured = _Measure(document)
    sizes = [
        measured.selections(each.selection_set)
        for each in document.definitions
        if isinstance(each, OperationDefinitionNode)
    ]
    return Size(
        depth=max((size.depth for size in sizes), default=0),
        fields=max((size.fields for size in sizes), default=0),
        aliases=max((size.aliases for size in sizes), default=0),
        cost=max((size.cost for size in sizes), default=0),
    )


def excess(document: DocumentNode) -> GraphQLError | None:
    """Why the document is too large to be looked at any further."""
    size = measure(document)
    for name, value, limit in (
        ("depth", size.depth, DEEPEST),
        ("fields", size.fields, MOST_FIELDS),
        ("aliases", size.aliases, MOST_ALIASES),
        ("cost", size.cost, MOST_COST),
    ):
        if value > limit:
            return too_large(name, limit)
    return None


def too_large(name: str, limit: int) -> GraphQLError:
    extensions = {"code": "TOO_MANY", "params": {"what": name, "limit": str(limit)}}
    message = f"The document asks for too much: {name} is limited to {limit}."
    return GraphQLError(message, extensions=extensions)


class Limits(SchemaExtension):
    """Refuses what asks for too much, then validates; both once per document. One of the standard rules takes
    time quadratic in repeated fields, so it must not see what is refused."""

    def on_operation(self) -> Iterator[None]:
        context = self.execution_context
        context.parse_options["max_tokens"] = MOST_TOKENS
        if context.query is not None and len(context.query) > LONGEST_DOCUMENT:
            raise too_large("length", LONGEST_DOCUMENT)
        yield

    def on_validate(self) -> Iterator[None]:
        context = self.execution_context
        if context.graphql_document is not None:
            found = _checked(context.schema._schema, context.graphql_document, context.validation_rules)
            context.pre_execution_errors = list(found)
        yield


def _check(schema: Any, document: DocumentNode, rules: Any) -> tuple[GraphQLError, ...]:
    found = excess(document)
    return (found,) if found else tuple(validate_document(schema, document, rules))


_checked: Callable[[Any, DocumentNode, Any], tuple[GraphQLError, ...]] = lru_cache(maxsize=256)(_check)

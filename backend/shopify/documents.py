"""The GraphQL documents the app sends: every one stands in `documents/*.graphql`; here they are rendered.

Rendering takes out what is not wanted: `@include(if: $flag)` is decided here and not at Shopify, so that a
field nobody owns is neither charged nor transferred. The bulk form of a read is rendered from the same file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from graphql import (
    ArgumentNode,
    DefinitionNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    NameNode,
    Node,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    StringValueNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    parse,
    print_ast,
    strip_ignored_characters,
    visit,
)

FOLDER = Path(__file__).parent / "documents"
NO_FLAGS: frozenset[tuple[str, bool]] = frozenset()


@dataclass(frozen=True, slots=True)
class Document:
    """A rendered operation. `text` is what is sent; `node` is the same, parsed, for the calculation of its
    cost."""

    name: str
    text: str
    is_mutation: bool
    variables: frozenset[str]
    node: DocumentNode = field(repr=False, compare=False)


@cache
def definitions() -> tuple[Mapping[str, OperationDefinitionNode], Mapping[str, FragmentDefinitionNode]]:
    """All operations and fragments of the folder by name."""
    operations: dict[str, OperationDefinitionNode] = {}
    fragments: dict[str, FragmentDefinitionNode] = {}
    for path in sorted(FOLDER.glob("*.graphql")):
        for definition in parse(path.read_text(encoding="utf-8"), no_location=True).definitions:
            match definition:
                case OperationDefinitionNode(name=NameNode(value=name)):
                    operations[name] = definition
                case FragmentDefinitionNode(name=NameNode(value=name)):
                    fragments[name] = definition
                case _:
                    raise ValueError(f"{path.name}: only named operations and fragments have a place here")
    return operations, fragments


def document(name: str, flags: Mapping[str, bool] | None = None, locations: int = 0) -> Document:
    """The operation with its flags decided; flags that the operation does not have are ignored.

    With `locations`, the field that reads one stock level by `$location` is repeated as level0, level1, …
    with the variables `$location0`, `$location1`, …
    """
    return _document(name, frozenset((flags or {}).items()), locations)


@cache
def _document(name: str, flags: frozenset[tuple[str, bool]], locations: int) -> Document:
    aliases = [VariableNode(name=NameNode(value=f"location{index}")) for index in range(locations)]
    node = _Rendering(dict(flags), aliases).operation(name, name)
    operation = next(each for each in node.definitions if isinstance(each, OperationDefinitionNode))
    return Document(
        name=name,
        text=_text(node),
        is_mutation=operation.operation is OperationType.MUTATION,
        variables=frozenset(each.variable.name.value for each in operation.variable_definitions or ()),
        node=node,
    )


def bulk_text(
    name: str,
    operation_name: str,
    flags: Mapping[str, bool],
    locations: Sequence[str] = (),
    search: str | None = None,
) -> str:
    """The text of a bulk query: `edges { node }` instead of `nodes`, no page arguments, every value written
    out.

    shopify.dev, bulk operations: 1 to 5 connections, nested 2 deep at most; the parent of a connection
    selects `id`.
    """
    written = [StringValueNode(value=gid, block=False) for gid in locations]
    values = {} if search is None else {"search": StringValueNode(value=search, block=False)}
    return _text(_Rendering(flags, written, bulk=True, values=values).operation(name, operation_name))


def _text(node: DocumentNode) -> str:
    return strip_ignored_characters(print_ast(node))


class _Rendering:
    """One walk over an operation and the fragments it uses."""

    def __init__(
        self,
        flags: Mapping[str, bool],
        locations: Sequence[VariableNode | StringValueNode],
        *,
        bulk: bool = False,
        values: Mapping[str, StringValueNode] | None = None,
    ) -> None:
        self._flags = flags
        self._locations = locations
        self._bulk = bulk
        self._values = values or {}
        self._fragments: dict[str, FragmentDefinitionNode] = {}

    def operation(self, name: str, as_name: str) -> DocumentNode:
        source = definitions()[0][name]
        selections = self._set(source.selection_set)
        body: list[Node] = [selections, *(source.directives or ()), *self._fragments.values()]
        used = {variable for node in body for variable in _variables(node)}
        operation = OperationDefinitionNode(
            operation=source.operation,
            name=NameNode(value=as_name),
            variable_definitions=tuple(
                each for each in self._declared(source) if each.variable.name.value in used
            ),
            directives=source.directives,
            selection_set=selections,
        )
        parts: list[DefinitionNode] = [operation, *self._fragments.values()]
        return DocumentNode(definitions=tuple(parts))

    def _declared(self, source: OperationDefinitionNode) -> Iterator[VariableDefinitionNode]:
        for definition in source.variable_definitions or ():
            yield definition
            if definition.variable.name.value == "location":
                for index in range(len(self._locations)):
                    name = VariableNode(name=NameNode(value=f"location{index}"))
                    yield VariableDefinitionNode(variable=name, type=definition.type, directives=())

    def _set(self, source: SelectionSetNode) -> SelectionSetNode:
        selections = tuple(each for selection in source.selections for each in self._selection(selection))
        return SelectionSetNode(selections=selections)

    def _selection(self, source: SelectionNode) -> Iterator[SelectionNode]:
        kept, directives = self._decided(source.directives or ())
        if not kept:
            return
        match source:
            case FieldNode():
                yield from self._fields(source, directives)
            case FragmentSpreadNode(name=NameNode(value=name)):
                self._use(name)
                yield FragmentSpreadNode(name=source.name, directives=directives, arguments=())
            case InlineFragmentNode():
                yield InlineFragmentNode(
                    type_condition=source.type_condition,
                    directives=directives,
                    selection_set=self._set(source.selection_set),
                )

    def _use(self, name: str) -> None:
        if name in self._fragments:
            return
        source = definitions()[1][name]
        self._fragments[name] = FragmentDefinitionNode(
            name=source.name,
            type_condition=source.type_condition,
            directives=source.directives,
            variable_definitions=(),
            selection_set=self._set(source.selection_set),
        )

    def _decided(self, directives: Sequence[DirectiveNode]) -> tuple[bool, tuple[DirectiveNode, ...]]:
        """Whether the selection stays, and the directives that are still open."""
        open_ones = []
        for directive in directives:
            flag = next(iter(_variables(directive)), "")
            if directive.name.value != "include" or flag not in self._flags:
                open_ones.append(directive)
            elif not self._flags[flag]:
                return False, ()
        return True, tuple(open_ones)

    def _fields(self, source: FieldNode, directives: tuple[DirectiveNode, ...]) -> Iterator[FieldNode]:
        arguments = tuple(self._arguments(source.arguments or ()))
        selections = source.selection_set and self._children(source.selection_set)
        places: Sequence[tuple[NameNode | None, tuple[ArgumentNode, ...]]] = [(source.alias, arguments)]
        if source.alias and "location" in _variables(source) and self._locations:
            places = [
                (
                    NameNode(value=f"{source.alias.value}{index}"),
                    (ArgumentNode(name=NameNode(value="locationId"), value=place),),
                )
                for index, place in enumerate(self._locations)
            ]
        for alias, placed in places:
            yield FieldNode(
                alias=alias,
                name=source.name,
                arguments=placed,
                directives=directives,
                selection_set=selections,
            )

    def _arguments(self, arguments: Sequence[ArgumentNode]) -> Iterator[ArgumentNode]:
        for argument in arguments:
            if not self._bulk or not isinstance(argument.value, VariableNode):
                if not self._bulk or argument.name.value not in {"first", "sortKey"}:
                    yield argument
            elif value := self._values.get(argument.value.name.value):
                yield ArgumentNode(name=argument.name, value=value)

    def _children(self, source: SelectionSetNode) -> SelectionSetNode:
        nodes = next((each for each in source.selections if _is_field(each, "nodes")), None)
        if not self._bulk or not isinstance(nodes, FieldNode) or nodes.selection_set is None:
            return self._set(source)
        node = FieldNode(
            name=NameNode(value="node"),
            arguments=(),
            directives=(),
            selection_set=self._set(nodes.selection_set),
        )
        edges = FieldNode(
            name=NameNode(value="edges"),
            arguments=(),
            directives=(),
            selection_set=SelectionSetNode(selections=(node,)),
        )
        return SelectionSetNode(selections=(edges,))


def _is_field(selection: SelectionNode, name: str) -> bool:
    return isinstance(selection, FieldNode) and selection.name.value == name


def _variables(root: Node) -> set[str]:
    found: set[str] = set()

    class Collect(Visitor):
        def enter_variable(self, node: VariableNode, *_: object) -> None:
            found.add(node.name.value)

    visit(root, Collect())
    return found

"""What may run in bulk: the checks of bulkOperationRunQuery and bulkOperationRunMutation, and the plan of
a query.

Rules from shopify.dev, "Perform bulk operations"; messages and codes as recorded from a development store.
Nesting is counted below the root connection, so products → variants → media is the deepest there is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSyntaxError,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
    parse,
    validate,
)

from sandbox.commands.errors import UserError

MAX_DOCUMENT_BYTES = 65_535
MAX_CONNECTIONS = 5
MAX_NESTING = 2
MIN_CLIENT_IDENTIFIER, MAX_CLIENT_IDENTIFIER = 10, 255


@dataclass(frozen=True, slots=True)
class ConnectionPlan:
    """A connection of a bulk query.

    path leads from the object that holds it through plain object fields; holder is the type that field
    stands on. selection is what a node's own line shows, connections taken out; children are those
    connections.
    """

    name: str
    holder: str
    path: tuple[tuple[str, FieldNode], ...]
    node: FieldNode
    selection: SelectionSetNode
    children: tuple["ConnectionPlan", ...]


@dataclass(frozen=True, slots=True)
class QueryPlan:
    roots: tuple[ConnectionPlan, ...]


@dataclass(slots=True)
class _Findings:
    via_nodes: list[str] = field(default_factory=list)
    without_id: list[str] = field(default_factory=list)
    in_list: bool = False
    count: int = 0
    depth: int = 0


def plan_query(schema: GraphQLSchema, text: str) -> QueryPlan | list[UserError]:
    """The plan of a bulk query, or everything that is wrong with it."""
    size = len(text.encode())
    if size > MAX_DOCUMENT_BYTES:
        return [_invalid(f"Query is too large ({size} bytes; maximum is {MAX_DOCUMENT_BYTES} bytes)")]
    document = _parsed(text)
    if isinstance(document, str):
        return [_invalid(f"Invalid bulk query: {document.partition(' at [')[0]}")]
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if len(operations) != 1 or operations[0].operation is not OperationType.QUERY:
        return [_invalid("Invalid operation type. Only `query` operations are supported.")]
    faults = validate(schema, document, max_errors=5)
    if faults:
        return [_invalid(f"Invalid bulk query: {fault.message}") for fault in faults]
    fragments = {
        node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
    }
    walk = _Walk(schema, fragments)
    _, roots = walk.split(operations[0].selection_set, schema.query_type, depth=0)
    errors = list(_faults(walk.findings, operations[0]))
    return errors or QueryPlan(tuple(roots))


def check_mutation(schema: GraphQLSchema, text: str, client_identifier: str | None) -> list[UserError]:
    """Everything that keeps a mutation from running in bulk, before its file is looked at."""
    size = len(text.encode())
    if size > MAX_DOCUMENT_BYTES:
        message = f"is too large ({size} bytes; maximum is {MAX_DOCUMENT_BYTES} bytes)"
        return [UserError(("query",), message, "INVALID_MUTATION")]
    document = _parsed(text)
    if isinstance(document, str):
        return [UserError(None, f"Failed to parse the mutation - {document}", "INVALID_MUTATION")]
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if len(operations) != 1 or operations[0].operation is not OperationType.MUTATION:
        message = "Invalid operation type. Only `mutation` operations are supported."
        return [UserError(None, message, "INVALID_MUTATION")]
    roots = [node for node in operations[0].selection_set.selections if isinstance(node, FieldNode)]
    if len(roots) != 1 or len(operations[0].selection_set.selections) != 1:
        return [UserError(("mutation",), "You must specify a single top level mutation.")]
    if roots[0].name.value.startswith("bulkOperation"):
        return [UserError(("mutation",), "You must use an allowed mutation name.")]
    faults = validate(schema, document, max_errors=5)
    if faults:
        message = f"Failed to parse the mutation - {faults[0].message}"
        return [UserError(None, message, "INVALID_MUTATION")]
    fragments = {
        node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
    }
    walk = _Walk(schema, fragments, counts_only=True)
    walk.split(operations[0].selection_set, schema.mutation_type, depth=0)
    if walk.findings.count > 1:
        return [UserError(("mutation",), "Bulk mutations cannot contain more than 1 connection.")]
    if client_identifier is not None:
        return list(_identifier_faults(client_identifier))
    return []


def _identifier_faults(text: str) -> Iterator[UserError]:
    field_ = ("clientIdentifier",)
    if len(text) < MIN_CLIENT_IDENTIFIER:
        yield UserError(
            field_, f"is too short (minimum is {MIN_CLIENT_IDENTIFIER} characters)", "INVALID_MUTATION"
        )
    if len(text) > MAX_CLIENT_IDENTIFIER:
        yield UserError(
            field_, f"is too long (maximum is {MAX_CLIENT_IDENTIFIER} characters)", "INVALID_MUTATION"
        )


def _parsed(text: str) -> DocumentNode | str:
    """The document, or what is wrong in the words of Shopify's parser."""
    try:
        return parse(text, max_tokens=50_000)
    except GraphQLSyntaxError as error:
        if "<EOF>" in error.message:
            lines = text.split("\n")
            return f"syntax error, unexpected end of file at [{len(lines)}, {len(lines[-1])}]"
        where = error.locations[0] if error.locations else None
        at = f" at [{where.line}, {where.column}]" if where else ""
        return f"syntax error, {error.message.removeprefix('Syntax Error: ')}{at}"
    except RecursionError:
        return "syntax error, the document is nested too deeply"


def _invalid(message: str) -> UserError:
    return UserError(("query",), message, "INVALID")


def _faults(found: _Findings, operation: OperationDefinitionNode) -> Iterator[UserError]:
    top = {node.name.value for node in operation.selection_set.selections if isinstance(node, FieldNode)}
    if found.via_nodes:
        names = "', '".join(dict.fromkeys(found.via_nodes))
        first = found.via_nodes[0]
        yield _invalid(
            "All connection fields in a bulk query must select their contents using 'edges' > 'node', e.g: "
            f"'{first} {{ edges {{ node {{'. Selecting via 'nodes' is not supported. "
            f"Invalid connection fields: '{names}'."
        )
    for name in ("node", "nodes"):
        if name in top:
            yield _invalid(f"Bulk queries cannot contain a top level `{name}` field.")
    if found.depth > MAX_NESTING:
        yield _invalid(
            f"Bulk queries cannot contain connections with a nesting depth greater than {MAX_NESTING}."
        )
    if found.count > MAX_CONNECTIONS:
        yield _invalid(f"Bulk queries cannot contain more than {MAX_CONNECTIONS} connections.")
    if found.without_id:
        names = ", ".join(dict.fromkeys(found.without_id))
        yield _invalid(
            "The parent 'node' field for a nested connection must select the 'id' field without an alias and "
            f"must be of 'ID' return type. Connection fields without 'id': {names}."
        )
    if found.in_list:
        yield _invalid(
            "Queries that contain a connection field within a list field are not currently supported."
        )
    if found.count == 0 and not found.via_nodes:
        yield _invalid("Bulk queries must contain at least one connection.")


@dataclass(slots=True)
class _Walk:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    counts_only: bool = False
    findings: _Findings = field(default_factory=_Findings)

    def split(
        self,
        selection_set: SelectionSetNode,
        type_: Any,
        *,
        depth: int,
        path: tuple[tuple[str, FieldNode], ...] = (),
        in_list: bool = False,
    ) -> tuple[SelectionSetNode, list[ConnectionPlan]]:
        """What is left of a selection when its connections are taken out, and those connections.

        Fragments become inline. depth is how many connections are around the selection.
        """
        kept: list[Any] = []
        connections: list[ConnectionPlan] = []
        for node in selection_set.selections:
            match node:
                case FragmentSpreadNode():
                    fragment = self.fragments[node.name.value]
                    inner: Any = self.schema.type_map[fragment.type_condition.name.value]
                    rest, found = self.split(
                        fragment.selection_set, inner, depth=depth, path=path, in_list=in_list
                    )
                    connections.extend(found)
                    if rest.selections:
                        kept.append(
                            InlineFragmentNode(
                                type_condition=fragment.type_condition,
                                directives=node.directives,
                                selection_set=rest,
                            )
                        )
                case InlineFragmentNode():
                    condition = node.type_condition
                    inner = type_ if condition is None else self.schema.type_map[condition.name.value]
                    rest, found = self.split(
                        node.selection_set, inner, depth=depth, path=path, in_list=in_list
                    )
                    connections.extend(found)
                    if rest.selections:
                        kept.append(
                            InlineFragmentNode(
                                type_condition=condition, directives=node.directives, selection_set=rest
                            )
                        )
                case FieldNode():
                    definition = type_.fields.get(node.name.value) if hasattr(type_, "fields") else None
                    if definition is None or node.selection_set is None:
                        kept.append(node)
                        continue
                    inner = get_named_type(definition.type)
                    if inner.name.endswith("Connection"):
                        found_one = self._connection(node, type_, inner, depth, path, in_list)
                        connections.extend(found_one)
                        continue
                    rest, found = self.split(
                        node.selection_set,
                        inner,
                        depth=depth,
                        path=(*path, (type_.name, node)),
                        in_list=in_list or _is_list(definition.type),
                    )
                    connections.extend(found)
                    if rest.selections:
                        kept.append(_with(node, rest))
        return SelectionSetNode(selections=tuple(kept)), connections

    def _connection(
        self,
        node: FieldNode,
        holder: GraphQLObjectType | GraphQLInterfaceType,
        type_: GraphQLObjectType,
        depth: int,
        path: tuple[tuple[str, FieldNode], ...],
        in_list: bool,
    ) -> list[ConnectionPlan]:
        found = self.findings
        name = node.name.value
        found.count += 1
        found.depth = max(found.depth, depth)
        found.in_list = found.in_list or in_list
        selected = [] if node.selection_set is None else list(self._fields(node.selection_set))
        edges = [each for each in selected if each.name.value == "edges" and each.selection_set is not None]
        if any(each.name.value == "nodes" for each in selected):
            found.via_nodes.append(name)
        nodes = [
            inner
            for edge in edges
            if edge.selection_set is not None
            for inner in self._fields(edge.selection_set)
            if inner.name.value == "node" and inner.selection_set is not None
        ]
        if self.counts_only or not nodes:
            if not nodes and not self.counts_only and name not in found.via_nodes:
                found.via_nodes.append(name)
            return []
        sets = [inner.selection_set for inner in nodes if inner.selection_set is not None]
        merged = SelectionSetNode(selections=tuple(part for each in sets for part in each.selections))
        edge_type: Any = get_named_type(type_.fields["edges"].type)
        node_type: Any = get_named_type(edge_type.fields["node"].type)
        rest, children = self.split(merged, node_type, depth=depth + 1)
        if children and not any(
            each.name.value == "id" and each.alias is None for each in self._fields(merged)
        ):
            found.without_id.append(name)
        return [ConnectionPlan(name, holder.name, path, node, rest, tuple(children))]

    def _fields(self, selection_set: SelectionSetNode) -> Iterator[FieldNode]:
        """Fields of a selection, those in fragments included."""
        for node in selection_set.selections:
            match node:
                case FieldNode():
                    yield node
                case InlineFragmentNode():
                    yield from self._fields(node.selection_set)
                case FragmentSpreadNode():
                    yield from self._fields(self.fragments[node.name.value].selection_set)


def _is_list(type_: Any) -> bool:
    while isinstance(type_, GraphQLNonNull):
        type_ = type_.of_type
    return isinstance(type_, GraphQLList)


def _with(node: FieldNode, selection_set: SelectionSetNode) -> FieldNode:
    return FieldNode(
        alias=node.alias,
        name=node.name,
        arguments=node.arguments,
        directives=node.directives,
        selection_set=selection_set,
        loc=node.loc,
    )

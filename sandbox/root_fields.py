"""What a GraphQL request is about, without looking further into it."""

from functools import lru_cache

from graphql import FieldNode, GraphQLSyntaxError, OperationDefinitionNode, parse


@lru_cache(maxsize=512)
def root_fields(query: str, operation: str | None) -> tuple[str, tuple[str, ...]]:
    """Kind and root fields of an operation, fragments aside; `("", ())` for what is no GraphQL."""
    try:
        document = parse(query, no_location=True)
    except GraphQLSyntaxError:
        return "", ()
    for definition in document.definitions:
        if not isinstance(definition, OperationDefinitionNode):
            continue
        if operation is None or (definition.name is not None and definition.name.value == operation):
            fields = (node for node in definition.selection_set.selections if isinstance(node, FieldNode))
            return definition.operation.value, tuple(node.name.value for node in fields)
    return "", ()

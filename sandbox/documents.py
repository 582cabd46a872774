"""Documents, parsed and validated once for each text and version."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    parse,
    validate,
)

from sandbox.failures import RequestError
from sandbox.schema import admin_schema

_WORDINGS = (
    (
        re.compile(r"Cannot query field '(?P<field>\w+)' on type '(?P<type>\w+)'"),
        "Field '{field}' doesn't exist on type '{type}'",
        "undefinedField",
    ),
    (
        re.compile(r"Unknown argument '(?P<argument>\w+)' on field '(?P<type>\w+)\.(?P<field>\w+)'"),
        "Field '{field}' doesn't accept argument '{argument}'",
        "argumentNotAccepted",
    ),
    (
        re.compile(r"Argument '\w+\.(?P<field>\w+)\((?P<argument>\w+):\)' of type .* is required"),
        "Field '{field}' is missing required arguments: {argument}",
        "missingRequiredArguments",
    ),
    (
        re.compile(r"Field '(?P<field>\w+)' argument '(?P<argument>\w+)' of type .* is required"),
        "Field '{field}' is missing required arguments: {argument}",
        "missingRequiredArguments",
    ),
    (
        re.compile(r"Field '(?P<field>\w+)' of type '(?P<type>.+?)' must have a selection of subfields"),
        "Field must have selections (field '{field}' returns {type} but has no selections.)",
        "selectionMismatch",
    ),
    (
        re.compile(r"Variable '\$(?P<variable>\w+)' is not defined"),
        "Variable ${variable} is used by the operation but not declared",
        "variableNotDefined",
    ),
    (
        re.compile(r"Variable '\$(?P<variable>\w+)' is never used"),
        "Variable ${variable} is declared by the operation but not used",
        "variableNotUsed",
    ),
)


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    operations: dict[str, OperationDefinitionNode]
    fragments: dict[str, FragmentDefinitionNode]

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The one to run. RequestError when the name is unknown, or missing where it is needed."""
        if name:
            found = self.operations.get(name)
            if found is None:
                raise RequestError({"message": f'No operation named "{name}"'})
            return found
        if len(self.operations) != 1:
            raise RequestError({"message": "An operation name is required"})
        return next(iter(self.operations.values()))


@lru_cache(maxsize=512)
def _prepared(version: str, text: str) -> Document | tuple[dict[str, Any], ...]:
    try:
        tree = parse(text, max_tokens=50_000)
    except GraphQLSyntaxError as error:
        return (_syntax_error(error),)
    except (GraphQLError, RecursionError):
        return ({"message": "The document is too large"},)
    errors = validate(admin_schema(version).graphql, tree, max_errors=20)
    if errors:
        return tuple(_reworded(error) for error in errors)
    operations: dict[str, OperationDefinitionNode] = {}
    fragments: dict[str, FragmentDefinitionNode] = {}
    for definition in tree.definitions:
        match definition:
            case OperationDefinitionNode(operation=OperationType.SUBSCRIPTION):
                return ({"message": "Schema is not configured for subscriptions"},)
            case OperationDefinitionNode():
                operations[definition.name.value if definition.name else ""] = definition
            case FragmentDefinitionNode():
                fragments[definition.name.value] = definition
    return Document(operations, fragments)


def prepared(version: str, text: str) -> Document:
    """The document; RequestError with everything that is wrong with it."""
    found = _prepared(version, text)
    if isinstance(found, Document):
        return found
    raise RequestError(*found)


def _syntax_error(error: GraphQLSyntaxError) -> dict[str, Any]:
    location = error.locations[0] if error.locations else None
    at = [location.line, location.column] if location else [1, 1]
    what = (
        "unexpected end of file" if "<EOF>" in error.message else error.message.removeprefix("Syntax Error: ")
    )
    return {
        "message": f"syntax error, {what} at [{at[0]}, {at[1]}]",
        "locations": [{"line": at[0], "column": at[1]}],
    }


def _reworded(error: GraphQLError) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "message": error.message,
        "locations": [{"line": place.line, "column": place.column} for place in error.locations or ()],
    }
    for pattern, wording, code in _WORDINGS:
        match = pattern.match(error.message.replace('"', "'"))
        if match:
            entry["message"] = wording.format(**match.groupdict())
            entry["extensions"] = {
                "code": code,
                **{f"{key}Name": text for key, text in match.groupdict().items()},
            }
            break
    return entry

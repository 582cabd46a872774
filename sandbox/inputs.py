"""Variables and arguments: from what was sent to Python values, with the problems as Shopify lists them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    EnumValueNode,
    FieldNode,
    FloatValueNode,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    StringValueNode,
    Undefined,
    ValueNode,
    VariableNode,
    type_from_ast,
)

from sandbox.failures import RequestError

Problems = list[tuple[list[str | int], str]]


class _MisfitError(ValueError):
    pass


def coerce_variables(
    schema: GraphQLSchema, operation: OperationDefinitionNode, raw: Mapping[str, Any]
) -> dict[str, Any]:
    """The operation's variables, coerced; RequestError with code INVALID_VARIABLE for those that don't
    fit.
    """
    values: dict[str, Any] = {}
    errors: list[dict[str, Any]] = []
    for definition in operation.variable_definitions or ():
        name = definition.variable.name.value
        type_: Any = type_from_ast(schema, definition.type)
        if name not in raw:
            if definition.default_value is not None:
                values[name] = from_ast(definition.default_value, type_, {})
                continue
            if not isinstance(type_, GraphQLNonNull):
                continue
        problems: Problems = []
        value = _coerce(raw.get(name), type_, [], problems)
        if problems:
            errors.append(_variable_error(name, str(type_), raw.get(name), problems, definition))
        values[name] = value
    if errors:
        raise RequestError(*errors)
    return values


def _variable_error(name: str, type_: str, value: Any, problems: Problems, node: Any) -> dict[str, Any]:
    told = "; ".join(
        f"{'.'.join(map(str, path))} ({why})" if path else f"({why})" for path, why in problems[:5]
    )
    target = f" for {told}" if problems[0][0] else ""
    location = node.loc.start_token
    return {
        "message": f"Variable ${name} of type {type_} was provided invalid value{target}",
        "locations": [{"line": location.line, "column": location.column}],
        "extensions": {
            "code": "INVALID_VARIABLE",
            "typeName": type_,
            "value": value,
            "problems": [
                {"path": path, "explanation": why, **({"message": why} if "null" not in why else {})}
                for path, why in problems
            ],
        },
    }


def arguments(field: GraphQLField, node: FieldNode, variables: Mapping[str, Any]) -> dict[str, Any]:
    """A validated field's arguments: what was given, and defaults. Absent ones are absent."""
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    values: dict[str, Any] = {}
    for name, definition in field.args.items():
        ast = given.get(name)
        if ast is not None:
            value = from_ast(ast, definition.type, variables)
            if value is not Undefined:
                values[name] = value
                continue
        default = default_of(definition)
        if default is not Undefined:
            values[name] = default
    return values


def default_of(definition: Any) -> Any:
    """The default of an argument or input field, as graphql-core keeps it for a schema built from
    introspection.
    """
    default = getattr(definition, "default", None)
    if default is None:
        return Undefined
    if default.literal is not None:
        return from_ast(default.literal, definition.type, {})
    return default.value


def included(directives: Sequence[DirectiveNode], variables: Mapping[str, Any]) -> bool:
    """Whether @include and @skip leave a selection in."""
    for directive in directives:
        name = directive.name.value
        if name in ("include", "skip") and directive.arguments:
            condition = from_ast(directive.arguments[0].value, GraphQLBoolean, variables)
            if (condition is True) is (name == "skip"):
                return False
    return True


def from_ast(ast: ValueNode, type_: Any, variables: Mapping[str, Any]) -> Any:
    """A literal of a validated document; Undefined for a variable that was not given."""
    if isinstance(ast, VariableNode):
        return variables.get(ast.name.value, Undefined)
    if isinstance(type_, GraphQLNonNull):
        return from_ast(ast, type_.of_type, variables)
    if isinstance(ast, NullValueNode):
        return None
    if isinstance(type_, GraphQLList):
        items = ast.values if isinstance(ast, ListValueNode) else (ast,)
        found = (from_ast(item, type_.of_type, variables) for item in items)
        return [None if item is Undefined else item for item in found]
    if isinstance(type_, GraphQLInputObjectType):
        given = (
            {field.name.value: field.value for field in ast.fields}
            if isinstance(ast, ObjectValueNode)
            else {}
        )
        values: dict[str, Any] = {}
        for name, definition in type_.fields.items():
            value = from_ast(given[name], definition.type, variables) if name in given else Undefined
            if value is Undefined:
                value = default_of(definition)
            if value is not Undefined:
                values[name] = value
        return values
    problems: Problems = []
    value = _coerce(_plain(ast, variables), type_, [], problems)
    if problems:
        raise RequestError(
            {
                "message": problems[0][1],
                "locations": [{"line": ast.loc.start_token.line, "column": ast.loc.start_token.column}]
                if ast.loc
                else [],
                "extensions": {"code": "argumentLiteralsIncompatible"},
            }
        )
    return value


def _plain(ast: ValueNode, variables: Mapping[str, Any]) -> Any:
    match ast:
        case IntValueNode():
            return int(ast.value)
        case FloatValueNode():
            return float(ast.value)
        case StringValueNode() | EnumValueNode() | BooleanValueNode():
            return ast.value
        case ListValueNode():
            return [_plain(item, variables) for item in ast.values]
        case ObjectValueNode():
            return {field.name.value: _plain(field.value, variables) for field in ast.fields}
        case VariableNode():
            return variables.get(ast.name.value)
        case _:
            return None


def _coerce(value: Any, type_: Any, path: list[str | int], problems: Problems) -> Any:
    if isinstance(type_, GraphQLNonNull):
        if value is None:
            problems.append((path, "Expected value to not be null"))
            return None
        type_ = type_.of_type
    if value is None:
        return None
    if isinstance(type_, GraphQLList):
        items = value if isinstance(value, list) else [value]
        inner = type_.of_type
        return [_coerce(item, inner, [*path, index], problems) for index, item in enumerate(items)]
    if isinstance(type_, GraphQLInputObjectType):
        return _coerce_object(value, type_, path, problems)
    if isinstance(type_, GraphQLEnumType):
        if not isinstance(value, str) or value not in type_.values:
            expected = ", ".join(type_.values)
            problems.append((path, f'Expected "{value}" to be one of: {expected}'))
        return value
    try:
        return _SCALARS.get(type_.name, _anything)(value)
    except _MisfitError as misfit:
        text = str(misfit) or f"Could not coerce value {value!r} to {type_.name}"
        problems.append((path, text))
        return None


def _coerce_object(
    value: Any, type_: GraphQLInputObjectType, path: list[str | int], problems: Problems
) -> Any:
    if not isinstance(value, dict):
        problems.append((path, f"Expected {value!r} to be a key-value object."))
        return None
    result: dict[str, Any] = {}
    fields = type_.fields
    for name in value:
        if name not in fields:
            problems.append(([*path, name], f"Field is not defined on {type_.name}"))
    for name, definition in fields.items():
        if name in value:
            result[name] = _coerce(value[name], definition.type, [*path, name], problems)
            continue
        default = default_of(definition)
        if default is not Undefined:
            result[name] = default
        elif isinstance(definition.type, GraphQLNonNull):
            problems.append(([*path, name], "Expected value to not be null"))
    if type_.is_one_of and len(value) != 1:
        problems.append(
            (path, f"'{type_.name}' requires exactly one argument, but {len(value)} were provided.")
        )
    return result


def _string(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise _MisfitError


def _identifier(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise _MisfitError


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not (
        isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    ):
        raise _MisfitError
    if not -(2**31) <= value < 2**31:
        raise _MisfitError(f"{value} is outside the range of Int")
    return int(value)


def _float(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _MisfitError
    return float(value)


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise _MisfitError


def _decimal(value: Any) -> Decimal:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            raise _MisfitError(f"invalid decimal '{value}'") from None
        if number.is_finite():
            return number
    raise _MisfitError(f"invalid decimal '{value}'")


def _date_time(value: Any) -> datetime:
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise _MisfitError(f"invalid DateTime '{value}'") from None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    raise _MisfitError(f"invalid DateTime '{value}'")


def _url(value: Any) -> str:
    text = _string(value)
    if ":" not in text:
        raise _MisfitError(f"Invalid url '{text}', missing scheme")
    return text


def _anything(value: Any) -> Any:
    return value


_SCALARS: dict[str, Callable[[Any], Any]] = {
    "String": _string,
    "ID": _identifier,
    "Int": _integer,
    "Float": _float,
    "Boolean": _boolean,
    "Decimal": _decimal,
    "Money": _decimal,
    "DateTime": _date_time,
    "HTML": _string,
    "FormattedString": _string,
    "UnsignedInt64": _identifier,
    "URL": _url,
}

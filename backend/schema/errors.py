"""Errors as callers see them: `userErrors` for what they can put right, a code on everything else.

What nobody expected is masked: the caller gets an id, the log carries it with the whole story.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol, TypeVar
from uuid import uuid4

import strawberry
import structlog
from graphql import GraphQLError
from strawberry.extensions import FieldExtension, SchemaExtension
from strawberry.types.execution import ExecutionResult, StreamExecutionResult
from strawberry.utils.str_converters import to_camel_case

import backend.schema.enums  # noqa: F401 - names the codes before a type refers to them
from backend.access.policy import demand_writing
from backend.errors import AppError, ErrorCode
from backend.errors import UserError as UserFault
from backend.errors import UserErrors as UserFaults
from backend.schema.context import Info

log = structlog.get_logger(__name__)

LONGEST_TEXT = 4_000
LONGEST_LIST = 1_000
_LONGEST_MESSAGE = 300


@strawberry.type(description="Fills a placeholder of the text that belongs to an error's code.")
class Param:
    name: str
    value: str


@strawberry.type(description="What was wrong with the request. `field` is the path of the argument at fault.")
class UserError:
    code: ErrorCode
    field: list[str] | None
    message: str
    params: list[Param]

    @classmethod
    def of(cls, error: AppError, field: tuple[str, ...] = ()) -> "UserError":
        """`field` stands in where the error, found deeper, does not know it."""
        if isinstance(error, UserFault):
            params = [Param(name=name, value=value) for name, value in sorted(error.params.items())]
            path = list(error.field or field) or None
            return cls(code=error.code, field=path, message=error.message, params=params)
        return cls(code=error.code, field=None, message=error.message, params=[])


class Payload(Protocol):
    def __init__(self, *, user_errors: list[UserError]) -> None: ...


P = TypeVar("P", bound=Payload)


class UserErrors(FieldExtension):
    """Turns errors with a code into the payload's `userErrors`. Every mutation has it, so that here is also
    where tokens for reading are refused and the size of every argument is checked."""

    def __init__(self, payload: Callable[..., Any]) -> None:
        self._payload = payload

    async def resolve_async(self, next_: Callable[..., Any], source: Any, info: Info, **kwargs: Any) -> Any:
        try:
            demand_writing(info.context.scope.principal)
            check_size(kwargs)
            return await next_(source, info, **kwargs)
        except AppError as error:
            info.context.services.metrics.errors[error.code.value] += 1
            told = error.errors if isinstance(error, UserFaults) else (error,)
            return self._payload(user_errors=[UserError.of(each) for each in told])


def check_size(arguments: Mapping[str, Any]) -> None:
    """Raises UserError TOO_LONG or TOO_MANY at the first argument beyond what any field needs."""
    for name, value in arguments.items():
        _check_value(value, (to_camel_case(name),))


def _check_value(value: Any, path: tuple[str, ...]) -> None:
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            params = {"limit": str(LONGEST_TEXT)}
            raise UserFault(ErrorCode.TOO_LONG, "The text is too long.", field=path, params=params)
        if "\x00" in value:
            raise UserFault(ErrorCode.INVALID_INPUT, "The text has a null character.", field=path)
    elif isinstance(value, list):
        if len(value) > LONGEST_LIST:
            params = {"limit": str(LONGEST_LIST)}
            raise UserFault(ErrorCode.TOO_MANY, "Too many entries.", field=path, params=params)
        for index, entry in enumerate(value):
            _check_value(entry, (*path, str(index)))
    elif hasattr(value, "__strawberry_definition__"):
        for name, entry in vars(value).items():
            _check_value(entry, (*path, to_camel_case(name)))


class CodedErrors(SchemaExtension):
    """Gives every error a code, and masks what was not raised on purpose."""

    def on_operation(self) -> Iterator[None]:
        yield
        result = self.execution_context.result
        if isinstance(result, ExecutionResult) or hasattr(result, "errors"):
            self._process(result)

    def on_stream_result(self, result: StreamExecutionResult) -> Iterator[None]:
        self._process(result)
        yield None

    def _process(self, result: Any) -> None:
        errors = getattr(result, "errors", None)
        if errors:
            result.errors = [self._coded(error) for error in errors]

    def _coded(self, error: GraphQLError) -> GraphQLError:
        coded = with_code(error)
        if coded is error:
            return error
        code = str((coded.extensions or {}).get("code"))
        context = self.execution_context.context
        if context is not None:
            context.services.metrics.errors[code] += 1
        return coded


def with_code(error: GraphQLError) -> GraphQLError:
    return error if error.extensions and "code" in error.extensions else coded_error(error)


def coded_error(error: GraphQLError) -> GraphQLError:
    cause = error.original_error
    if isinstance(cause, GraphQLError):
        cause = cause.original_error
    if isinstance(cause, AppError):
        extensions: dict[str, Any] = {"code": cause.code.value}
        if isinstance(cause, UserFault):
            extensions |= {"field": list(cause.field), "params": dict(cause.params)}
        return _like(error, cause.message, extensions)
    if cause is None:
        return _like(error, error.message[:_LONGEST_MESSAGE], {"code": ErrorCode.INVALID_INPUT.value})
    error_id = uuid4().hex
    log.error("unexpected error", id=error_id, path=error.path, exc_info=cause)
    extensions = {"code": ErrorCode.INTERNAL.value, "id": error_id}
    return _like(error, "Something went wrong. The id of this error is in the log.", extensions)


def _like(error: GraphQLError, message: str, extensions: dict[str, Any]) -> GraphQLError:
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )

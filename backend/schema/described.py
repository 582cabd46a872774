"""`strawberry.field` with a description, as a decorator that type checkers see through."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import strawberry

F = TypeVar("F", bound=Callable[..., Any])


def described(description: str) -> Callable[[F], F]:
    return cast("Callable[[F], F]", strawberry.field(description=description))

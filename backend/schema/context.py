"""What a resolver is given besides its arguments."""

from dataclasses import dataclass, field
from typing import Any, TypeAlias

import strawberry
from starlette.requests import Request
from starlette.websockets import WebSocket

from backend.access.loaders import Loaders
from backend.access.scope import Scope
from backend.errors import AppError, ErrorCode
from backend.web.services import Services


@dataclass(slots=True)
class Context:
    """`identified` is None on a socket until its `connection_init` has named the caller."""

    request: Request | WebSocket
    services: Services
    identified: Scope | None = None
    loaders: Loaders = field(default_factory=Loaders)
    connection_params: dict[str, Any] | None = None

    @property
    def scope(self) -> Scope:
        if self.identified is None:
            raise AppError("Sign in first.", code=ErrorCode.UNAUTHENTICATED)
        return self.identified


Info: TypeAlias = strawberry.Info[Context, None]

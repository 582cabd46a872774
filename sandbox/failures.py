"""Errors that stand at the top of an answer, in Shopify's shape."""

from typing import Any


class FieldError(Exception):
    """A field could not be answered: it becomes null, and this stands among the errors."""

    def __init__(self, message: str, code: str | None = None, **extensions: Any) -> None:
        super().__init__(message)
        self.message = message
        self.extensions: dict[str, Any] = dict(extensions)
        if code is not None:
            self.extensions["code"] = code


class NotSimulatedError(FieldError):
    """The schema has the field, the sandbox does not know how to answer it."""

    def __init__(self, what: str) -> None:
        super().__init__(f"not simulated: {what}", "NOT_SIMULATED")


class RequestError(Exception):
    """The whole request is refused before anything runs."""

    def __init__(self, *errors: dict[str, Any]) -> None:
        super().__init__("; ".join(error["message"] for error in errors))
        self.errors = list(errors)

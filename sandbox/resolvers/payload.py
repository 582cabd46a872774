"""Payloads of mutations: what came of it, and the errors of what was refused."""

from collections.abc import Iterable
from typing import Any

from sandbox.commands.errors import UserError
from sandbox.ids import split_gid
from sandbox.resolvers import lookup

Payload = dict[str, Any]


def told(errors: Iterable[UserError]) -> list[dict[str, Any]]:
    return [
        {
            "field": None if error.field is None else list(error.field),
            "message": error.message,
            "code": error.code,
        }
        for error in errors
    ]


def refused(errors: Iterable[UserError], *fields: str, errors_as: str = "userErrors") -> Payload:
    """Everything null but the errors."""
    return {**dict.fromkeys(fields), errors_as: told(errors)}


def demand_gid(*texts: str | None) -> None:
    """Texts that are no global ids fail the whole field, as arguments of a wrong kind do."""
    for text in texts:
        if text is not None and split_gid(text) is None:
            raise lookup.invalid(text)

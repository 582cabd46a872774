"""Why a command was refused, in the words of a payload's userErrors."""

from collections.abc import Iterable
from dataclasses import dataclass

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UserError:
    field: Path | None
    message: str
    code: str | None = None


class RefusedError(Exception):
    """Nothing was changed. errors is never empty."""

    def __init__(self, *errors: UserError) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors


def refuse_if(errors: Iterable[UserError]) -> None:
    found = tuple(errors)
    if found:
        raise RefusedError(*found)

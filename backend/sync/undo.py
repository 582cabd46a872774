"""Takes applied changes back where the dependent still holds what was written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.errors import ErrorCode
from backend.sync.catalog import Product, ProductId
from backend.sync.changeset import Change
from backend.sync.diff import Hold
from backend.sync.link import NO_BASE, Ref
from backend.sync.writes import ChangeId


@dataclass(frozen=True, slots=True)
class AppliedChange:
    id: ChangeId
    change: Change


@dataclass(frozen=True, slots=True)
class UndoChange:
    """`change` writes the old value; once it is applied, `of` are undone, the base entry of `change.ref` is
    dropped and the value is held by `hold`, so that the next sync leaves it alone."""

    of: tuple[ChangeId, ...]
    change: Change
    hold: Hold


@dataclass(frozen=True, slots=True)
class UndoRefusal:
    """NOT_UNDOABLE: stock, creations, deletions. CHANGED_MEANWHILE: the dependent no longer holds our value.
    GONE: the product or variant is no longer there."""

    of: ChangeId
    code: ErrorCode


@dataclass(frozen=True, slots=True)
class Undo:
    changes: tuple[UndoChange, ...]
    refused: tuple[UndoRefusal, ...]


def undo_changes(
    applied: Sequence[AppliedChange],
    actual: Mapping[ProductId, Product],
    base: Mapping[Ref, str] = NO_BASE,
) -> Undo:
    """`applied` in the order it was applied; `actual` the dependent's products as just read; `base` their
    links' bases (they tell a value that Shopify stored in its own form from one that somebody edited)."""
    raise NotImplementedError

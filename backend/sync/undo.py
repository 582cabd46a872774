"""Takes applied changes back where the dependent still holds what was written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from backend.errors import ErrorCode
from backend.sync.catalog import Media, Product, ProductId
from backend.sync.changeset import Action, Change
from backend.sync.comparison import Hold
from backend.sync.fields import Field
from backend.sync.fingerprint import Json, value_hash
from backend.sync.link import NO_BASE, Ref, agreed_hashes
from backend.sync.values import read_value
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


_VALUE_ACTIONS = frozenset({Action.SET, Action.SET_MEDIA, Action.RESTRUCTURE})


def is_undoable(change: Change) -> bool:
    """Values can be taken back. Stock can't, it has moved since; nor what was created, deleted, or put into
    order."""
    return change.action in _VALUE_ACTIONS and change.field is not Field.STOCK


def undo_changes(
    applied: Sequence[AppliedChange],
    actual: Mapping[ProductId, Product],
    base: Mapping[Ref, str] = NO_BASE,
) -> Undo:
    """`applied` in the order it was applied; `actual` the dependent's products as just read; `base` their
    links' bases (they tell a value that Shopify stored in its own form from one that somebody edited).

    Several changes of one value are undone back to the oldest of them, as far as they lead to one another.
    """
    refused: list[UndoRefusal] = []
    by_value: dict[Ref, list[AppliedChange]] = {}
    for item in applied:
        if is_undoable(item.change):
            by_value.setdefault(item.change.ref, []).append(item)
        else:
            refused.append(UndoRefusal(item.id, ErrorCode.NOT_UNDOABLE))
    changes = []
    for ref, items in by_value.items():
        product = actual.get(items[-1].change.product)
        undone, code = _undo_value(items, product, base.get(ref))
        if undone is not None:
            changes.append(undone)
        of = () if undone is None else undone.of
        refused += [UndoRefusal(item.id, code) for item in items if item.id not in of]
    return Undo(
        tuple(sorted(changes, key=lambda item: item.change.sort_key)),
        tuple(sorted(refused, key=lambda item: item.of)),
    )


def _undo_value(
    items: Sequence[AppliedChange], product: Product | None, mark: str | None
) -> tuple[UndoChange | None, ErrorCode]:
    """Takes back the changes of one value, the last first; also why those that are left can't be."""
    last = items[-1].change
    if product is None:
        return None, ErrorCode.GONE
    try:
        now = value_now(product, last)
    except KeyError:
        return None, ErrorCode.GONE
    undone: list[ChangeId] = []
    current = now
    for item in reversed(items):
        change = item.change
        if current != change.after and not (not undone and _stored_as_written(change, now, mark)):
            break
        undone.append(item.id)
        current = change.before
    if not undone:
        return None, ErrorCode.CHANGED_MEANWHILE
    if last.field is Field.VARIANT_MEDIA and not _is_there(current, product):
        return None, ErrorCode.GONE
    change = replace(last, before=now, after=current)
    return UndoChange(tuple(reversed(undone)), change, Hold(last.main_hash)), ErrorCode.CHANGED_MEANWHILE


def value_now(product: Product, change: Change) -> Json:
    """What the product says where `change` wrote. Raises KeyError where that is not there any more."""
    match change.action:
        case Action.SET_MEDIA:
            return _media(product)[change.key].alt
        case _:
            return read_value(product, change.field, change.key, change.variant or None)


def _media(product: Product) -> dict[str, Media]:
    return {media.id: media for media in product.media}


def _is_there(value: Json, product: Product) -> bool:
    return value is None or (isinstance(value, Mapping) and value.get("media") in _media(product))


def _stored_as_written(change: Change, now: Json, mark: str | None) -> bool:
    """Whether the value is what Shopify made of the one we wrote."""
    return mark is not None and agreed_hashes(mark) == (change.main_hash, value_hash(now))

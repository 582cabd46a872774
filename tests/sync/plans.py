"""Plans of a linked product, told in short."""

from dataclasses import replace
from typing import Any

from backend.sync.catalog import (
    Product,
)
from backend.sync.diff import Diff, plan_product
from backend.sync.link import LinkOrigin
from backend.sync.settings import (
    DetailField,
    FieldGroup,
    LocalEditPolicy,
    SyncSettings,
)
from tests.sync.factories import (
    EVERYTHING,
    ONLY_DETAILS,
    link,
    rules,
)

KEEP = replace(
    EVERYTHING,
    local_edits=dict.fromkeys((FieldGroup.DETAILS, FieldGroup.PRICES), LocalEditPolicy.KEEP_LOCAL),
)


def masked(*off: DetailField) -> SyncSettings:
    return replace(ONLY_DETAILS, fields=frozenset(DetailField) - set(off))


def plan(main: Product, dependent: Product, settings: SyncSettings = ONLY_DETAILS, **fields: Any) -> Diff:
    tied = link(main, dependent, fields.pop("origin", LinkOrigin.SKU), fields.pop("base", None), **fields)
    return plan_product(main, dependent, tied, rules(settings))


def values(diff: Diff) -> list[tuple[str, object, object]]:
    return [(change.field.value, change.before, change.after) for change in diff.changes]

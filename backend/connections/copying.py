"""One dependent's settings for another one of the same main."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from backend.access.policy import Guard
from backend.connections.settings import Saved, save_settings
from backend.connections.validation import currency_fault
from backend.errors import ErrorCode, UserError
from backend.models.connection import Connection
from backend.sync.settings import SyncSettings


@dataclass(frozen=True, slots=True)
class Copied:
    """`warnings` say what was not copied, or has to wait."""

    saved: Saved
    warnings: Sequence[UserError]


async def copy_settings(
    settings: SyncSettings,
    source: Connection,
    target: Connection,
    *,
    allow: Guard,
    now: datetime,
    start: bool = True,
    created_by: str = "",
) -> Copied:
    """Save `settings`, those of `source`, for `target`; both with their shops fetched. Locations stay what
    they are: every shop has its own.

    Raises UserError: what `allow` raises.
    """
    alike = source.dependent.currency == target.dependent.currency != ""
    saved = await save_settings(
        target.id,
        lambda own: copied(settings, own, same_currency=alike),
        allow=allow,
        now=now,
        start=start,
        created_by=created_by,
    )
    return Copied(saved, list(_warnings(settings, saved.settings, source, target)))


def copied(settings: SyncSettings, own: SyncSettings, *, same_currency: bool) -> SyncSettings:
    """`settings` for a shop that has `own` so far. A rate, an amount and an ending are sums of money: they
    mean something else in another currency, so there the shop keeps its own."""
    if same_currency:
        return settings
    mine, theirs = own.price_rules, settings.price_rules
    rules = replace(mine, percent=theirs.percent, compare_at=theirs.compare_at)
    return replace(settings, price_rules=rules)


def _warnings(
    wanted: SyncSettings, saved: SyncSettings, source: Connection, target: Connection
) -> Sequence[UserError]:
    found: list[UserError] = []
    if saved.price_rules != wanted.price_rules:
        found.append(
            UserError(
                ErrorCode.PRICE_RULES_KEPT,
                "The currencies differ: conversion rate, amount and ending were not copied.",
                field=("priceRules",),
                params={"from": source.dependent.currency, "to": target.dependent.currency},
            )
        )
    waits = currency_fault(saved, target.main.currency, target.dependent.currency)
    return found if waits is None else [*found, waits]

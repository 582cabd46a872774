"""Settings as they are edited: what is absent keeps its value, or has its default the first time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import strawberry

from backend.sync.settings import (
    BrakeLimits,
    DetailField,
    FieldGroup,
    LocalEditPolicy,
    MissingProductPolicy,
    MissingVariantPolicy,
    NewProductStatus,
    PriceRules,
    ProductScope,
    Selection,
    StockMode,
    SyncSettings,
)

UNSET = strawberry.UNSET
# Null clears these; anywhere else it means what absence means.
_CLEARED_BY_NULL = frozenset({"stock_cap", "conversion_rate", "ending"})


def _given(edited: object) -> dict[str, Any]:
    return {
        name: value
        for name, value in vars(edited).items()
        if value is not UNSET and (value is not None or name in _CLEARED_BY_NULL)
    }


@strawberry.input
class SelectionInput:
    include_tags: list[str] | None = UNSET
    include_types: list[str] | None = UNSET
    include_vendors: list[str] | None = UNSET
    include_product_ids: list[str] | None = UNSET
    exclude_tags: list[str] | None = UNSET
    exclude_types: list[str] | None = UNSET
    exclude_vendors: list[str] | None = UNSET
    exclude_product_ids: list[str] | None = UNSET

    def edit(self, value: Selection) -> Selection:
        given = {
            name.replace("_product_ids", "_products"): frozenset(each) for name, each in _given(self).items()
        }
        return replace(value, **given)


@strawberry.input
class PriceRulesInput:
    conversion_rate: Decimal | None = UNSET
    percent: Decimal | None = UNSET
    amount: Decimal | None = UNSET
    ending: Decimal | None = UNSET
    compare_at: bool | None = UNSET

    def edit(self, value: PriceRules, currencies: tuple[str, str]) -> PriceRules:
        given = _given(self)
        if given.get("conversion_rate") is not None:
            given["rate_from"], given["rate_to"] = currencies
        return replace(value, **given)


@strawberry.input
class BrakeLimitsInput:
    percent: Decimal | None = UNSET
    count: int | None = UNSET
    price_percent: Decimal | None = UNSET
    price_zero: bool | None = UNSET

    def edit(self, value: BrakeLimits) -> BrakeLimits:
        return replace(value, **_given(self))


@strawberry.input(
    description="What is absent keeps its value. `products: ALL` turns on whatever is not said to be off."
)
class SyncSettingsInput:
    products: ProductScope | None = UNSET
    details: bool | None = UNSET
    prices: bool | None = UNSET
    quantities: bool | None = UNSET
    fields: list[DetailField] | None = UNSET
    metafield_namespaces: list[str] | None = UNSET
    selection: SelectionInput | None = UNSET
    new_product_status: NewProductStatus | None = UNSET
    publish_new_products: bool | None = UNSET
    missing_product: MissingProductPolicy | None = UNSET
    missing_variant: MissingVariantPolicy | None = UNSET
    price_rules: PriceRulesInput | None = UNSET
    stock_mode: StockMode | None = UNSET
    stock_buffer: int | None = UNSET
    stock_cap: int | None = UNSET
    local_edits_details: LocalEditPolicy | None = UNSET
    local_edits_prices: LocalEditPolicy | None = UNSET
    brake: BrakeLimitsInput | None = UNSET

    def edit(self, value: SyncSettings, currencies: tuple[str, str]) -> SyncSettings:
        """`currencies` are main's and the dependent's now: a rate that is entered holds for them."""
        given = _given(self)
        if given.get("products") is ProductScope.ALL and value.products is not ProductScope.ALL:
            given = {"details": True, "prices": True, "quantities": True} | given
        for name in ("fields", "metafield_namespaces"):
            if name in given:
                given[name] = frozenset(given[name])
        if "selection" in given:
            given["selection"] = given["selection"].edit(value.selection)
        if "price_rules" in given:
            given["price_rules"] = given["price_rules"].edit(value.price_rules, currencies)
        if "brake" in given:
            given["brake"] = given["brake"].edit(value.brake)
        policies = {
            group: given.pop(name)
            for group, name in (
                (FieldGroup.DETAILS, "local_edits_details"),
                (FieldGroup.PRICES, "local_edits_prices"),
            )
            if name in given
        }
        if policies:
            merged: Mapping[FieldGroup, LocalEditPolicy] = {**value.local_edits, **policies}
            given["local_edits"] = MappingProxyType(dict(merged))
        return replace(value, **given)

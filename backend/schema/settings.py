from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import strawberry

from backend.models.connection import SyncSettingsVersion
from backend.sync.settings import BrakeLimits as BrakeValue
from backend.sync.settings import (
    DetailField,
    FieldGroup,
    LocalEditPolicy,
    MissingProductPolicy,
    MissingVariantPolicy,
    NewProductStatus,
    ProductScope,
    StockMode,
)
from backend.sync.settings import PriceRules as PriceValue
from backend.sync.settings import Selection as SelectionValue
from backend.sync.settings_json import load_settings


@strawberry.type(
    description="A product is selected when it meets any include rule (or there is none) and no exclude rule."
)
class Selection:
    include_tags: list[str]
    include_types: list[str]
    include_vendors: list[str]
    include_product_ids: list[str]
    exclude_tags: list[str]
    exclude_types: list[str]
    exclude_vendors: list[str]
    exclude_product_ids: list[str]

    @classmethod
    def of(cls, value: SelectionValue) -> Selection:
        return cls(
            include_tags=sorted(value.include_tags),
            include_types=sorted(value.include_types),
            include_vendors=sorted(value.include_vendors),
            include_product_ids=sorted(value.include_products),
            exclude_tags=sorted(value.exclude_tags),
            exclude_types=sorted(value.exclude_types),
            exclude_vendors=sorted(value.exclude_vendors),
            exclude_product_ids=sorted(value.exclude_products),
        )


@strawberry.type(
    description="Applied in this order: conversion, percent, amount, ending, the currency's minor unit."
)
class PriceRules:
    conversion_rate: Decimal | None
    rate_from: str | None = strawberry.field(
        description="The currencies that the rate was entered for: where they are others now, prices wait."
    )
    rate_to: str | None
    percent: Decimal
    amount: Decimal
    ending: Decimal | None
    compare_at: bool

    @classmethod
    def of(cls, value: PriceValue) -> PriceRules:
        return cls(
            conversion_rate=value.conversion_rate,
            rate_from=value.rate_from or None,
            rate_to=value.rate_to or None,
            percent=value.percent,
            amount=value.amount,
            ending=value.ending,
            compare_at=value.compare_at,
        )


@strawberry.type(description="Changes beyond these wait for a person.")
class BrakeLimits:
    percent: Decimal
    count: int
    price_percent: Decimal
    price_zero: bool

    @classmethod
    def of(cls, value: BrakeValue) -> BrakeLimits:
        return cls(
            percent=value.percent,
            count=value.count,
            price_percent=value.price_percent,
            price_zero=value.price_zero,
        )


@strawberry.type(description="What flows over a connection, chosen by the dependent.")
class SyncSettings:
    version: int
    updated_at: datetime
    products: ProductScope
    details: bool
    prices: bool
    quantities: bool
    fields: list[DetailField]
    metafield_namespaces: list[str]
    selection: Selection
    new_product_status: NewProductStatus
    publish_new_products: bool
    missing_product: MissingProductPolicy
    missing_variant: MissingVariantPolicy
    price_rules: PriceRules
    stock_mode: StockMode
    stock_buffer: int
    stock_cap: int | None
    local_edits_details: LocalEditPolicy
    local_edits_prices: LocalEditPolicy
    brake: BrakeLimits

    @classmethod
    def of(cls, row: SyncSettingsVersion) -> SyncSettings:
        value = load_settings(row.values)
        return cls(
            version=row.version,
            updated_at=row.created_at,
            products=value.products,
            details=value.details,
            prices=value.prices,
            quantities=value.quantities,
            fields=[each for each in DetailField if each in value.fields],
            metafield_namespaces=sorted(value.metafield_namespaces),
            selection=Selection.of(value.selection),
            new_product_status=value.new_product_status,
            publish_new_products=value.publish_new_products,
            missing_product=value.missing_product,
            missing_variant=value.missing_variant,
            price_rules=PriceRules.of(value.price_rules),
            stock_mode=value.stock_mode,
            stock_buffer=value.stock_buffer,
            stock_cap=value.stock_cap,
            local_edits_details=value.local_edits[FieldGroup.DETAILS],
            local_edits_prices=value.local_edits[FieldGroup.PRICES],
            brake=BrakeLimits.of(value.brake),
        )

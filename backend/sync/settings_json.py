"""Sync settings to and from JSON, as every saved version of them is kept.

Reading takes versions that older releases wrote: what is missing has its default, what is unknown is ignored.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

from backend.sync.catalog import ProductId
from backend.sync.fingerprint import Json
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

E = TypeVar("E", bound=StrEnum)


def dump_settings(settings: SyncSettings) -> dict[str, Json]:
    selection, prices, limits = settings.selection, settings.price_rules, settings.brake
    return {
        "products": settings.products.value,
        "details": settings.details,
        "prices": settings.prices,
        "quantities": settings.quantities,
        "fields": sorted(settings.fields),
        "metafield_namespaces": sorted(settings.metafield_namespaces),
        "selection": {name: sorted(getattr(selection, name)) for name in Selection.__slots__},
        "new_product_status": settings.new_product_status.value,
        "publish_new_products": settings.publish_new_products,
        "missing_product": settings.missing_product.value,
        "missing_variant": settings.missing_variant.value,
        "price_rules": {
            "conversion_rate": _text(prices.conversion_rate),
            "rate_from": prices.rate_from,
            "rate_to": prices.rate_to,
            "percent": _text(prices.percent),
            "amount": _text(prices.amount),
            "ending": _text(prices.ending),
            "compare_at": prices.compare_at,
        },
        "stock_mode": settings.stock_mode.value,
        "stock_buffer": settings.stock_buffer,
        "stock_cap": settings.stock_cap,
        "local_edits": {group.value: policy.value for group, policy in sorted(settings.local_edits.items())},
        "brake": {
            "percent": _text(limits.percent),
            "count": limits.count,
            "price_percent": _text(limits.price_percent),
            "price_zero": limits.price_zero,
        },
    }


def load_settings(data: Mapping[str, Any]) -> SyncSettings:
    default = SyncSettings()
    return SyncSettings(
        products=_enum(ProductScope, data.get("products"), default.products),
        details=data.get("details", default.details),
        prices=data.get("prices", default.prices),
        quantities=data.get("quantities", default.quantities),
        fields=_members(DetailField, data["fields"]) if "fields" in data else default.fields,
        metafield_namespaces=frozenset(data.get("metafield_namespaces", ())),
        selection=_selection(data.get("selection") or {}),
        new_product_status=_enum(
            NewProductStatus, data.get("new_product_status"), default.new_product_status
        ),
        publish_new_products=data.get("publish_new_products", default.publish_new_products),
        missing_product=_enum(MissingProductPolicy, data.get("missing_product"), default.missing_product),
        missing_variant=_enum(MissingVariantPolicy, data.get("missing_variant"), default.missing_variant),
        price_rules=_price_rules(data.get("price_rules") or {}),
        stock_mode=_enum(StockMode, data.get("stock_mode"), default.stock_mode),
        stock_buffer=data.get("stock_buffer", default.stock_buffer),
        stock_cap=data.get("stock_cap", default.stock_cap),
        local_edits=_local_edits(data.get("local_edits") or {}),
        brake=_brake(data.get("brake") or {}),
    )


def _selection(data: Mapping[str, Any]) -> Selection:
    def names(key: str) -> frozenset[str]:
        return frozenset(data.get(key, ()))

    def products(key: str) -> frozenset[ProductId]:
        return frozenset(ProductId(gid) for gid in data.get(key, ()))

    return Selection(
        include_tags=names("include_tags"),
        include_types=names("include_types"),
        include_vendors=names("include_vendors"),
        include_products=products("include_products"),
        exclude_tags=names("exclude_tags"),
        exclude_types=names("exclude_types"),
        exclude_vendors=names("exclude_vendors"),
        exclude_products=products("exclude_products"),
    )


def _price_rules(data: Mapping[str, Any]) -> PriceRules:
    default = PriceRules()
    return PriceRules(
        conversion_rate=_decimal(data.get("conversion_rate")),
        rate_from=data.get("rate_from", default.rate_from),
        rate_to=data.get("rate_to", default.rate_to),
        percent=Decimal(data.get("percent", default.percent)),
        amount=Decimal(data.get("amount", default.amount)),
        ending=_decimal(data.get("ending")),
        compare_at=data.get("compare_at", default.compare_at),
    )


def _brake(data: Mapping[str, Any]) -> BrakeLimits:
    default = BrakeLimits()
    return BrakeLimits(
        percent=Decimal(data.get("percent", default.percent)),
        count=data.get("count", default.count),
        price_percent=Decimal(data.get("price_percent", default.price_percent)),
        price_zero=data.get("price_zero", default.price_zero),
    )


def _local_edits(data: Mapping[str, str]) -> Mapping[FieldGroup, LocalEditPolicy]:
    policies = dict(SyncSettings().local_edits)
    for group in FieldGroup:
        if group in data:
            policies[group] = _enum(LocalEditPolicy, data[group], LocalEditPolicy.MAIN_WINS)
    return MappingProxyType(policies)


def _members(enum: type[E], values: list[str]) -> frozenset[E]:
    known = {member.value for member in enum}
    return frozenset(enum(value) for value in values if value in known)


def _enum(enum: type[E], value: str | None, default: E) -> E:
    return enum(value) if value in {member.value for member in enum} else default


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)

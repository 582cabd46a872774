"""An app that calls a shop of the sandbox through execute(), without any network."""

# ruff: noqa: E501 (messages of a real shop and documents stand as they are sent)

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.bucket import Tier
from sandbox.clock import VirtualClock
from sandbox.commands.product_set import set_product
from sandbox.commands.shops import add_shop, install_app, register_app
from sandbox.commands.specs import (
    ItemFields,
    ProductFields,
    ProductSpec,
    QuantitySpec,
    VariantFields,
    VariantSpec,
    choices_of,
    options_of,
)
from sandbox.context import Call
from sandbox.execute import execute
from sandbox.ids import gid
from sandbox.store.product import Product
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop

SCOPES = ("write_products", "write_inventory", "write_publications", "write_files", "read_locations")
CLIENT_ID = "rules-client"


@dataclass(slots=True)
class Caller:
    sandbox: Sandbox
    shop: Shop
    call: Call
    clock: VirtualClock

    def raw(self, document: str, variables: dict[str, Any] | None = None, **options: Any) -> dict[str, Any]:
        """The whole answer. The bucket is full before every call."""
        self.shop.buckets.clear()
        return execute(self.call, document, variables, **options)

    def data(self, document: str, variables: dict[str, Any] | None = None) -> Any:
        """The data of an answer without errors."""
        answer = self.raw(document, variables)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def mutate(self, document: str, variables: dict[str, Any] | None = None) -> Any:
        """The one payload of a mutation, which has no userErrors."""
        payload = self.refused(document, variables)
        assert not payload.get("userErrors"), payload["userErrors"]
        return payload

    def refused(self, document: str, variables: dict[str, Any] | None = None) -> Any:
        """The one payload of a mutation, whatever it says."""
        (payload,) = self.data(document, variables).values()
        return payload

    def error(self, document: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        """The one top-level error of an answer."""
        (error,) = self.raw(document, variables)["errors"]
        assert isinstance(error, dict)
        return error

    def wait(self, seconds: float = 10.0) -> None:
        self.clock.advance(seconds)


def caller(
    *,
    version: str = "2026-10",
    scopes: tuple[str, ...] = SCOPES,
    locations: tuple[str, ...] = ("Main", "Annex"),
    tier: Tier = Tier.STANDARD,
    currency: str = "EUR",
) -> Caller:
    clock = VirtualClock()
    sandbox = Sandbox(clock)
    register_app(sandbox, CLIENT_ID, "secret", scopes=scopes)
    shop = add_shop(sandbox, "rules.myshopify.com", locations=locations, tier=tier, currency=currency)
    installation = install_app(sandbox, shop, CLIENT_ID)
    return Caller(sandbox, shop, Call(sandbox, shop, installation, version), clock)


def product(
    shop: Shop,
    title: str = "Shirt",
    *,
    sizes: tuple[str, ...] = ("S", "M"),
    price: str = "10.00",
    stock: int = 5,
    tracked: bool = True,
    sku: str | None = None,
    **fields: Any,
) -> Product:
    """A product with a variant per size, stocked at the primary location; without sizes, the default variant."""
    stem = sku or title.upper().replace(" ", "-")

    def variant(size: str | None) -> VariantSpec:
        return VariantSpec(
            choices=choices_of({"Size": size}) if size else choices_of({}),
            fields=VariantFields(price=Decimal(price)),
            item=ItemFields(sku=f"{stem}-{size}" if size else stem, tracked=tracked),
            quantities=(QuantitySpec(shop.primary_location.id, stock),),
        )

    if not sizes:
        return set_product(shop, ProductSpec(ProductFields(title=title, **fields)))
    spec = ProductSpec(
        ProductFields(title=title, **fields),
        options_of({"Size": sizes}),
        tuple(variant(size) for size in sizes),
    )
    return set_product(shop, spec)


def product_id(made: Product) -> str:
    return gid("Product", made.id)


def variant_ids(made: Product) -> list[str]:
    return [gid("ProductVariant", variant.id) for variant in made.variants]


def errors_of(payload: dict[str, Any]) -> list[tuple[str | None, str | None, str]]:
    """userErrors as (code, path joined by slashes, message)."""
    return [
        (
            error.get("code"),
            "/".join(error["field"]) if error["field"] is not None else None,
            error["message"],
        )
        for error in payload["userErrors"]
    ]

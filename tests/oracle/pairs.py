"""Which dependent product belongs to which main product, found from two dumps alone."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

Product = dict[str, Any]
Shop = dict[str, Any]


@dataclass(frozen=True)
class Pairs:
    """`ambiguous` main products share SKUs with others, or spread over several dependent products."""

    twins: list[tuple[Product, Product]]
    missing: list[Product]
    ambiguous: list[Product]


def pairs(main: Shop, dependent: Shop) -> Pairs:
    created_from = {value: product for product in dependent["products"] if (value := _origin(product))}
    by_sku: dict[str, list[Product]] = {}
    for product in dependent["products"]:
        for sku in _skus(product):
            by_sku.setdefault(sku, []).append(product)
    sku_uses = Counter(sku for product in main["products"] for sku in _skus(product))

    twins, missing, ambiguous = [], [], []
    for product in main["products"]:
        twin = created_from.get(f"{main['domain']}/{product['id'].rsplit('/', 1)[1]}")
        if twin is not None:
            twins.append((product, twin))
            continue
        skus = _skus(product)
        found = {other["id"]: other for sku in skus for other in by_sku.get(sku, [])}
        if any(sku_uses[sku] > 1 or len(by_sku.get(sku, [])) > 1 for sku in skus) or len(found) > 1:
            ambiguous.append(product)
        elif len(found) == 1:
            twins.append((product, next(iter(found.values()))))
        else:
            missing.append(product)
    return Pairs(twins, missing, ambiguous)


def variant_twins(main: Product, dependent: Product) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Every main variant with its twin: by SKU where that says it, else by the values of its options."""
    by_sku = {sku: each for each in dependent["variants"] if (sku := (each["sku"] or "").strip())}
    by_options = {tuple(each["options"]): each for each in dependent["variants"]}
    return [
        (each, by_sku.get((each["sku"] or "").strip()) or by_options.get(tuple(each["options"])))
        for each in main["variants"]
    ]


def is_created(product: Product) -> bool:
    """Whether this app made the product: it then carries the app's own id metafield."""
    return bool(_origin(product))


def _origin(product: Product) -> str:
    for metafield in product["metafields"]:
        if metafield["namespace"].startswith("app--") and metafield["type"] == "id":
            return str(metafield["value"])
    return ""


def _skus(product: Product) -> list[str]:
    return [sku for each in product["variants"] if (sku := (each["sku"] or "").strip())]

"""Which products flow over a connection."""

from backend.sync.catalog import Product
from backend.sync.settings import Selection

NOTHING_CHOSEN = Selection()


def is_selected(product: Product, selection: Selection) -> bool:
    """Any include rule met (or none set), and no exclude rule met."""
    if selection == NOTHING_CHOSEN:
        return True
    tags = frozenset(tag.casefold() for tag in product.tags)
    product_type = product.product_type.casefold()
    vendor = product.vendor.casefold()
    if (
        product.id in selection.exclude_products
        or product_type in _folded(selection.exclude_types)
        or vendor in _folded(selection.exclude_vendors)
        or not tags.isdisjoint(_folded(selection.exclude_tags))
    ):
        return False
    includes = (
        selection.include_products,
        selection.include_types,
        selection.include_vendors,
        selection.include_tags,
    )
    return (
        not any(includes)
        or product.id in selection.include_products
        or product_type in _folded(selection.include_types)
        or vendor in _folded(selection.include_vendors)
        or not tags.isdisjoint(_folded(selection.include_tags))
    )


def _folded(names: frozenset[str]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)

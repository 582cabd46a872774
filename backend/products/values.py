"""All synced values of one product of a dependent, side by side with main's."""

from dataclasses import dataclass

from backend.errors import NotFound
from backend.models.connection import Connection
from backend.products.sides import Known, Sides, load_sides
from backend.sync.catalog import OptionValue, ProductId, Variant

_PLAIN = (OptionValue("Title", "Default Title"),)


@dataclass(frozen=True, slots=True)
class VariantValues:
    """`place` is the variant's place in its product, from 0."""

    place: int
    variant: Variant
    values: tuple[Known, ...]


def is_plain(variant: Variant) -> bool:
    """Whether it is the one variant that Shopify gives a product without options."""
    return variant.options in ((), _PLAIN)


async def load_values(tie: Connection, product: ProductId) -> Sides:
    """`tie` with both shops fetched. Raises NotFound where the product is not linked."""
    sides = await load_sides(tie, product)
    if sides.stored is None:
        raise NotFound(field=("productId",))
    return sides


def of_product(sides: Sides) -> list[Known]:
    return [sides.known(value) for value in sides.product_values()]


def of_variants(sides: Sides, start: int, limit: int) -> list[VariantValues]:
    """Of up to `limit` variants of the dependent, in their order, from the one at place `start` on."""
    variants = () if sides.dependent is None else sides.dependent.variants
    return [
        VariantValues(place, variant, tuple(sides.known(value) for value in sides.variant_values(variant)))
        for place, variant in enumerate(variants[start : start + limit], start=start)
    ]

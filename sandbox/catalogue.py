"""Large, lifelike catalogues from a seed: the same seed and number give the same product, whatever else is
made.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import islice, product
from random import Random

from sandbox.catalogue_words import (
    CARE,
    COLOURS,
    FAMILIES,
    OPTION_VALUES,
    ORIGINS,
    PLACES,
    QUALITIES,
    VENDORS,
    Family,
)
from sandbox.draft import ImageDraft, MetafieldDraft, ProductDraft, VariantDraft

_COLOUR_CODES = dict(COLOURS)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What catalogue to make.

    variants and images fix their number per product; without them they vary as in real shops (1 to 30, 1
    to 6). locations is how many of the shop's locations hold stock. image_base is where the sources of
    images seem to lie.
    """

    seed: int = 0
    variants: int | None = None
    images: int | None = None
    locations: int = 1
    image_base: str = "https://images.example.com"
    metafields: bool = True


def generate(recipe: Recipe, count: int, start: int = 0) -> Iterator[ProductDraft]:
    """The products of the numbers start to start + count - 1."""
    return (make(recipe, number) for number in range(start, start + count))


def make(recipe: Recipe, number: int) -> ProductDraft:
    """The product of one number."""
    chance = Random(recipe.seed * 1_000_003 + number)
    family = chance.choice(FAMILIES)
    vendor, vendor_code = chance.choice(VENDORS)
    material = chance.choice(family.materials)
    noun = chance.choice(family.nouns)
    title = f"{chance.choice(QUALITIES)} {chance.choice(PLACES)} {noun}"
    style = f"{vendor_code}-{family.code}{number:06d}"
    options, choices = _choices(recipe, family, chance)
    images = _images(recipe, chance, style, title)
    price = Decimal(chance.randint(*family.prices)) - Decimal(
        chance.choice(("0.01", "0.05", "0.10", "0.50", "1.00"))
    )
    reduced = chance.random() < 0.18
    cost = (price * Decimal(chance.randint(28, 52)) / 100).quantize(Decimal("0.01"))
    grams = chance.randint(*family.grams) // 5 * 5
    tracked = chance.random() < 0.96
    policy = "CONTINUE" if chance.random() < 0.06 else "DENY"
    origin = chance.choice(ORIGINS)
    variants = tuple(
        VariantDraft(
            option_values=values,
            sku=_sku(style, values),
            barcode=_ean(number, index) if number % 9 else "",
            price=(step := price + _surcharge(values, index)),
            compare_at_price=(step * Decimal("1.25")).quantize(Decimal("1")) - Decimal("0.01")
            if reduced
            else None,
            cost=cost,
            tracked=tracked,
            available=_stock(recipe, chance, tracked),
            policy=policy,
            weight=Decimal(grams + 10 * index),
            weight_unit="GRAMS",
            taxable=family.code != "CF",
            country_code_of_origin=origin,
            harmonized_system_code=family.hs_code,
            image=images[index % len(images)].source if images and "Colour" in options else None,
        )
        for index, values in enumerate(choices)
    )
    return ProductDraft(
        title=title,
        handle=f"{title} {number}",
        description_html=_description(chance, title, noun, material),
        vendor=vendor,
        product_type=family.type,
        tags=_tags(chance, family, material, reduced),
        status=chance.choices(("ACTIVE", "DRAFT", "ARCHIVED"), (94, 4, 2))[0],
        options=options,
        variants=variants,
        images=images,
        seo_title=f"{title} | {vendor}" if chance.random() < 0.5 else None,
        seo_description=f"{title} of {material} by {vendor}." if chance.random() < 0.5 else None,
        metafields=_metafields(chance, material) if recipe.metafields else (),
    )


def _choices(recipe: Recipe, family: Family, chance: Random) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Options and, per variant, their values. One variant alone has no options."""
    if recipe.variants is not None:
        if recipe.variants == 1:
            return (), [()]
        name = next(
            (each for each in family.options if len(OPTION_VALUES[each]) >= recipe.variants), "Variation"
        )
        return (name,), [(value,) for value in OPTION_VALUES[name][: recipe.variants]]
    if chance.random() < 0.22:
        return (), [()]
    names = family.options[: chance.randint(1, len(family.options))]
    values: list[tuple[str, ...]] = []
    for name in names:
        known = OPTION_VALUES[name]
        if name == "Colour":
            values.append(tuple(chance.sample(known, chance.randint(1, 4))))
        else:
            first = chance.randint(0, max(0, len(known) - 5))
            values.append(known[first : first + chance.randint(2, 5)])
    return names, list(islice(product(*values), 30))


def _sku(style: str, values: tuple[str, ...]) -> str:
    return "-".join((style, *map(_code, values)))


@cache
def _code(value: str) -> str:
    """An option value as SKUs spell it."""
    return _COLOUR_CODES.get(value) or "".join(sign for sign in value if sign.isalnum()).upper()


def _ean(number: int, index: int) -> str:
    """An EAN-13 with its check digit, in the range kept for use within a company."""
    digits = f"20{number:06d}{index:04d}"
    total = sum(map(int, digits[::2])) + 3 * sum(map(int, digits[1::2]))
    return f"{digits}{-total % 10}"


def _surcharge(values: tuple[str, ...], index: int) -> Decimal:
    """Large sizes and sets cost more."""
    if any(value in ("XXL", "3XL", "4XL") for value in values):
        return Decimal(4)
    return (
        Decimal(index) * 2
        if any(value.startswith(("Set", "1 kg", "500 g")) for value in values)
        else Decimal(0)
    )


def _stock(recipe: Recipe, chance: Random, tracked: bool) -> tuple[int | None, ...]:
    """Mostly a few dozens, sometimes sold out, sometimes plenty; the second and further locations hold
    less.
    """
    if not tracked:
        return (0,)
    stock: list[int | None] = []
    for place in range(recipe.locations):
        luck = chance.random()
        if luck < 0.08:
            stock.append(0)
        elif luck > 0.97:
            stock.append(chance.randint(200, 1500))
        elif place and luck < 0.3:
            stock.append(None)
        else:
            stock.append(int(chance.lognormvariate(2.8 - 0.6 * place, 0.9)))
    return tuple(stock)


def _images(recipe: Recipe, chance: Random, style: str, title: str) -> tuple[ImageDraft, ...]:
    count = recipe.images if recipe.images is not None else chance.randint(1, 6)
    return tuple(
        ImageDraft(
            f"{recipe.image_base}/{style.lower()}-{number}.jpg",
            title if number == 1 else f"{title}, view {number}",
        )
        for number in range(1, count + 1)
    )


def _description(chance: Random, title: str, noun: str, material: str) -> str:
    care = chance.choice(CARE)
    return (
        f"<p>The <strong>{title}</strong> is made of {material} in small batches.</p>\n"
        f"<ul>\n<li>{material.capitalize()}</li>\n<li>{care}</li>\n</ul>\n"
        f"<p>A {noun.lower()} to keep &amp; repair for years.</p>"
    )


def _tags(chance: Random, family: Family, material: str, reduced: bool) -> tuple[str, ...]:
    tags = [*family.tags, material]
    if reduced:
        tags.append("Sale")
    if chance.random() < 0.25:
        tags.append(chance.choice(("New", "Bestseller", "Gift idea", "Limited")))
    return tuple(tags)


def _metafields(chance: Random, material: str) -> tuple[MetafieldDraft, ...]:
    return (
        MetafieldDraft("custom", "material", "single_line_text_field", material),
        MetafieldDraft("custom", "care", "multi_line_text_field", f"{chance.choice(CARE)}\nStore dry."),
        MetafieldDraft("custom", "warranty_years", "number_integer", str(chance.randint(1, 10))),
    )

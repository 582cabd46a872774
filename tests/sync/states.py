"""Random states of a connection: a main product, the dependent's, what was agreed on, settings. Values come
from small sets, so that they often collide."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from backend.sync.catalog import (
    InventoryItemId,
    InventoryPolicy,
    LocationId,
    Media,
    MediaId,
    MediaKind,
    Metafield,
    Option,
    OptionValue,
    Product,
    ProductId,
    ProductStatus,
    ShopFacts,
    Variant,
    VariantId,
    Weight,
)
from backend.sync.comparison import Hold
from backend.sync.fingerprint import value_hash
from backend.sync.link import LinkOrigin, ProductLink, Ref, VariantLink, agreement
from backend.sync.rules import Rules
from backend.sync.settings import (
    DetailField,
    FieldGroup,
    LocalEditPolicy,
    LocationMap,
    NewProductStatus,
    PriceRules,
    ProductScope,
    StockMode,
    SyncSettings,
)
from backend.sync.stock import pool_mark
from backend.sync.values import PRODUCT_VALUES, VARIANT_VALUES
from tests.sync.factories import DEPENDENT, MAIN

TEXTS = st.sampled_from(["", "Shirt", "Hemd", "Chemise à carreaux"])
SKUS = st.sampled_from(["", "A", "B", "C", "D", " A "])
PRICES = st.sampled_from([Decimal(text) for text in ("0", "5", "9.99", "10.00", "12.5", "1000")])
LOCATIONS = [LocationId("m1"), LocationId("m2"), LocationId("m3")]
TARGETS = [LocationId("d1"), LocationId("d2")]
NAMES = [("Size",), ("Color",), ("Size", "Color"), ("Color", "Size"), ("Taille",)]
VALUES = {"Size": ["S", "M", "L"], "Color": ["red", "blue"], "Taille": ["S", "M", "XL"]}


@dataclass(frozen=True)
class State:
    main: Product
    dependent: Product
    link: ProductLink
    rules: Rules
    holds: dict[Ref, Hold]


metafields = st.lists(
    st.builds(
        Metafield,
        st.sampled_from(["custom", "specs", "app--1--other"]),
        st.sampled_from(["fit", "care"]),
        st.sampled_from(["single_line_text_field", "product_reference"]),
        st.sampled_from(["gid://shopify/Product/7", "gid://shopify/Product/8", "plain"]),
    ),
    max_size=3,
    unique_by=lambda item: (item.namespace, item.key),
).map(tuple)


@st.composite
def media(draw: st.DrawFn, prefix: str) -> tuple[Media, ...]:
    count = draw(st.integers(0, 3))
    return tuple(
        Media(
            MediaId(f"{prefix}media-{index}"),
            draw(st.sampled_from([MediaKind.IMAGE, MediaKind.VIDEO])),
            f"https://cdn.example/{index}.png",
            draw(st.sampled_from(["", "front"])),
            draw(st.sampled_from([0, 100])),
            100,
            draw(st.sampled_from([True, True, False])),
        )
        for index in range(count)
    )


def details(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "title": draw(TEXTS),
        "handle": draw(st.sampled_from(["shirt", "Shirt !", "hemd"])),
        "description_html": draw(TEXTS),
        "vendor": draw(TEXTS),
        "product_type": draw(TEXTS),
        "category_id": draw(st.sampled_from(["", "gid://shopify/TaxonomyCategory/aa-1"])),
        "tags": tuple(sorted(draw(st.sets(st.sampled_from(["new", "sale", "Sale"]))))),
        "status": draw(st.sampled_from(list(ProductStatus))),
        "seo_title": draw(TEXTS),
        "seo_description": draw(TEXTS),
        "template_suffix": draw(st.sampled_from(["", "wide"])),
        "metafields": draw(metafields),
    }


@st.composite
def products(draw: st.DrawFn, prefix: str, locations: list[LocationId]) -> Product:
    names = draw(st.sampled_from(NAMES))
    combinations: list[tuple[str, ...]] = [()]
    for name in names:
        combinations = [(*head, value) for head in combinations for value in VALUES[name]]
    chosen = draw(st.lists(st.sampled_from(combinations), min_size=1, max_size=4, unique=True))
    pictures = draw(media(prefix))
    variants = tuple(
        Variant(
            id=VariantId(f"{prefix}variant-{index}"),
            inventory_item_id=InventoryItemId(f"{prefix}item-{index}"),
            options=tuple(OptionValue(name, value) for name, value in zip(names, values, strict=True)),
            position=index,
            sku=draw(SKUS),
            barcode=draw(st.sampled_from(["", "4006381333931"])),
            price=draw(PRICES),
            compare_at_price=draw(st.none() | PRICES),
            cost=draw(st.none() | PRICES),
            taxable=draw(st.booleans()),
            inventory_policy=draw(st.sampled_from(list(InventoryPolicy))),
            tracked=draw(st.booleans()),
            requires_shipping=draw(st.booleans()),
            weight=draw(
                st.none()
                | st.just(Weight(Decimal("1.50"), "KILOGRAMS"))
                | st.just(Weight(Decimal(0), "GRAMS"))
            ),
            hs_code=draw(st.sampled_from(["", "610910"])),
            country_of_origin=draw(st.sampled_from(["", "PT"])),
            media_id=draw(st.sampled_from([None, *(item.id for item in pictures)])),
            metafields=draw(metafields),
            stock=draw(st.dictionaries(st.sampled_from(locations), st.integers(-2, 9))),
        )
        for index, values in enumerate(chosen, 1)
    )
    options = tuple(
        Option(
            name,
            tuple(draw(st.permutations(sorted({values[place] for values in chosen})))),
        )
        for place, name in enumerate(names)
    )
    return Product(
        ProductId(f"{prefix}product"), options=options, variants=variants, media=pictures, **details(draw)
    )


settings = st.builds(
    SyncSettings,
    products=st.sampled_from(ProductScope),
    details=st.booleans(),
    prices=st.booleans(),
    quantities=st.booleans(),
    fields=st.frozensets(st.sampled_from(DetailField), min_size=12) | st.just(frozenset(DetailField)),
    metafield_namespaces=st.sampled_from([frozenset(), frozenset({"custom"}), frozenset({"app--1--other"})]),
    new_product_status=st.sampled_from(NewProductStatus),
    price_rules=st.sampled_from(
        [
            PriceRules(),
            PriceRules(percent=Decimal("10"), ending=Decimal("0.99")),
            PriceRules(amount=Decimal("-6"), compare_at=False),
        ]
    ),
    stock_mode=st.sampled_from(StockMode),
    stock_buffer=st.integers(0, 2),
    stock_cap=st.none() | st.integers(0, 5),
    local_edits=st.fixed_dictionaries(
        {
            FieldGroup.DETAILS: st.sampled_from(LocalEditPolicy),
            FieldGroup.PRICES: st.sampled_from(LocalEditPolicy),
        }
    ),
)
currencies = st.sampled_from(["EUR", "EUR", "EUR", "USD"])
_SOURCES: list[dict[LocationId, tuple[LocationId, ...]]] = [
    {},
    {TARGETS[0]: (LOCATIONS[0],)},
    {TARGETS[0]: (LOCATIONS[0], LOCATIONS[1])},
    {TARGETS[0]: (LOCATIONS[0],), TARGETS[1]: (LOCATIONS[1], LOCATIONS[2])},
]
location_maps = st.sampled_from(_SOURCES).map(LocationMap)
rules = st.builds(
    Rules,
    settings=settings,
    main=st.just(MAIN),
    dependent=currencies.map(lambda currency: ShopFacts(DEPENDENT.domain, currency, TARGETS[0])),
    location_map=location_maps,
    references=st.sampled_from([{}, {"gid://shopify/Product/7": "gid://shopify/Product/507"}]),
    variant_limit=st.sampled_from([3, 2048]),
    repair=st.booleans(),
)


def _copied(draw: st.DrawFn, main: Product) -> Product:
    """A dependent that began as main's copy: most values equal, some edited."""
    other = draw(products("d-", TARGETS))
    taken = {f"d-{item.id}": item for item in main.media}
    variants = []
    for index, mine in enumerate(main.variants, 1):
        theirs = other.variants[index % len(other.variants)]
        edited = draw(st.sets(st.sampled_from(_VARIANT_FIELDS), max_size=3))
        variants.append(
            replace(
                mine,
                id=VariantId(f"d-{mine.id}"),
                inventory_item_id=InventoryItemId(f"d-{mine.inventory_item_id}"),
                stock=theirs.stock,
                media_id=None if mine.media_id is None else MediaId(f"d-{mine.media_id}"),
                **{name: getattr(theirs, name) for name in edited},
            )
        )
    kept = draw(st.lists(st.sampled_from(variants), min_size=1, unique_by=lambda item: item.id))
    edited = draw(st.sets(st.sampled_from(_PRODUCT_FIELDS), max_size=3))
    return replace(
        main,
        id=ProductId("d-product"),
        variants=tuple(replace(item, position=place) for place, item in enumerate(kept, 1)),
        media=tuple(replace(item, id=MediaId(gid)) for gid, item in taken.items()),
        **{name: getattr(other, name) for name in edited},
    )


_VARIANT_FIELDS = ["sku", "price", "compare_at_price", "cost", "tracked", "weight", "metafields", "barcode"]
_PRODUCT_FIELDS = ["title", "tags", "status", "description_html", "metafields", "handle"]


@st.composite
def states(draw: st.DrawFn) -> State:
    main = draw(products("", LOCATIONS))
    dependent = _copied(draw, main) if draw(st.booleans()) else draw(products("d-", TARGETS))
    count = min(len(main.variants), len(dependent.variants))
    tied = draw(st.integers(0, count))
    ties = dict(
        zip(
            [item.id for item in main.variants[:tied]],
            [item.id for item in draw(st.permutations(dependent.variants))[:tied]],
            strict=True,
        )
    )
    if draw(st.booleans()) and len(dependent.variants) > tied:
        free = [item.id for item in dependent.variants if item.id not in ties.values()]
        ties[VariantId("deleted-in-main")] = free[0]
    pictures = list(
        zip([item.id for item in main.media], [item.id for item in dependent.media], strict=False)
    )
    if draw(st.booleans()) and len(dependent.media) > len(pictures):
        pictures.append((MediaId("removed-in-main"), dependent.media[-1].id))
    link = ProductLink(
        main.id,
        dependent.id,
        draw(st.sampled_from(LinkOrigin)),
        {mine: VariantLink(mine, theirs, draw(st.booleans())) for mine, theirs in ties.items()},
        dict(pictures[: draw(st.integers(0, len(pictures)))]),
        draw(_bases(main, dependent)),
    )
    holds = draw(
        st.dictionaries(
            st.sampled_from([Ref(dependent.id, "TITLE"), Ref(dependent.variants[0].id, "PRICE")]),
            st.sampled_from([Hold(None), Hold(value_hash(main.title)), Hold("moved on")]),
            max_size=2,
        )
    )
    return State(main, dependent, link, draw(rules), holds)


@st.composite
def _bases(draw: st.DrawFn, main: Product, dependent: Product) -> dict[Ref, str]:
    """Marks of what was agreed on: what both say now, what main said before, what the dependent said
    before."""
    found: dict[Ref, tuple[str, str]] = {}
    pooled: dict[Ref, int] = {}
    for name, read in PRODUCT_VALUES.items():
        found[Ref(dependent.id, name)] = (value_hash(read(main)), value_hash(read(dependent)))
    for mine, theirs in zip(main.variants, dependent.variants, strict=False):
        for variant_field, of in VARIANT_VALUES.items():
            found[Ref(theirs.id, variant_field)] = (value_hash(of(mine)), value_hash(of(theirs)))
        for target in TARGETS:
            now = value_hash(sum(mine.stock.values()))
            found[Ref(theirs.id, "STOCK", target)] = (now, now)
            pooled[Ref(theirs.id, "STOCK", target)] = theirs.stock.get(target, 0)
    for item in dependent.metafields:
        mark = value_hash({"type": item.type, "value": item.value})
        found[Ref(dependent.id, "METAFIELD", f"{item.namespace}.{item.key}")] = (mark, mark)
    chosen = draw(st.sets(st.sampled_from(sorted(found)), max_size=len(found)))
    numbers = {
        ref: pool_mark(pooled[ref] + draw(st.sampled_from([0, 0, -2, 3])))
        for ref in sorted(pooled)
        if draw(st.booleans())
    }
    marks = {
        ref: agreement(
            draw(st.sampled_from([found[ref][0], "main-before"])),
            draw(st.sampled_from([found[ref][1], "edited-since"])),
        )
        for ref in sorted(chosen)
    }
    return marks | numbers

"""The demo: a main shop and two dependents that have what real shops have, conflicts included.

The main shop sells in euro from two locations: a generated catalogue and Shopify's two sample catalogues,
whose variants have no SKU. The first dependent sells in euro too and has most of the generated products
under the same SKUs, with other prices, stock and titles here and there. The second sells in pounds and has
next to nothing.
"""

from dataclasses import replace
from decimal import Decimal
from itertools import islice
from pathlib import Path
from random import Random

from sandbox.bucket import Tier
from sandbox.catalogue import Recipe, generate
from sandbox.commands.shops import add_location, add_shop
from sandbox.csv_import import import_products
from sandbox.draft import ProductDraft, VariantDraft
from sandbox.place import place
from sandbox.store.location import Address
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop

PRODUCTS = 300
_FEW = 3
MAIN, DEPENDENT, ABROAD = (
    "main-shop.myshopify.com",
    "berlin-outlet.myshopify.com",
    "london-store.myshopify.com",
)
FRESH = "paris-boutique.myshopify.com"
DATA = Path(__file__).parent / "data"
SCOPES = ("write_products", "write_inventory", "read_locations", "write_publications", "write_files")


def build(sandbox: Sandbox, products: int = PRODUCTS) -> None:
    """Make the three shops and fill them; the sandbox's seed decides what they hold."""
    main, dependent, abroad = make_shops(sandbox)
    _add_conflicts(main, dependent)
    for name in ("apparel.csv", "home-and-garden.csv"):
        import_products(main, (DATA / name).read_bytes(), settled=True)
    drafts = list(generate(Recipe(seed=sandbox.seed, locations=2), products))
    for draft in drafts:
        place(main, draft, settled=True)
    _fill_dependent(dependent, drafts, Random(sandbox.seed))
    _fill_abroad(abroad, drafts)


def make_shops(sandbox: Sandbox) -> tuple[Shop, Shop, Shop]:
    """The main shop and its two dependents, with nothing for sale."""
    main = add_shop(
        sandbox,
        MAIN,
        name="Main Shop",
        currency="EUR",
        tier=Tier.ADVANCED,
        locations=("Warehouse Leipzig",),
        address=Address(
            address1="Karl-Heine-Straße 1", city="Leipzig", zip="04229", country="Germany", country_code="DE"
        ),
    )
    berlin = Address(address1="Torstraße 1", city="Berlin", zip="10119", country="Germany", country_code="DE")
    add_location(main, "Store Berlin", address=berlin)
    dependent = add_shop(
        sandbox,
        DEPENDENT,
        name="Berlin Outlet",
        currency="EUR",
        tier=Tier.ADVANCED,
        locations=("Outlet Berlin",),
        address=berlin,
    )
    abroad = add_shop(
        sandbox,
        ABROAD,
        name="London Store",
        currency="GBP",
        tier=Tier.ADVANCED,
        timezone="Europe/London",
        locations=("London Hub",),
        address=Address(
            address1="3 Redchurch Street",
            city="London",
            zip="E2 7DJ",
            country="United Kingdom",
            country_code="GB",
        ),
    )
    return main, dependent, abroad


def add_fresh_shop(sandbox: Sandbox) -> Shop:
    """One more shop, which has a few products of the generated catalogue and is nobody's yet."""
    address = Address(
        address1="12 Rue de Turenne", city="Paris", zip="75004", country="France", country_code="FR"
    )
    shop = add_shop(
        sandbox,
        FRESH,
        name="Paris Boutique",
        currency="EUR",
        tier=Tier.ADVANCED,
        timezone="Europe/Paris",
        locations=("Boutique Paris",),
        address=address,
    )
    _fill_abroad(shop, list(generate(Recipe(seed=sandbox.seed, locations=2), 12)))
    return shop


def _fill_dependent(shop: Shop, drafts: list[ProductDraft], chance: Random) -> None:
    """Seven products in ten; of these a fifth under another title, three in ten at other prices, all with
    own stock.
    """
    for draft in drafts:
        if chance.random() >= 0.7:
            continue
        title = f"{draft.title} – Outlet" if chance.random() < 0.2 else draft.title
        factor = chance.choice((Decimal("0.9"), Decimal("1.15"))) if chance.random() < 0.3 else Decimal(1)
        variants = tuple(
            replace(
                variant,
                price=(variant.price * factor).quantize(Decimal("0.01")),
                available=(chance.randint(0, 40),) if variant.tracked else (0,),
            )
            for variant in draft.variants
        )
        place(shop, replace(draft, title=title, handle=None, variants=variants), settled=True)


def _fill_abroad(shop: Shop, drafts: list[ProductDraft]) -> None:
    """A few products, one location, prices in pounds."""
    for draft in islice(drafts, _FEW):
        variants = tuple(replace(variant, available=variant.available[:1]) for variant in draft.variants)
        place(shop, replace(draft, variants=variants), settled=True)


def _add_conflicts(main: Shop, dependent: Shop) -> None:
    """What no rule may settle by a guess."""
    mug = VariantDraft(sku="CONFLICT-MUG", price=Decimal("14.00"), tracked=True, available=(12,))
    place(main, ProductDraft("Enamel Mug", (mug,), vendor="Tidewater Supply", product_type="Mugs & Cups"))
    twins = (("Enamel Mug", "enamel-mug"), ("Enamel Mug (old stock)", "enamel-mug-old"))
    for title, handle in twins:
        place(dependent, ProductDraft(title, (mug,), handle=handle, vendor="Tidewater Supply"))

    sizes = ("S", "M", "L")
    apron = tuple(_sized("CONFLICT-APRON", size, Decimal("39.00")) for size in sizes)
    place(
        main,
        ProductDraft("Linen Apron", apron, options=("Size",), vendor="Casa Olmo", product_type="Apparel"),
    )
    for size in sizes:
        alone = replace(_sized("CONFLICT-APRON", size, Decimal("39.00")), option_values=())
        place(dependent, ProductDraft(f"Linen Apron {size}", (alone,), vendor="Casa Olmo"))

    twice = VariantDraft(sku="CONFLICT-SOAP", price=Decimal("9.50"), tracked=True, available=(30,))
    for title in ("Olive Soap", "Olive Soap, wrapped"):
        place(main, ProductDraft(title, (twice,), vendor="Lago Azul", product_type="Skincare"))
    place(dependent, ProductDraft("Olive Soap", (twice,), vendor="Lago Azul"))


def _sized(sku: str, size: str, price: Decimal) -> VariantDraft:
    return VariantDraft(option_values=(size,), sku=f"{sku}-{size}", price=price, tracked=True, available=(8,))

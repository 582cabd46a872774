"""What two merchants do to their shops between two syncs, at random."""

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

from sandbox.catalogue import Recipe, make
from sandbox.commands import files, media, metafields, options, variant_bulk
from sandbox.commands.inventory import set_available
from sandbox.commands.options import OptionChange
from sandbox.commands.products import delete_product, update_product
from sandbox.commands.specs import (
    Choice,
    FileSpec,
    ItemFields,
    MetafieldSpec,
    OptionSpec,
    ProductFields,
    ValueSpec,
    VariantFields,
    VariantSpec,
)
from sandbox.edits import edit_product, edit_variant
from sandbox.ids import gid
from sandbox.place import place
from sandbox.store.product import Product, Variant
from sandbox.store.shop import Shop

Edit = Callable[[Product], None]


class Merchant:
    """The merchant of one shop. What a dependent's adds beside main's variants and media stays there: `own`
    has the ids."""

    def __init__(self, shop: Shop, chance: Random, *, main: bool) -> None:
        self.shop = shop
        self.chance = chance
        self.main = main
        self.own: set[str] = set()
        self.log: list[str] = []
        self._number = 0
        self._edits: list[Edit] = [
            self.words,
            self.status,
            self.price,
            self.price,
            self.figures,
            self.stock,
            self.stock,
            self.add_variant,
            self.remove_variant,
            self.rename_value,
            self.rename_option,
            self.move_values,
            self.move_variants,
            self.add_image,
            self.remove_image,
            self.move_images,
            self.alt_text,
            self.show_image,
            self.set_metafield,
            self.delete_metafield,
            self.delete,
        ]

    def edit(self, times: int) -> None:
        for _ in range(times):
            product = self.chance.choice(list(self.shop.products))
            act = self.chance.choice(self._edits)
            self.log.append(f"{self.shop.domain} {act.__name__} {product.title} ({product.id})")
            act(product)
        if self.main:
            self._number += 1
            draft = make(Recipe(seed=self.chance.randrange(10**6), images=2), 1000 + self._number)
            self.log.append(f"{self.shop.domain} add {draft.title}")
            place(self.shop, draft, settled=True)

    def word(self) -> str:
        """One that no product or option has yet."""
        self._number += 1
        return f"{'Main' if self.main else 'Own'} {self.chance.randrange(1000)}-{self._number}"

    def variant(self, product: Product) -> Variant:
        return self.chance.choice(product.variants)

    def words(self, product: Product) -> None:
        for name in ("title", "vendor", "productType", "descriptionHtml", "tags"):
            if self.chance.random() < 0.5:
                edit_product(self.shop, product, name, self.word())
        update_product(self.shop, product, ProductFields(seo_title=self.word(), template_suffix="wide"))

    def status(self, product: Product) -> None:
        edit_product(self.shop, product, "status", self.chance.choice(("ACTIVE", "DRAFT", "ARCHIVED")))

    def price(self, product: Product) -> None:
        for variant in product.variants:
            price = Decimal(self.chance.randint(100, 90_000)) / 100
            edit_variant(self.shop, variant, "price", str(price))
            before = self.chance.choice((None, price + 5, price - 1 if price > 1 else None))
            edit_variant(self.shop, variant, "compareAtPrice", "" if before is None else str(before))

    def figures(self, product: Product) -> None:
        variant = self.variant(product)
        edit_variant(self.shop, variant, "barcode", self.chance.choice(("", self.word())))
        edit_variant(self.shop, variant, "cost", self.chance.choice(("", "3.33", "0.10")))
        edit_variant(self.shop, variant, "sku", self.word())
        edit_variant(self.shop, variant, "tracked", self.chance.choice(("true", "true", "false")))

    def stock(self, product: Product) -> None:
        for variant in product.variants:
            if variant.item.tracked:
                quantity = self.chance.randint(0, 40)
                set_available(self.shop, variant.item, self.shop.primary_location, quantity)

    def add_variant(self, product: Product) -> None:
        if product.has_only_default_variant or len(product.variants) > 40:
            return
        pattern = self.variant(product)
        choices = [Choice(o.name, v.name) for o, v in zip(product.options, pattern.options, strict=True)]
        choices[0] = Choice(product.options[0].name, self.word())
        spec = VariantSpec(
            tuple(choices), VariantFields(price=Decimal("9.90")), ItemFields(sku=self.word(), tracked=True)
        )
        made = variant_bulk.create_variants(self.shop, product, [spec], "PRESERVE_STANDALONE_VARIANT")
        if not self.main:
            self.own.update(gid("ProductVariant", each.id) for each in made)

    def remove_variant(self, product: Product) -> None:
        if len(product.variants) > 1:
            variant_bulk.delete_variants(self.shop, product, [self.variant(product).id])

    def rename_value(self, product: Product) -> None:
        if not product.has_only_default_variant:
            option = self.chance.choice(product.options)
            value = self.chance.choice(option.values)
            renamed = OptionChange(option.id, update=(ValueSpec(self.word(), value.id),))
            options.update_option(self.shop, product, renamed)

    def rename_option(self, product: Product) -> None:
        if not product.has_only_default_variant:
            option = self.chance.choice(product.options)
            options.update_option(self.shop, product, OptionChange(option.id, name=self.word()))

    def move_values(self, product: Product) -> None:
        if not product.has_only_default_variant:
            moved = list(product.options)
            self.chance.shuffle(moved)
            specs = []
            for option in moved:
                values = list(option.values)
                self.chance.shuffle(values)
                names = tuple(ValueSpec(each.name, each.id) for each in values)
                specs.append(OptionSpec(option.name, names, id=option.id))
            options.reorder_options(self.shop, product, specs)

    def move_variants(self, product: Product) -> None:
        moved = [each.id for each in product.variants]
        self.chance.shuffle(moved)
        places = [(number, index + 1) for index, number in enumerate(moved)]
        variant_bulk.reorder_variants(self.shop, product, places)

    def add_image(self, product: Product) -> None:
        source = f"https://images.example.com/{self.word().replace(' ', '-').lower()}.jpg"
        added, _ = media.add_media(self.shop, product, [FileSpec(original_source=source, alt=self.word())])
        for file in added:
            file.processing_from = file.ready_from = 0.0
            if not self.main:
                self.own.add(files.file_gid(file))

    def remove_image(self, product: Product) -> None:
        if product.media:
            media.delete_media(self.shop, product, [self.chance.choice(product.media).id])

    def move_images(self, product: Product) -> None:
        moved = list(product.media)
        self.chance.shuffle(moved)
        media.reorder_media(self.shop, product, [(each.id, index) for index, each in enumerate(moved)])

    def alt_text(self, product: Product) -> None:
        ready = [each for each in product.media if files.status(self.shop, each) == "READY"]
        if ready:
            media.change_media(self.shop, product, [(self.chance.choice(ready).id, self.word())])

    def show_image(self, product: Product) -> None:
        variant = self.variant(product)
        if variant.media is not None:
            media.take_media(self.shop, product, [(variant.id, [variant.media.id])])
        ready = [each for each in product.media if files.status(self.shop, each) == "READY"]
        if ready:
            media.give_media(self.shop, product, [(variant.id, [self.chance.choice(ready).id])])

    def set_metafield(self, product: Product) -> None:
        key = self.chance.choice(("material", "care_notes", "season"))
        spec = MetafieldSpec(key, self.word(), "custom", "single_line_text_field")
        with self.shop.change() as change:
            metafields.apply(self.shop, change, product, "PRODUCT", [spec])

    def delete_metafield(self, product: Product) -> None:
        found = [each for each in product.metafields.values() if each.namespace == "custom"]
        if found:
            metafields.delete_metafields(self.shop, [(product, self.chance.choice(found))])

    def delete(self, product: Product) -> None:
        if len(self.shop.products) > 4:
            delete_product(self.shop, product)


def without(shop: dict[str, Any], ids: set[str]) -> dict[str, Any]:
    """A dump less some variants and media."""

    def kept(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [each for each in items if each["id"] not in ids]

    products = [
        {**each, "variants": kept(each["variants"]), "media": kept(each["media"])}
        for each in shop["products"]
    ]
    return {**shop, "products": products}

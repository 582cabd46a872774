"""Creating, changing and deleting a product as a whole."""

from sandbox.commands import metafields, product_fields, variants
from sandbox.commands.errors import refuse_if
from sandbox.commands.specs import ProductFields, VariantSpec
from sandbox.ids import gid
from sandbox.store.change import Change
from sandbox.store.product import DEFAULT_OPTION, DEFAULT_VALUE, Option, OptionValue, Product
from sandbox.store.shop import Shop


def update_product(shop: Shop, product: Product, fields: ProductFields) -> None:
    """Change a product's own fields; RefusedError as productUpdate words it."""
    refuse_if(product_fields.faults(shop, fields, product))
    with shop.change() as change:
        product_fields.apply(shop, change, product, fields)


def new_product(shop: Shop, change: Change, fields: ProductFields) -> Product:
    """A checked product, still without options and variants."""
    product = Product(
        id=shop.ids.next(),
        title="",
        handle=product_fields.handle_for_new(shop, fields),
        created_at=change.now,
        updated_at=change.now,
        vendor=shop.name,
    )
    shop.handles[product.handle] = product
    shop.products.add(product)
    change.event("products/create", gid("Product", product.id))
    product_fields.apply(shop, change, product, fields)
    for publication in shop.publications:
        if publication.auto_publish:
            product.publications[publication.id] = change.now
    change.touch_product(product)
    return product


def reset_to_default(shop: Shop, change: Change, product: Product, spec: VariantSpec | None = None) -> None:
    """One option called Title, one value, one variant: a product that comes in one form only."""
    for variant in list(product.variants):
        variants.delete_variant(shop, change, variant)
    drop_options(shop, product)
    variants.create_variant(shop, change, product, spec or VariantSpec(), ())
    name_default(shop, product)


def name_default(shop: Shop, product: Product) -> None:
    """The option and the value that stand for none, for a product whose one variant has no options."""
    value = OptionValue(shop.ids.next(), DEFAULT_VALUE)
    option = Option(shop.ids.next(), DEFAULT_OPTION, [value])
    product.options = [option]
    shop.options[option.id] = shop.options[value.id] = product
    for variant in product.variants:
        variant.options = (value,)


def drop_options(shop: Shop, product: Product) -> None:
    for option in product.options:
        shop.options.pop(option.id, None)
        for value in option.values:
            shop.options.pop(value.id, None)
    product.options = []


def delete_product(shop: Shop, product: Product) -> None:
    """Gone at once, with variants, stock and metafields; its files stay in the shop."""
    with shop.change() as change:
        for variant in reversed(list(product.variants)):
            variants.delete_variant(shop, change, variant)
        for metafield in list(product.metafields.values()):
            metafields.remove(shop, product, metafield)
        for file in product.media:
            file.products.pop(product.id, None)
        drop_options(shop, product)
        del shop.handles[product.handle]
        shop.products.remove(product)
        change.event("products/delete", gid("Product", product.id))


def settle(shop: Shop) -> None:
    """Take away the products whose asynchronous deletion has come to its end by now."""
    now = shop.clock.monotonic()
    for operation in shop.deletions:
        if operation.ends <= now and (product := shop.products.get(operation.product)) is not None:
            delete_product(shop, product)
    shop.deletions = [operation for operation in shop.deletions if operation.ends > now]

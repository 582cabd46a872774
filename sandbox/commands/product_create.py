"""productCreate and what comes with productUpdate beside the product's own fields: options, media,
metafields.
"""

from collections.abc import Iterator, Sequence

from sandbox.commands import files, metafields, option_plan, product_fields, products, variants
from sandbox.commands.errors import Path, UserError, refuse_if
from sandbox.commands.product_set import metafield_faults
from sandbox.commands.specs import FileSpec, MetafieldSpec, OptionSpec, ProductFields, VariantSpec
from sandbox.store.product import Product
from sandbox.store.shop import Shop

_PRODUCT_LIMIT = "Product cannot have more than 250 media"


def create_product(
    shop: Shop,
    fields: ProductFields,
    options: Sequence[OptionSpec] = (),
    media: Sequence[FileSpec] = (),
    metafield_specs: Sequence[MetafieldSpec] = (),
) -> Product:
    """A product with one variant: of each option's first value, or the default one. RefusedError like
    productCreate.
    """
    plan, errors = option_plan.plan_options(None, options, ("options",))
    refuse_if(
        (
            *product_fields.faults(shop, fields, None),
            *(_option_wording(error) for error in errors),
            *media_faults(None, media),
            *metafield_faults(shop, None, "PRODUCT", metafield_specs, ("metafields",)),
        )
    )
    with shop.change() as change:
        product = products.new_product(shop, change, fields)
        if plan:
            product.options, _ = option_plan.realise(shop, product, plan)
            first = tuple(option.values[0] for option in product.options)
            variants.create_variant(shop, change, product, VariantSpec(), first)
        else:
            products.reset_to_default(shop, change, product)
        _add(shop, product, media, metafield_specs)
    return product


def update_product(
    shop: Shop,
    product: Product,
    fields: ProductFields,
    media: Sequence[FileSpec] = (),
    metafield_specs: Sequence[MetafieldSpec] = (),
) -> None:
    """Media are added, metafields set; RefusedError like productUpdate."""
    refuse_if(
        (
            *product_fields.faults(shop, fields, product),
            *media_faults(product, media),
            *metafield_faults(shop, product, "PRODUCT", metafield_specs, ("metafields",)),
        )
    )
    with shop.change() as change:
        product_fields.apply(shop, change, product, fields)
        _add(shop, product, media, metafield_specs)


def media_faults(
    product: Product | None, media: Sequence[FileSpec], at: Path = ("media",)
) -> Iterator[UserError]:
    if len(media) + (len(product.media) if product is not None else 0) > files.MAX_PRODUCT_MEDIA:
        yield UserError(at, _PRODUCT_LIMIT, "PRODUCT_MEDIA_LIMIT_EXCEEDED")
    for index, spec in enumerate(media):
        if not files.is_fetchable(spec.original_source or ""):
            yield UserError((*at, str(index), "originalSource"), "Image URL is invalid", "INVALID")
        if files.alt_too_long(spec):
            yield UserError(
                (*at, str(index), "alt"), "Alt text is too long (maximum is 512 characters)", "INVALID"
            )


def _option_wording(error: UserError) -> UserError:
    if "unsupported sequence" in error.message:
        return UserError(("options",), 'Name cannot contain the character sequence " / "')
    return UserError(("options",), error.message)


def _add(
    shop: Shop, product: Product, media: Sequence[FileSpec], metafield_specs: Sequence[MetafieldSpec]
) -> None:
    with shop.change() as change:
        for spec in media:
            files.attach(change, product, files.create_file(shop, change, spec))
        metafields.apply(shop, change, product, "PRODUCT", metafield_specs)


def set_tags(shop: Shop, product: Product, tags: Sequence[str]) -> None:
    products.update_product(shop, product, ProductFields(tags=tuple(tags)))

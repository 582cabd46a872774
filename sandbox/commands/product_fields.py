"""A product's own fields: their limits, how they are spelt, and how they are set."""

from collections.abc import Iterator

from sandbox.commands import normalise
from sandbox.commands.assign import assign
from sandbox.commands.errors import UserError
from sandbox.commands.specs import UNSET, ProductFields
from sandbox.store.change import Change
from sandbox.store.product import Product
from sandbox.store.shop import Shop

_TOO_LONG = "{} is too long (maximum is 255 characters)"
_LIMIT = 255
MAX_TAGS = 250


def faults(shop: Shop, fields: ProductFields, product: Product | None) -> Iterator[UserError]:
    """What productCreate and productUpdate answer; productSet words the same faults a little differently."""
    if fields.title is UNSET:
        if product is None:
            yield UserError(("title",), "Title can't be blank")
    elif not fields.title.strip():
        yield UserError(("title",), "Title can't be blank")
    elif len(fields.title) > _LIMIT:
        yield UserError(("title",), _TOO_LONG.format("Title"))
    if fields.vendor is not UNSET and len(fields.vendor) > _LIMIT:
        yield UserError(("vendor",), _TOO_LONG.format("Vendor"))
    if fields.product_type is not UNSET and len(fields.product_type) > _LIMIT:
        yield UserError(("productType",), _TOO_LONG.format("Product type"))
        yield UserError(("customProductType",), _TOO_LONG.format("Custom product type"))
    if fields.tags is not UNSET:
        tags = normalise.tags(fields.tags)
        if len(tags) > MAX_TAGS or any(len(tag) > _LIMIT for tag in tags):
            yield UserError(("tags",), "Product tags is invalid")
    if fields.handle is not UNSET and fields.handle:
        if len(fields.handle) > _LIMIT:
            yield UserError(("handle",), _TOO_LONG.format("Handle"))
        else:
            owner = shop.handles.get(normalise.handle(fields.handle))
            if owner is not None and owner is not product:
                message = f"Handle '{owner.handle}' already in use. Please provide a new handle."
                yield UserError(("input", "handle"), message)


def handle_for_new(shop: Shop, fields: ProductFields) -> str:
    """The handle that was asked for, or one made from the title and free."""
    wanted = "" if fields.handle is UNSET else normalise.handle(fields.handle)
    if wanted:
        return wanted
    title = "" if fields.title is UNSET else fields.title
    return normalise.free_handle(title, shop.handles.__contains__)


def apply(shop: Shop, change: Change, product: Product, fields: ProductFields) -> None:
    """Fields that passed faults()."""
    tags = UNSET if fields.tags is UNSET else normalise.tags(fields.tags)
    changed = assign(
        product,
        title=fields.title if fields.title is UNSET else fields.title.strip(),
        description_html=fields.description_html,
        vendor=fields.vendor,
        product_type=fields.product_type,
        category=fields.category,
        status=fields.status,
        tags=tags,
        seo_title=fields.seo_title,
        seo_description=fields.seo_description,
        template_suffix=fields.template_suffix,
        gift_card=fields.gift_card,
        gift_card_template_suffix=fields.gift_card_template_suffix,
        requires_selling_plan=fields.requires_selling_plan,
    )
    wanted = "" if fields.handle is UNSET else normalise.handle(fields.handle)
    if wanted and wanted != product.handle:
        del shop.handles[product.handle]
        product.handle = wanted
        shop.handles[wanted] = product
        changed = True
    if changed:
        change.touch_product(product)

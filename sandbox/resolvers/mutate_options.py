"""productOptionsCreate, productOptionUpdate, productOptionsDelete and productOptionsReorder."""

from collections.abc import Callable

from sandbox.commands import options
from sandbox.commands.errors import RefusedError, UserError
from sandbox.commands.options import OptionChange
from sandbox.commands.specs import ValueSpec
from sandbox.context import Call
from sandbox.ids import gid
from sandbox.plan import Args
from sandbox.resolvers import specs_from
from sandbox.resolvers.fields import Fields
from sandbox.resolvers.mutate_product import find_product
from sandbox.resolvers.payload import Payload, demand_gid, refused
from sandbox.store.product import Product

_MISSING = UserError(("productId",), "Product does not exist", "PRODUCT_DOES_NOT_EXIST")


def _changed(args: Args, ctx: Call, run: Callable[[Product], None]) -> Payload:
    product = find_product(ctx, args["productId"])
    if product is None:
        return refused([_MISSING], "product")
    try:
        run(product)
    except RefusedError as refusal:
        return {**refused(refusal.errors), "product": product}
    return {"product": product, "userErrors": []}


def create(source: object, args: Args, ctx: Call) -> Payload:
    specs = specs_from.option_specs(args["options"])
    everything = args.get("variantStrategy") == "CREATE"
    return _changed(
        args,
        ctx,
        lambda product: options.create_options(ctx.shop, product, specs, create_variants=everything),
    )


def update(source: object, args: Args, ctx: Call) -> Payload:
    given = args["option"]
    demand_gid(given["id"])
    wanted = OptionChange(
        option_id=specs_from.known(given["id"], "ProductOption"),
        name=given.get("name"),
        position=given.get("position"),
        add=[ValueSpec(entry.get("name")) for entry in args.get("optionValuesToAdd") or ()],
        update=[
            ValueSpec(entry.get("name"), specs_from.known(entry["id"], "ProductOptionValue"))
            for entry in args.get("optionValuesToUpdate") or ()
        ],
        delete=[
            specs_from.known(text, "ProductOptionValue") for text in args.get("optionValuesToDelete") or ()
        ],
        manage_variants=args.get("variantStrategy") == "MANAGE",
    )
    return _changed(args, ctx, lambda product: options.update_option(ctx.shop, product, wanted))


def delete(source: object, args: Args, ctx: Call) -> Payload:
    demand_gid(*args["options"])
    numbers = [specs_from.known(text, "ProductOption") for text in args["options"]]
    strategy = args.get("strategy") or "DEFAULT"
    answer = _changed(args, ctx, lambda product: options.delete_options(ctx.shop, product, numbers, strategy))
    answer["deletedOptionsIds"] = (
        None if answer["userErrors"] else [gid("ProductOption", number) for number in numbers]
    )
    return answer


def reorder(source: object, args: Args, ctx: Call) -> Payload:
    specs = specs_from.option_specs(args["options"])
    return _changed(args, ctx, lambda product: options.reorder_options(ctx.shop, product, specs))


FIELDS: Fields = {
    "productOptionsCreate": create,
    "productOptionUpdate": update,
    "productOptionsDelete": delete,
    "productOptionsReorder": reorder,
}

"""Media of products and variants, and files of the shop."""

from typing import Any

from sandbox.commands import media
from sandbox.commands.errors import RefusedError, UserError
from sandbox.commands.files import KINDS, file_gid
from sandbox.commands.media import FileChange
from sandbox.commands.specs import UNSET
from sandbox.context import Call
from sandbox.ids import gid
from sandbox.plan import Args
from sandbox.resolvers import specs_from
from sandbox.resolvers.fields import Fields
from sandbox.resolvers.mutate_product import find_product
from sandbox.resolvers.payload import Payload, demand_gid, refused, told

_FILES = tuple(KINDS.values())
_MISSING = UserError(("productId",), "Product does not exist", "PRODUCT_DOES_NOT_EXIST")


def _media_errors(errors: Any) -> Payload:
    """Once with codes and once, in the deprecated field, without."""
    entries = told(errors)
    return {"mediaUserErrors": entries, "userErrors": entries}


def create_media(source: Any, args: Args, ctx: Call) -> Payload:
    product = find_product(ctx, args["productId"])
    if product is None:
        return {**_media_errors([_MISSING]), "media": None, "product": None}
    added, errors = media.add_media(
        ctx.shop, product, [specs_from.file_spec(entry) for entry in args["media"]]
    )
    return {"media": added, "product": product, **_media_errors(errors)}


def update_media(source: Any, args: Args, ctx: Call) -> Payload:
    product = find_product(ctx, args["productId"])
    if product is None:
        return {**_media_errors([_MISSING]), "media": None, "product": None}
    demand_gid(*(entry["id"] for entry in args["media"]))
    alts = [
        (specs_from.known(entry["id"], *_FILES), (entry["alt"] or "") if "alt" in entry else UNSET)
        for entry in args["media"]
    ]
    try:
        changed = media.change_media(ctx.shop, product, alts)
    except RefusedError as refusal:
        return {"media": None, "product": product, **_media_errors(refusal.errors)}
    return {"media": changed, "product": product, **_media_errors(())}


def delete_media(source: Any, args: Args, ctx: Call) -> Payload:
    empty: Payload = {"deletedMediaIds": None, "deletedProductImageIds": None}
    product = find_product(ctx, args["productId"])
    if product is None:
        return {**empty, **_media_errors([_MISSING]), "product": None}
    demand_gid(*args["mediaIds"])
    try:
        gone = media.delete_media(ctx.shop, product, [specs_from.known(t, *_FILES) for t in args["mediaIds"]])
    except RefusedError as refusal:
        return {**empty, "product": product, **_media_errors(refusal.errors)}
    return {
        "deletedMediaIds": [file_gid(file) for file in gone],
        "deletedProductImageIds": [gid("ProductImage", f.id) for f in gone if f.content_type == "IMAGE"],
        "product": product,
        **_media_errors(()),
    }


def reorder_media(source: Any, args: Args, ctx: Call) -> Payload:
    missing = UserError(("id",), "Product does not exist", "PRODUCT_DOES_NOT_EXIST")
    product = find_product(ctx, args["id"])
    if product is None:
        return {**_media_errors([missing]), "job": None}
    moves = [(specs_from.known(entry["id"], *_FILES), int(entry["newPosition"])) for entry in args["moves"]]
    try:
        media.reorder_media(ctx.shop, product, moves)
    except RefusedError as refusal:
        return {"job": None, **_media_errors(refusal.errors)}
    return {"job": {"id": gid("Job", ctx.shop.ids.next()), "done": True}, **_media_errors(())}


def _pairs(args: Args) -> list[tuple[int, list[int]]]:
    return [
        (
            specs_from.known(entry["variantId"], "ProductVariant"),
            [specs_from.known(text, *_FILES) for text in entry["mediaIds"]],
        )
        for entry in args["variantMedia"]
    ]


def append_media(source: Any, args: Args, ctx: Call) -> Payload:
    return _variant_media(args, ctx, giving=True)


def detach_media(source: Any, args: Args, ctx: Call) -> Payload:
    return _variant_media(args, ctx, giving=False)


def _variant_media(args: Args, ctx: Call, *, giving: bool) -> Payload:
    product = find_product(ctx, args["productId"])
    if product is None:
        return refused([_MISSING], "product", "productVariants")
    try:
        changed = (media.give_media if giving else media.take_media)(ctx.shop, product, _pairs(args))
    except RefusedError as refusal:
        return {**refused(refusal.errors, "productVariants"), "product": product}
    return {"product": product, "productVariants": changed, "userErrors": []}


def file_create(source: Any, args: Args, ctx: Call) -> Payload:
    try:
        created = media.create_files(ctx.shop, [specs_from.file_spec(entry) for entry in args["files"]])
    except RefusedError as refusal:
        return refused(refusal.errors, "files")
    return {"files": created, "userErrors": []}


def file_update(source: Any, args: Args, ctx: Call) -> Payload:
    wanted = [_file_change(entry) for entry in args["files"]]
    try:
        changed = media.update_files(ctx.shop, wanted)
    except RefusedError as refusal:
        return refused(refusal.errors, "files")
    return {"files": changed, "userErrors": []}


def _file_change(given: dict[str, Any]) -> FileChange:
    demand_gid(given["id"])
    return FileChange(
        id=specs_from.known(given["id"], *_FILES),
        gid=given["id"],
        alt=(given["alt"] or "") if "alt" in given else UNSET,
        original_source=given.get("originalSource"),
        preview_source=given.get("previewImageSource"),
        filename=given.get("filename"),
        add_to=tuple(specs_from.known(text, "Product") for text in given.get("referencesToAdd") or ()),
        remove_from=tuple(
            specs_from.known(text, "Product") for text in given.get("referencesToRemove") or ()
        ),
    )


def file_delete(source: Any, args: Args, ctx: Call) -> Payload:
    demand_gid(*args["fileIds"])
    try:
        media.delete_files(ctx.shop, [(specs_from.known(text, *_FILES), text) for text in args["fileIds"]])
    except RefusedError as refusal:
        return refused(refusal.errors, "deletedFileIds")
    return {"deletedFileIds": args["fileIds"], "userErrors": []}


FIELDS: Fields = {
    "productCreateMedia": create_media,
    "productUpdateMedia": update_media,
    "productDeleteMedia": delete_media,
    "productReorderMedia": reorder_media,
    "productVariantAppendMedia": append_media,
    "productVariantDetachMedia": detach_media,
    "fileCreate": file_create,
    "fileUpdate": file_update,
    "fileDelete": file_delete,
}

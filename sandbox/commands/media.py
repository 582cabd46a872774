"""Media of a product: adding, changing, ordering, deleting, and giving them to variants; and the shop's
files.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sandbox.commands import files
from sandbox.commands.errors import RefusedError, UserError, refuse_if
from sandbox.commands.product_create import media_faults
from sandbox.commands.specs import UNSET, FileSpec, Unset
from sandbox.store.media import File
from sandbox.store.product import Product, Variant
from sandbox.store.shop import Shop

_NOT_ON_PRODUCT = "Media does not exist on the specified product"


def add_media(shop: Shop, product: Product, specs: Sequence[FileSpec]) -> tuple[list[File], list[UserError]]:
    """Those that are good are added, the others told: productCreateMedia is not all or nothing."""
    errors = list(media_faults(product, specs))
    bad = {error.field[1] for error in errors if error.field is not None and len(error.field) > 1}
    if any(error.field == ("media",) for error in errors):
        return [], errors
    added = []
    with shop.change() as change:
        for index, spec in enumerate(specs):
            if str(index) not in bad:
                file = files.create_file(shop, change, spec)
                files.attach(change, product, file)
                added.append(file)
    return added, errors


def change_media(shop: Shop, product: Product, alts: Sequence[tuple[int, str | Unset]]) -> list[File]:
    """RefusedError like productUpdateMedia."""
    shown = {file.id: file for file in product.media}
    errors = []
    for index, (number, alt) in enumerate(alts):
        at = ("media", str(index))
        if number not in shown:
            errors.append(UserError((*at, "id"), _NOT_ON_PRODUCT, "MEDIA_DOES_NOT_EXIST_ON_PRODUCT"))
        elif files.status(shop, shown[number]) != "READY":
            errors.append(UserError((*at, "id"), "Non-ready media cannot be updated.", "NON_READY_MEDIA"))
        elif isinstance(alt, str) and len(alt) > files.MAX_ALT:
            errors.append(
                UserError((*at, "alt"), "Alt text is too long (maximum is 512 characters)", "INVALID")
            )
    refuse_if(errors)
    with shop.change() as change:
        for number, alt in alts:
            if isinstance(alt, str) and shown[number].alt != alt:
                files.set_alt(change, shown[number], alt)
                change.touch_product(product)
    return [shown[number] for number, _ in alts]


def delete_media(shop: Shop, product: Product, numbers: Sequence[int]) -> list[File]:
    shown = {file.id: file for file in product.media}
    refuse_if(
        UserError(("mediaIds",), _NOT_ON_PRODUCT, "MEDIA_DOES_NOT_EXIST_ON_PRODUCT")
        for number in numbers
        if number not in shown
    )
    gone = [shown[number] for number in dict.fromkeys(numbers)]
    with shop.change() as change:
        for file in gone:
            files.delete_file(shop, change, file)
    return gone


def reorder_media(shop: Shop, product: Product, moves: Sequence[tuple[int, int]]) -> None:
    """Move after move, each to a place counted from 0."""
    shown = {file.id: file for file in product.media}
    refuse_if(
        UserError(("moves", str(index), "id"), _NOT_ON_PRODUCT, "MEDIA_DOES_NOT_EXIST_ON_PRODUCT")
        for index, (number, _) in enumerate(moves)
        if number not in shown
    )
    order = list(product.media)
    for number, place in moves:
        order.remove(shown[number])
        order.insert(place, shown[number])
    if order != product.media:
        with shop.change() as change:
            product.media = order
            change.touch_product(product)


def give_media(shop: Shop, product: Product, pairs: Sequence[tuple[int, Sequence[int]]]) -> list[Variant]:
    """Variants take the medium named; RefusedError like productVariantAppendMedia."""
    refuse_if(_pair_faults(shop, product, pairs, taking=False))
    shown = {file.id: file for file in product.media}
    return _show(shop, product, [(number, shown[media[0]]) for number, media in pairs])


def take_media(shop: Shop, product: Product, pairs: Sequence[tuple[int, Sequence[int]]]) -> list[Variant]:
    """Variants lose the medium named; RefusedError like productVariantDetachMedia."""
    refuse_if(_pair_faults(shop, product, pairs, taking=True))
    return _show(shop, product, [(number, None) for number, _ in pairs])


def _show(shop: Shop, product: Product, wanted: Iterable[tuple[int, File | None]]) -> list[Variant]:
    present = {variant.id: variant for variant in product.variants}
    changed = []
    with shop.change() as change:
        for number, file in wanted:
            variant = present[number]
            if variant.media is not file:
                variant.media = file
                change.touch_variant(variant)
            changed.append(variant)
    return changed


def _pair_faults(
    shop: Shop, product: Product, pairs: Sequence[tuple[int, Sequence[int]]], *, taking: bool
) -> Iterable[UserError]:
    present = {variant.id: variant for variant in product.variants}
    shown = {file.id: file for file in product.media}
    seen: set[int] = set()
    for index, (number, media) in enumerate(pairs):
        at = ("variantMedia", str(index))
        variant = present.get(number)
        if variant is None:
            message = "Variant does not exist on the specified product"
            yield UserError((*at, "variantId"), message, "PRODUCT_VARIANT_DOES_NOT_EXIST_ON_PRODUCT")
            continue
        if number in seen:
            message = "Variant is specified more than once"
            yield UserError((*at, "variantId"), message, "PRODUCT_VARIANT_SPECIFIED_MULTIPLE_TIMES")
        seen.add(number)
        if len(media) != 1:
            message = "Only one mediaId is allowed per variant"
            yield UserError((*at, "mediaIds"), message, "TOO_MANY_MEDIA_PER_INPUT_PAIR")
            continue
        file = shown.get(media[0])
        if file is None:
            yield UserError((*at, "mediaIds"), _NOT_ON_PRODUCT, "MEDIA_DOES_NOT_EXIST_ON_PRODUCT")
        elif taking:
            if variant.media is not file:
                message = "The specified media is not attached to the specified variant"
                yield UserError((*at, "variantId"), message, "MEDIA_IS_NOT_ATTACHED_TO_VARIANT")
        elif files.status(shop, file) != "READY":
            message = "Non-ready media cannot be attached to variants."
            yield UserError((*at, "mediaIds"), message, "NON_READY_MEDIA")
        elif variant.media is not None and variant.media is not file:
            message = "The variant already has attached media"
            yield UserError((*at, "variantId"), message, "PRODUCT_VARIANT_ALREADY_HAS_MEDIA")


def create_files(shop: Shop, specs: Sequence[FileSpec]) -> list[File]:
    """Files of no product. RefusedError like fileCreate."""
    errors = []
    for index, spec in enumerate(specs):
        at = ("files", str(index))
        if not files.is_fetchable(spec.original_source or ""):
            errors.append(UserError((*at, "originalSource"), "Image URL is invalid", "INVALID"))
        if files.alt_too_long(spec):
            message = "The alt value exceeds the maximum limit of 512 characters."
            errors.append(UserError((*at, "alt"), message, "ALT_VALUE_LIMIT_EXCEEDED"))
    refuse_if(errors)
    with shop.change() as change:
        return [files.create_file(shop, change, spec) for spec in specs]


@dataclass(frozen=True, slots=True)
class FileChange:
    """What fileUpdate asks for; references are products by number."""

    id: int
    gid: str
    alt: str | Unset = UNSET
    original_source: str | None = None
    preview_source: str | None = None
    filename: str | None = None
    add_to: tuple[int, ...] = ()
    remove_from: tuple[int, ...] = ()


def update_files(shop: Shop, wanted: Sequence[FileChange]) -> list[File]:
    """RefusedError like fileUpdate."""
    refuse_if(_file_faults(shop, wanted))
    result = []
    with shop.change() as change:
        for order in wanted:
            file = shop.files[order.id]
            if isinstance(order.alt, str) and file.alt != order.alt:
                files.set_alt(change, file, order.alt)
                for number in file.products:
                    change.touch_product(shop.products[number])
            source = order.original_source or order.preview_source
            if source and source != file.original_source:
                file.original_source = source
                file.url = f"{shop.media_base}/cdn/files/{file.id}/{file.filename}"
                change.touch_file(file)
            if order.filename and order.filename != file.filename:
                file.filename = order.filename
                file.url = f"{shop.media_base}/cdn/files/{file.id}/{file.filename}"
                change.touch_file(file)
            for number in order.add_to:
                files.attach(change, shop.products[number], file)
            for number in order.remove_from:
                if number in file.products:
                    files.detach(change, shop.products[number], file)
            result.append(file)
    return result


def _file_faults(shop: Shop, wanted: Sequence[FileChange]) -> list[UserError]:
    missing = [order.gid for order in wanted if shop.files.get(order.id) is None]
    if missing:
        listed = ", ".join(f'"{text}"' for text in missing)
        ending = "does not exist." if len(missing) == 1 else "do not exist."
        message = f"File id{'' if len(missing) == 1 else 's'} [{listed}] {ending}"
        return [UserError(("files",), message, "FILE_DOES_NOT_EXIST")]
    errors: list[UserError] = []
    if any(files.status(shop, shop.files[order.id]) != "READY" for order in wanted):
        errors.append(UserError(("files",), "Non-ready files cannot be updated.", "NON_READY_STATE"))
    for index, order in enumerate(wanted):
        at = ("files", str(index))
        file = shop.files[order.id]
        if isinstance(order.alt, str) and len(order.alt) > files.MAX_ALT:
            message = "The alt value exceeds the maximum limit of 512 characters."
            errors.append(UserError((*at, "alt"), message, "ALT_VALUE_LIMIT_EXCEEDED"))
        if order.original_source and order.preview_source:
            message = (
                "Cannot update the preview image and image at the same time "
                "because they are one and the same."
            )
            errors.append(UserError((*at, "originalSource"), message, "INVALID"))
        if order.original_source and file.content_type not in ("IMAGE", "FILE"):
            message = "Updating the original source is not supported for this media type."
            errors.append(UserError((*at, "originalSource"), message, "INVALID"))
        for name, source in (
            ("originalSource", order.original_source),
            ("previewImageSource", order.preview_source),
        ):
            if source and not files.is_fetchable(source):
                message = "Invalid image source url value provided"
                errors.append(UserError((*at, name), message, "INVALID_IMAGE_SOURCE_URL"))
        if order.filename:
            errors.extend(_filename_faults(file, order.filename))
        if any(shop.products.get(number) is None for number in (*order.add_to, *order.remove_from)):
            message = "The reference target does not exist"
            errors.append(UserError(("files",), message, "REFERENCE_TARGET_DOES_NOT_EXIST"))
        elif any(
            len(shop.products[number].media) >= files.MAX_PRODUCT_MEDIA and number not in file.products
            for number in order.add_to
        ):
            message = "Product cannot have more than 250 media"
            errors.append(UserError(("files",), message, "PRODUCT_MEDIA_LIMIT_EXCEEDED"))
    return errors


def _filename_faults(file: File, filename: str) -> list[UserError]:
    if file.content_type not in ("IMAGE", "FILE"):
        message = "Updating the filename is only supported on images and generic files"
        return [UserError(("files",), message, "UNSUPPORTED_MEDIA_TYPE_FOR_FILENAME_UPDATE")]
    if filename.rpartition(".")[2].lower() != file.filename.rpartition(".")[2].lower():
        message = "The filename extension provided must match the original filename."
        return [UserError(("files",), message, "INVALID_FILENAME_EXTENSION")]
    return []


def delete_files(shop: Shop, wanted: Sequence[tuple[int, str]]) -> None:
    missing = [text for number, text in wanted if shop.files.get(number) is None]
    if missing:
        listed = ", ".join(f'"{text}"' for text in missing)
        plural = len(missing) > 1
        message = f"File id{'s' if plural else ''} [{listed}] {'do' if plural else 'does'} not exist."
        raise RefusedError(UserError(("fileIds",), message, "FILE_DOES_NOT_EXIST"))
    with shop.change() as change:
        for number in dict.fromkeys(number for number, _ in wanted):
            files.delete_file(shop, change, shop.files[number])

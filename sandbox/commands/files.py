"""Files: fetched from a URL, ready after a while, shown by products and variants."""

from hashlib import sha256
from urllib.parse import unquote, urlsplit

from sandbox.commands.specs import UNSET, FileSpec
from sandbox.ids import Gid, gid
from sandbox.store.change import Change
from sandbox.store.media import File
from sandbox.store.product import Product
from sandbox.store.shop import Shop

PROCESSING_AFTER = 0.5
READY_AFTER = 2.0
"""Seconds from a file's creation to its states PROCESSING and READY (or FAILED)."""

MAX_ALT = 512
MAX_PRODUCT_MEDIA = 250
FAILING = "media-fails"
"""A source address that contains this ends as FAILED: the sandbox fetches nothing, so the address has to
say so.
"""

_VIDEO_HOSTS = ("youtube.com", "youtu.be", "vimeo.com")
_EXTENSIONS = {
    "mp4": "VIDEO",
    "mov": "VIDEO",
    "webm": "VIDEO",
    "glb": "MODEL_3D",
    "usdz": "MODEL_3D",
    "pdf": "FILE",
}
KINDS = {
    "IMAGE": "MediaImage",
    "VIDEO": "Video",
    "EXTERNAL_VIDEO": "ExternalVideo",
    "MODEL_3D": "Model3d",
    "FILE": "GenericFile",
}


def file_gid(file: File) -> Gid:
    return gid(KINDS[file.content_type], file.id)


def status(shop: Shop, file: File) -> str:
    """UPLOADED, PROCESSING, READY or FAILED: at this moment of the shop's clock."""
    now = shop.clock.monotonic()
    if now < file.processing_from:
        return "UPLOADED"
    if now < file.ready_from:
        return "PROCESSING"
    return "FAILED" if file.fails else "READY"


def is_fetchable(source: str) -> bool:
    """An absolute http(s) address: whether anything answers there is not looked at."""
    try:
        parts = urlsplit(source.strip())
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in source.strip()


def content_type_of(source: str) -> str:
    """What Shopify takes a file for when nobody says: by its address."""
    try:
        parts = urlsplit(source.strip())
    except ValueError:
        return "IMAGE"
    if (parts.hostname or "").removeprefix("www.") in _VIDEO_HOSTS:
        return "EXTERNAL_VIDEO"
    return _EXTENSIONS.get(parts.path.rpartition(".")[2].lower(), "IMAGE")


def create_file(shop: Shop, change: Change, spec: FileSpec) -> File:
    """A file fetched from spec.original_source, which is_fetchable() has accepted."""
    source = (spec.original_source or "").strip()
    number = shop.ids.next()
    name = spec.filename or unquote(urlsplit(source).path.rpartition("/")[2]) or "file"
    now = shop.clock.monotonic()
    digest = sha256(source.encode()).digest()
    file = File(
        id=number,
        content_type=spec.content_type,
        original_source=source,
        filename=name,
        alt=spec.alt if isinstance(spec.alt, str) else "",
        created_at=change.now,
        updated_at=change.now,
        width=800 + 8 * digest[0],
        height=800 + 8 * digest[1],
        url=f"{shop.media_base}/cdn/files/{number}/{name}",
        processing_from=now + PROCESSING_AFTER,
        ready_from=now + READY_AFTER,
        fails=FAILING in source,
    )
    shop.files.add(file)
    return file


def set_alt(change: Change, file: File, alt: str) -> None:
    if file.alt != alt:
        file.alt = alt
        change.touch_file(file)


def attach(change: Change, product: Product, file: File) -> None:
    """Append to a product's media; nothing happens if the product shows it already."""
    if file.id not in {present.id for present in product.media}:
        product.media.append(file)
        file.products[product.id] = None
        change.touch_product(product)


def detach(change: Change, product: Product, file: File) -> None:
    """Take out of a product's media and from its variants; the file stays in the shop."""
    product.media.remove(file)
    file.products.pop(product.id, None)
    for variant in product.variants:
        if variant.media is file:
            variant.media = None
            change.touch_variant(variant)
    change.touch_product(product)


def delete_file(shop: Shop, change: Change, file: File) -> None:
    for number in list(file.products):
        detach(change, shop.products[number], file)
    shop.files.remove(file)


def replace_media(
    shop: Shop, change: Change, product: Product, specs: tuple[FileSpec, ...]
) -> dict[int, File]:
    """Make a product show exactly these, in this order: files by id, or new ones. By position in specs."""
    wanted: dict[int, File] = {}
    for index, spec in enumerate(specs):
        file = shop.files.get(spec.id)
        if file is None:
            file = create_file(shop, change, spec)
        elif isinstance(spec.alt, str):
            set_alt(change, file, spec.alt)
        wanted[index] = file
    order = list({file.id: file for file in wanted.values()}.values())
    if product.media != order:
        for file in [present for present in product.media if present not in order]:
            detach(change, product, file)
        for file in order:
            file.products[product.id] = None
        product.media = order
        change.touch_product(product)
    return wanted


def same_source(spec: FileSpec, other: FileSpec) -> bool:
    """Whether a variant's file is the one that stands in the product's list of files."""
    if spec.id is not None or other.id is not None:
        return spec.id == other.id
    return spec.original_source == other.original_source


def alt_too_long(spec: FileSpec) -> bool:
    return spec.alt is not UNSET and spec.alt is not None and len(spec.alt) > MAX_ALT

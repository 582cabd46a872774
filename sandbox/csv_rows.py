"""Reading Shopify's product CSV into drafts: the columns, their meaning, and why a row is refused.

The format is the one of Shopify's help page "Using CSV files to import and export products", in its older
spelling (Handle, Body (HTML), Variant SKU, …) and its newer one (URL handle, Description, SKU, …). A
product may take several rows that follow one another; its first row carries the product's own fields,
every row may carry one variant and one image.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from io import StringIO

from sandbox.csv_columns import (
    COLUMNS,
    FIELD_OF_HEADER,
    GRAMS_PER_UNIT,
    METAFIELD_HEADER,
    WEIGHT_UNITS,
    Row,
    RowError,
    decimal_of,
)
from sandbox.draft import ImageDraft, MetafieldDraft, ProductDraft, VariantDraft

MAX_FILE_BYTES = 15 * 1024 * 1024
MAX_VARIANTS = 2048
MAX_MEDIA = 250
MAX_GRAMS = Decimal(10) ** 12


class UnreadableFileError(ValueError):
    """The file as a whole cannot be imported; the message says why."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Rows that were not imported: the line that is wrong, the product's handle, the reason, how many rows
    it cost.
    """

    row: int
    handle: str
    reason: str
    rows: int


@dataclass(frozen=True, slots=True)
class ReadProduct:
    """A product as read: its draft, its first line, how many rows it took, and its quantities per variant
    (None: no number given).
    """

    draft: ProductDraft
    row: int
    rows: int
    quantities: tuple[int | None, ...]


@dataclass(slots=True)
class ReadFile:
    """What a file holds: `columns` are the known fields present, `ignored` the headers that mean nothing
    here.
    """

    columns: frozenset[str]
    ignored: tuple[str, ...]
    products: list[ReadProduct] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    rows: int = 0


def read(content: bytes) -> ReadFile:
    """Read a product CSV.

    Raises UnreadableFileError when it is too large, not UTF-8, not CSV, or has no Title column. Everything
    else is said per product in `refusals`; the other products go on.
    """
    if len(content) > MAX_FILE_BYTES:
        raise UnreadableFileError("The file is larger than 15 MB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFileError("The file is not encoded in UTF-8.") from error
    if "\0" in text:
        raise UnreadableFileError("The file is not a text file.")
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        names = [FIELD_OF_HEADER.get(cell.strip().casefold()) for cell in header]
        if "title" not in names:
            raise UnreadableFileError("The first line must name the columns, and Title must be one of them.")
        twice = {name for name in names if name is not None and names.count(name) > 1}
        if twice:
            raise UnreadableFileError(f"The column {COLUMNS[sorted(twice)[0]][0]} is there twice.")
        metafields = {
            index: match for index, cell in enumerate(header) if (match := METAFIELD_HEADER.search(cell))
        }
        ignored = tuple(
            cell for index, cell in enumerate(header) if names[index] is None and index not in metafields
        )
        result = ReadFile(frozenset(name for name in names if name), ignored)
        rows: list[Row] = []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            rows.append(
                Row(
                    reader.line_num,
                    {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name},
                    tuple(
                        MetafieldDraft(match[1], match[2], "single_line_text_field", cells[index].strip())
                        for index, match in metafields.items()
                        if index < len(cells) and cells[index].strip()
                    ),
                )
            )
    except csv.Error as error:
        raise UnreadableFileError(f"The file is not well-formed CSV: {error}.") from error
    result.rows = len(rows)
    seen: set[str] = set()
    for group in _groups(rows):
        handle = group[0].text("handle")
        try:
            if handle and handle in seen:
                reason = "The rows of one product must follow one another; this handle appeared further up."
                raise RowError(group[0].line, reason)
            seen.add(handle)
            result.products.append(_product(group))
        except RowError as refused:
            result.refusals.append(Refusal(refused.row, handle, refused.reason, len(group)))
    return result


def _groups(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows of one product: neighbours of equal handle; a row without handle but with a title stands for
    itself.
    """
    group: list[Row] = []
    for row in rows:
        handle = row.text("handle")
        continues = (
            bool(group) and handle == group[0].text("handle") and (handle != "" or row.text("title") == "")
        )
        if not continues and group:
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _product(group: Sequence[Row]) -> ReadProduct:
    first = group[0]
    if first.text("title") == "":
        raise RowError(first.line, "Title can't be blank")
    if len(first.text("title")) > 255:
        raise RowError(first.line, "Title is too long (maximum is 255 characters)")
    options = _option_names(first)
    images = _images(group)
    variants: list[VariantDraft] = []
    quantities: list[int | None] = []
    taken: set[tuple[str, ...]] = set()
    for row in group:
        if row is not first and not _is_variant(row):
            continue
        variant = _variant(row, options)
        if variant.option_values in taken:
            named = " / ".join(variant.option_values) or "Default Title"
            raise RowError(
                row.line, f"The variant '{named}' already exists. Please change at least one option value."
            )
        taken.add(variant.option_values)
        variants.append(variant)
        quantities.append(row.integer("quantity"))
        if variant.image and all(image.source != variant.image for image in images):
            images.append(ImageDraft(variant.image))
    if len(variants) > MAX_VARIANTS:
        raise RowError(
            first.line, f"A product has at most {MAX_VARIANTS} variants; this one has {len(variants)}."
        )
    if len(images) > MAX_MEDIA:
        raise RowError(first.line, f"A product has at most {MAX_MEDIA} media; this one has {len(images)}.")
    draft = ProductDraft(
        title=first.text("title"),
        variants=tuple(variants),
        handle=first.text("handle") or None,
        description_html=first.text("description"),
        vendor=first.text("vendor"),
        product_type=first.text("type"),
        tags=_tags(first.text("tags")),
        status=_status(first),
        published=first.flag("published", default=True),
        options=options,
        images=tuple(images),
        seo_title=first.text("seo_title") or None,
        seo_description=first.text("seo_description") or None,
        gift_card=first.flag("gift_card", default=False),
        metafields=first.metafields,
    )
    return ReadProduct(draft, first.line, len(group), tuple(quantities))


def _option_names(first: Row) -> tuple[str, ...]:
    """Names of the product's options; none for a product whose only option is Title with the value Default
    Title.
    """
    names: list[str] = []
    for number in (1, 2, 3):
        name, value = first.text(f"option{number}_name"), first.text(f"option{number}_value")
        if name == "" and value != "":
            raise RowError(first.line, f"Option{number} Value is given without Option{number} Name.")
        if name == "":
            continue
        if len(names) < number - 1:
            raise RowError(first.line, f"Option{number} Name is given, but not the one before it.")
        names.append(name)
    if len({name.casefold() for name in names}) < len(names):
        raise RowError(first.line, "Two options have the same name.")
    if names == ["Title"] and first.text("option1_value") in ("", "Default Title"):
        return ()
    return tuple(names)


_VARIANT_FIELDS = ("option1_value", "option2_value", "option3_value", "sku", "price", "barcode")


def _is_variant(row: Row) -> bool:
    return any(row.text(name) for name in _VARIANT_FIELDS)


def _variant(row: Row, options: Sequence[str]) -> VariantDraft:
    values = tuple(row.text(f"option{number}_value") for number in range(1, len(options) + 1))
    for name, value in zip(options, values, strict=True):
        if value == "":
            raise RowError(row.line, f"You need to add option values for {name}")
        if len(value) > 255:
            raise RowError(row.line, f"The value of the option {name} is longer than 255 characters.")
    service = row.text("fulfillment") or "manual"
    if service != "manual":
        raise RowError(row.line, f"Fulfillment service '{service}' does not exist in this shop.")
    policy = (row.text("policy") or "deny").upper()
    policy = {"TRUE": "CONTINUE", "FALSE": "DENY"}.get(policy, policy)
    if policy not in ("DENY", "CONTINUE"):
        raise RowError(row.line, f"Inventory policy must be deny or continue, not '{row.text('policy')}'")
    tracker = row.text("tracker")
    if tracker.casefold() not in ("", "shopify"):
        raise RowError(row.line, f"Inventory tracker '{tracker}' does not exist in this shop.")
    image = row.text("variant_image") or None
    if image is not None and not _is_address(image):
        raise RowError(row.line, "Image URL is invalid")
    weight, unit = _weight(row)
    return VariantDraft(
        option_values=values,
        sku=row.text("sku").removeprefix("'"),  # spreadsheets write it to keep leading zeros
        barcode=row.text("barcode").removeprefix("'"),
        price=row.money("price") or Decimal("0.00"),
        compare_at_price=row.money("compare_at"),
        cost=row.money("cost"),
        tracked=tracker != "",
        policy=policy,
        weight=weight,
        weight_unit=unit,
        requires_shipping=row.flag("requires_shipping", default=True),
        taxable=row.flag("taxable", default=True),
        tax_code=row.text("tax_code") or None,
        image=image,
    )


def _weight(row: Row) -> tuple[Decimal, str]:
    """The weight in its unit of display; the file says grams whatever that unit is."""
    unit_text = row.text("weight_unit").casefold() or "kg"
    unit = WEIGHT_UNITS.get(unit_text)
    if unit is None:
        raise RowError(row.line, f"Weight unit must be one of g, kg, oz, lb, not '{unit_text}'")
    grams = decimal_of(row.text("grams") or "0")
    if grams is None or not 0 <= grams < MAX_GRAMS:
        raise RowError(row.line, f"{COLUMNS['grams'][0]} is not a weight: '{row.text('grams')}'")
    return (grams / GRAMS_PER_UNIT[unit]).quantize(Decimal("0.0001")).normalize() + Decimal(0), unit


def _images(group: Sequence[Row]) -> list[ImageDraft]:
    """The product's images in order of their position; those without one come after, in order of the file."""
    placed: list[tuple[int, int, ImageDraft]] = []
    for index, row in enumerate(group):
        source = row.text("image")
        if source == "":
            continue
        if not _is_address(source):
            raise RowError(row.line, "Image URL is invalid")
        alt = row.text("image_alt")
        if len(alt) > 512:
            raise RowError(row.line, "The alt value exceeds the maximum limit of 512 characters.")
        position = row.integer("image_position")
        placed.append((position if position is not None else len(group) + 1, index, ImageDraft(source, alt)))
    return [image for _, _, image in sorted(placed, key=lambda entry: entry[:2])]


def _is_address(text: str) -> bool:
    return re.fullmatch(r"https?://[^\s/]+\S*", text) is not None


def _tags(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag.strip() for tag in text.split(",") if tag.strip()))


def _status(first: Row) -> str:
    status = (first.text("status") or "active").upper()
    if status not in ("ACTIVE", "DRAFT", "ARCHIVED", "UNLISTED"):
        raise RowError(
            first.line, f"Status must be active, draft, archived or unlisted, not '{first.text('status')}'"
        )
    return status

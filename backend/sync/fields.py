"""The values that a sync can write, one name each: what a change, a base and a hold call by `field`."""

from enum import IntEnum, StrEnum

from backend.sync.settings import DetailField, FieldGroup


class Lane(StrEnum):
    """Applied in this order: an oversold item costs more than a stale text."""

    STOCK = "STOCK"
    PRICE = "PRICE"
    DETAILS = "DETAILS"


class Field(StrEnum):
    """`key` of a change tells several values of one field apart: METAFIELD "namespace.key", STOCK the
    dependent's location id, MEDIA the dependent's media id (main's, where it is yet to be added); "" for all
    others."""

    PRODUCT = "PRODUCT"
    VARIANT = "VARIANT"
    OPTIONS = "OPTIONS"
    OPTION_ORDER = "OPTION_ORDER"
    TITLE = "TITLE"
    DESCRIPTION = "DESCRIPTION"
    VENDOR = "VENDOR"
    PRODUCT_TYPE = "PRODUCT_TYPE"
    CATEGORY = "CATEGORY"
    TAGS = "TAGS"
    STATUS = "STATUS"
    SEO_TITLE = "SEO_TITLE"
    SEO_DESCRIPTION = "SEO_DESCRIPTION"
    TEMPLATE_SUFFIX = "TEMPLATE_SUFFIX"
    HANDLE = "HANDLE"
    PRICE = "PRICE"
    COMPARE_AT_PRICE = "COMPARE_AT_PRICE"
    TRACKED = "TRACKED"
    STOCK = "STOCK"
    SKU = "SKU"
    BARCODE = "BARCODE"
    WEIGHT = "WEIGHT"
    TAXABLE = "TAXABLE"
    REQUIRES_SHIPPING = "REQUIRES_SHIPPING"
    INVENTORY_POLICY = "INVENTORY_POLICY"
    HS_CODE = "HS_CODE"
    COUNTRY_OF_ORIGIN = "COUNTRY_OF_ORIGIN"
    COST = "COST"
    METAFIELD = "METAFIELD"
    MEDIA = "MEDIA"
    MEDIA_ORDER = "MEDIA_ORDER"
    VARIANT_MEDIA = "VARIANT_MEDIA"
    VARIANT_ORDER = "VARIANT_ORDER"


_RANK = {field: rank for rank, field in enumerate(Field)}


def rank(field: Field) -> int:
    """Position in a changeset: structure before values, TRACKED before STOCK, media before what refers to
    it."""
    return _RANK[field]


class Level(IntEnum):
    PRODUCT = 0
    VARIANT = 1


PRODUCT_FIELDS: dict[Field, DetailField] = {
    Field.TITLE: DetailField.TITLE,
    Field.DESCRIPTION: DetailField.DESCRIPTION,
    Field.VENDOR: DetailField.VENDOR,
    Field.PRODUCT_TYPE: DetailField.PRODUCT_TYPE,
    Field.CATEGORY: DetailField.CATEGORY,
    Field.TAGS: DetailField.TAGS,
    Field.STATUS: DetailField.STATUS,
    Field.SEO_TITLE: DetailField.SEO,
    Field.SEO_DESCRIPTION: DetailField.SEO,
    Field.TEMPLATE_SUFFIX: DetailField.TEMPLATE_SUFFIX,
    Field.HANDLE: DetailField.HANDLE,
}
"""Scalar details of a product, written by productUpdate."""

VARIANT_FIELDS: dict[Field, DetailField] = {
    Field.SKU: DetailField.SKU,
    Field.BARCODE: DetailField.BARCODE,
    Field.WEIGHT: DetailField.WEIGHT,
    Field.TAXABLE: DetailField.TAXABLE,
    Field.REQUIRES_SHIPPING: DetailField.REQUIRES_SHIPPING,
    Field.TRACKED: DetailField.TRACKED,
    Field.INVENTORY_POLICY: DetailField.INVENTORY_POLICY,
    Field.HS_CODE: DetailField.HS_CODE,
    Field.COUNTRY_OF_ORIGIN: DetailField.COUNTRY_OF_ORIGIN,
    Field.COST: DetailField.COST,
}
"""Scalar details of a variant, written by productVariantsBulkUpdate."""


def group_of(field: Field) -> FieldGroup:
    match field:
        case Field.STOCK:
            return FieldGroup.QUANTITIES
        case Field.PRICE | Field.COMPARE_AT_PRICE:
            return FieldGroup.PRICES
        case _:
            return FieldGroup.DETAILS

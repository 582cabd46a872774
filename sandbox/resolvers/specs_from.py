"""GraphQL inputs, coerced, as what the commands are asked."""

from decimal import Decimal
from typing import Any

from sandbox.commands import files, metafields
from sandbox.commands.specs import (
    UNSET,
    Choice,
    FileSpec,
    ItemFields,
    MetafieldSpec,
    OptionSpec,
    ProductFields,
    QuantitySpec,
    ValueSpec,
    VariantFields,
    VariantSpec,
)
from sandbox.context import Call
from sandbox.failures import NotSimulatedError
from sandbox.ids import parse_gid
from sandbox.resolvers import lookup

_CATEGORY = "gid://shopify/TaxonomyCategory/"
_FILE_KINDS = ("MediaImage", "Video", "ExternalVideo", "Model3d", "GenericFile")
UNKNOWN = -1
"""Stands for an id that is none: nothing has it, so it is refused where it is looked up."""


def number(text: str | None, *kinds: str) -> int | None:
    """The number of an id; UNKNOWN for text that is no id of these kinds; None for no text."""
    if text is None:
        return None
    found = parse_gid(text, *kinds)
    return UNKNOWN if found is None else found


def known(text: str, *kinds: str) -> int:
    found = parse_gid(text, *kinds)
    return UNKNOWN if found is None else found


def _text(given: dict[str, Any], name: str) -> Any:
    """A text that null empties."""
    return (given[name] or "") if name in given else UNSET


def _any(given: dict[str, Any], name: str) -> Any:
    return given.get(name, UNSET)


def _set(given: dict[str, Any], name: str) -> Any:
    """A value that null leaves alone."""
    value = given.get(name)
    return UNSET if value is None else value


def demand_simulated(given: dict[str, Any], where: str, *names: str) -> None:
    """Inputs that would have an effect in a real shop and have none here are refused, never dropped."""
    for name in names:
        if given.get(name):
            raise NotSimulatedError(f"{where}.{name}")


def product_fields(given: dict[str, Any]) -> ProductFields:
    demand_simulated(
        given,
        "product input",
        "claimOwnership",
        "collections",
        "collectionsToJoin",
        "collectionsToLeave",
        "combinedListingRole",
        "deleteConflictingConstrainedMetafields",
        "productPublications",
        "publications",
        "publishDate",
        "publishOn",
        "published",
        "publishedAt",
    )
    category = given.get("category")
    if category is not None and not category.startswith(_CATEGORY):
        raise lookup.invalid(category)
    seo = given.get("seo") or {}
    return ProductFields(
        title=_text(given, "title"),
        handle=_text(given, "handle"),
        description_html=_text(given, "descriptionHtml"),
        vendor=_text(given, "vendor"),
        product_type=_text(given, "productType"),
        category=_any(given, "category"),
        status=_set(given, "status"),
        tags=tuple(given["tags"] or ()) if "tags" in given else UNSET,
        seo_title=(seo["title"] or None) if "title" in seo else UNSET,
        seo_description=(seo["description"] or None) if "description" in seo else UNSET,
        template_suffix=(given["templateSuffix"] or None) if "templateSuffix" in given else UNSET,
        gift_card=_set(given, "giftCard"),
        gift_card_template_suffix=_any(given, "giftCardTemplateSuffix"),
        requires_selling_plan=_set(given, "requiresSellingPlan"),
    )


def metafield_specs(ctx: Call, given: list[dict[str, Any]]) -> tuple[MetafieldSpec, ...]:
    return tuple(
        MetafieldSpec(
            key=entry.get("key") or "",
            value=entry.get("value") or "",
            namespace=metafields.app_namespace(entry.get("namespace"), ctx.app_id),
            type=entry.get("type"),
            id=number(entry.get("id"), "Metafield"),
        )
        for entry in given
    )


def option_specs(given: list[dict[str, Any]]) -> tuple[OptionSpec, ...]:
    for entry in given:
        demand_simulated(entry, "option input", "linkedMetafield")
    return tuple(
        OptionSpec(
            name=entry.get("name"),
            values=tuple(
                ValueSpec(value.get("name"), number(value.get("id"), "ProductOptionValue"))
                for value in entry.get("values") or ()
            ),
            id=number(entry.get("id"), "ProductOption"),
            position=entry.get("position"),
        )
        for entry in given
    )


def choices(given: list[dict[str, Any]]) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            option_name=entry.get("optionName"),
            value_name=entry.get("name"),
            option_id=number(entry.get("optionId"), "ProductOption"),
            value_id=number(entry.get("id"), "ProductOptionValue"),
        )
        for entry in given
    )


def file_spec(given: dict[str, Any]) -> FileSpec:
    return FileSpec(
        id=number(given.get("id"), *_FILE_KINDS),
        original_source=given.get("originalSource"),
        alt=(given["alt"] or "") if "alt" in given else UNSET,
        content_type=given.get("contentType")
        or given.get("mediaContentType")
        or files.content_type_of(given.get("originalSource") or ""),
        filename=given.get("filename"),
    )


def item_fields(given: dict[str, Any]) -> ItemFields:
    demand_simulated(given, "inventory item input", "countryHarmonizedSystemCodes")
    measurement = given.get("measurement") or {}
    demand_simulated(measurement, "measurement input", "shippingPackageId")
    weight = measurement.get("weight") or {}
    return ItemFields(
        sku=_any(given, "sku"),
        tracked=_set(given, "tracked"),
        requires_shipping=_set(given, "requiresShipping"),
        cost=_any(given, "cost"),
        weight=Decimal(str(weight["value"])) if weight else UNSET,
        weight_unit=weight["unit"] if weight else UNSET,
        harmonized_system_code=_any(given, "harmonizedSystemCode"),
        country_code_of_origin=_any(given, "countryCodeOfOrigin"),
        province_code_of_origin=_any(given, "provinceCodeOfOrigin"),
    )


def variant_spec(ctx: Call, given: dict[str, Any]) -> VariantSpec:
    """Of ProductVariantSetInput or ProductVariantsBulkInput, without its file."""
    demand_simulated(given, "variant input", "unitPriceMeasurement")
    item = given.get("inventoryItem")
    if given.get("sku") is not None:
        item = {**(item or {}), "sku": given["sku"]}
    return VariantSpec(
        choices=choices(given["optionValues"] or []) if "optionValues" in given else UNSET,
        fields=VariantFields(
            price=_set(given, "price"),
            compare_at_price=_any(given, "compareAtPrice"),
            barcode=_any(given, "barcode"),
            taxable=_set(given, "taxable"),
            tax_code=_any(given, "taxCode"),
            inventory_policy=_set(given, "inventoryPolicy"),
            requires_components=_set(given, "requiresComponents"),
            show_unit_price=_set(given, "showUnitPrice"),
        ),
        item=None if item is None else item_fields(item),
        id=number(given.get("id"), "ProductVariant"),
        position=given.get("position"),
        quantities=tuple(_quantity(entry) for entry in given.get("inventoryQuantities") or ()),
        metafields=metafield_specs(ctx, given["metafields"] or []) if "metafields" in given else UNSET,
    )


def _quantity(given: dict[str, Any]) -> QuantitySpec:
    return QuantitySpec(
        location_id=known(given["locationId"], "Location"),
        quantity=given["quantity"] if "quantity" in given else given["availableQuantity"],
        name=given.get("name", "available"),
    )

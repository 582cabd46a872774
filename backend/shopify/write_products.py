"""Writes products as a whole: their details, their options, their end."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from backend.errors import ErrorCode, RetryError, Unavailable
from backend.shopify import decode, inputs
from backend.shopify.answer import Answer, Receipt, user_errors
from backend.shopify.client import ShopClient
from backend.shopify.cost import PAGE
from backend.shopify.decode import decoding
from backend.shopify.documents import document
from backend.shopify.outcome import (
    Applied,
    Failed,
    Outcome,
    Stale,
    Unsent,
    WriteResult,
    complaints,
    interrupted,
    sign,
)
from backend.sync.catalog import Option, OptionValue, Product, ProductId, Variant, VariantId
from backend.sync.fields import Field
from backend.sync.fingerprint import Json
from backend.sync.values import PRODUCT_VALUES, option_values
from backend.sync.writes import (
    ChangeId,
    DeleteProduct,
    FieldValue,
    ReorderMedia,
    ReorderOptions,
    ReorderVariants,
    Restructure,
    UpdateProduct,
)

_UNREAD = ("options", "origin", "media", "metafields")
_READ_BACK: Mapping[str, frozenset[Field]] = {
    "description": frozenset({Field.DESCRIPTION}),
    "templateSuffix": frozenset({Field.TEMPLATE_SUFFIX}),
    "category": frozenset({Field.CATEGORY}),
    "seo": frozenset({Field.SEO_TITLE, Field.SEO_DESCRIPTION}),
}


async def update_product(client: ShopClient, write: UpdateProduct) -> WriteResult:
    """Shopify takes all values or none: one that it complains about is left out and the others are sent
    again."""
    outcomes: dict[ChangeId, Outcome] = {}
    receipts: dict[ChangeId, Receipt] = {}
    pending: Sequence[FieldValue] = write.values
    observed_at = client.clock.now()
    while pending:
        fields = {each.field for each in pending}
        flags = {flag: bool(of & fields) for flag, of in _READ_BACK.items()} | dict.fromkeys(_UNREAD, False)
        variables = {"product": inputs.product_update(write.product, pending)}
        try:
            answer = await client.query(document("UpdateProduct", flags), variables)
        except RetryError as error:
            if not outcomes:
                raise
            rest = interrupted(error)
            outcomes |= {each.change: rest for each in pending}
            break
        with decoding():
            payload = answer.data["productUpdate"]
            found = complaints(user_errors(payload))
        if not found:
            with decoding():
                read = decode.product(payload["product"])
            outcomes |= {each.change: Applied() for each in pending}
            values: dict[ChangeId, Json] = {each.change: PRODUCT_VALUES[each.field](read) for each in pending}
            sign(receipts, outcomes, answer)
            return WriteResult(outcomes, answer.observed_at, values, receipts=receipts)
        for one in found:
            field = inputs.field_at_fault(one.field)
            hit = [each for each in pending if each.field is field]
            outcomes |= {each.change: one.outcome for each in (hit or pending)}
        sign(receipts, outcomes, answer)
        pending = [each for each in pending if each.change not in outcomes]
    return WriteResult(outcomes, observed_at, receipts=receipts)


async def delete_product(client: ShopClient, write: DeleteProduct) -> WriteResult:
    """A product that is already gone is as good as deleted. One that Shopify is still busy with waits."""
    answer = await client.query(document("DeleteProduct"), {"id": write.product})
    with decoding():
        found = complaints(user_errors(answer.data["productDelete"]))
    outcome: Outcome = Applied()
    if found and not found[0].is_gone:
        outcome = found[0].outcome if found[0].field else Unsent()
    return _result(write.change, outcome, answer)


async def restructure(client: ShopClient, write: Restructure) -> WriteResult:
    """productSet replaces the whole list of variants: one that is not named would be deleted. So the product
    is read first, and where its variants are not those of the plan, nothing is written."""
    now = await structure(client, write.product)
    if now is None:
        gone = Failed(ErrorCode.GONE, "the product is gone")
        return WriteResult({write.change: gone}, client.clock.now())
    if {each.id for each in now.variants} != {each.variant for each in write.variants}:
        return WriteResult({write.change: Stale()}, client.clock.now())
    variables = {
        "identifier": {"id": write.product},
        "input": {
            "productOptions": inputs.options(write.options),
            "variants": [
                {"id": each.variant, "optionValues": inputs.option_values(each.options)}
                for each in write.variants
            ],
        },
    }
    answer = await client.query(document("Restructure"), variables)
    with decoding():
        payload = answer.data["productSet"]
        found = complaints(user_errors(payload))
    if found:
        return _result(write.change, found[0].outcome, answer)
    with decoding():
        product = payload["product"]
        answered, options = product["id"], [[each["name"], each["values"]] for each in product["options"]]
    if answered != write.product:
        wrong = Failed(ErrorCode.SHOPIFY_REFUSED, f"Shopify wrote {answered} instead", field=("identifier",))
        return _result(write.change, wrong, answer)
    variants: dict[str, Json] = {each.variant: option_values(each.options) for each in write.variants}
    value: Json = {"options": options, "variants": variants}
    return _result(write.change, Applied(), answer, {write.change: value})


async def structure(client: ShopClient, product: ProductId) -> Product | None:
    """Options, with values that no variant has as well, and all variants of a product, with nothing else;
    None when it is gone."""
    variants: list[Variant] = []
    after: str | None = None
    while True:
        answer = await client.query(document("Structure"), {"id": product, "first": PAGE, "after": after})
        with decoding():
            node = answer.data["product"]
            if node is None:
                if variants:
                    raise Unavailable("deleted while it was read")
                return None
            variants += [_with_options(each) for each in node["variants"]["nodes"]]
            info = node["variants"]["pageInfo"]
            after = info["endCursor"]
            if not info["hasNextPage"]:
                options = tuple(
                    Option(each["name"], tuple(value["name"] for value in each["optionValues"]))
                    for each in node["options"]
                )
                return Product(ProductId(node["id"]), options=options, variants=tuple(variants))


def _with_options(node: Any) -> Variant:
    chosen = tuple(OptionValue(each["name"], each["value"]) for each in node["selectedOptions"])
    return replace(decode.NO_VARIANT, id=VariantId(node["id"]), options=chosen)


async def reorder_options(client: ShopClient, write: ReorderOptions) -> WriteResult:
    """Shopify wants every option and value named, also one whose variants are all gone: what only this shop
    has goes after main's, in its old order."""
    now = await structure(client, write.product)
    if now is None:
        return WriteResult({write.change: Failed(ErrorCode.GONE, "the product is gone")}, client.clock.now())
    wanted = {each.name: each.values for each in write.options}
    names = [each.name for each in write.options]
    mine = {each.name: each.values for each in now.options}
    order = [name for name in names if name in mine] + [name for name in mine if name not in wanted]
    options = [
        Option(
            name,
            tuple(value for value in wanted.get(name, ()) if value in mine[name])
            + tuple(value for value in mine[name] if value not in wanted.get(name, ())),
        )
        for name in order
    ]
    variables = {"productId": write.product, "options": inputs.options(options)}
    return await _single(client, "ReorderOptions", variables, write.change)


async def reorder_variants(client: ShopClient, write: ReorderVariants) -> WriteResult:
    positions = [{"id": gid, "position": place} for place, gid in enumerate(write.variants, start=1)]
    variables = {"productId": write.product, "positions": positions}
    return await _single(client, "ReorderVariants", variables, write.change)


async def reorder_media(client: ShopClient, write: ReorderMedia) -> WriteResult:
    """Shopify moves media in a job of its own, in the order of the moves; positions start at 0 and are
    UInt64, which travel as text."""
    moves = [{"id": gid, "newPosition": str(place)} for place, gid in enumerate(write.media)]
    variables = {"id": write.product, "moves": moves}
    return await _single(client, "ReorderMedia", variables, write.change, errors="mediaUserErrors")


async def _single(
    client: ShopClient, name: str, variables: Mapping[str, Any], change: ChangeId, errors: str = "userErrors"
) -> WriteResult:
    """A mutation that carries out one change."""
    answer = await client.query(document(name), variables)
    with decoding():
        (payload,) = answer.data.values()
        found = complaints(user_errors(payload, errors))
    return _result(change, found[0].outcome if found else Applied(), answer)


def _result(
    change: ChangeId, outcome: Outcome, answer: Answer, values: Mapping[ChangeId, Json] = MappingProxyType({})
) -> WriteResult:
    return WriteResult({change: outcome}, answer.observed_at, values, receipts={change: answer.receipt})

"""Writes variants and metafields of existing products."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from backend.errors import ErrorCode, RetryError, Unavailable
from backend.shopify import decode
from backend.shopify.answer import Receipt, user_errors
from backend.shopify.client import ShopClient
from backend.shopify.decode import decoding
from backend.shopify.documents import document
from backend.shopify.inputs import bulk_variant, field_at_fault, variant_update
from backend.shopify.outcome import (
    Applied,
    Complaint,
    Failed,
    Outcome,
    Unsent,
    WriteResult,
    complaints,
    interrupted,
    sign,
)
from backend.shopify.pages import OwnedVariant
from backend.sync.catalog import Variant, VariantId
from backend.sync.fields import Field
from backend.sync.fingerprint import Json
from backend.sync.values import VARIANT_VALUES, metafield
from backend.sync.writes import (
    ChangeId,
    CreateVariants,
    DeleteMetafields,
    DeleteVariants,
    MetafieldEntry,
    NewVariant,
    SetMetafields,
    UpdateVariants,
    VariantValues,
)

T = TypeVar("T")

_OF_ITEM = frozenset(
    {Field.TRACKED, Field.REQUIRES_SHIPPING, Field.COST, Field.HS_CODE, Field.COUNTRY_OF_ORIGIN, Field.WEIGHT}
)


async def update_variants(client: ShopClient, write: UpdateVariants) -> WriteResult:
    """A variant of which Shopify refuses a value keeps all its old ones: it is sent again without that value,
    so that one bad barcode does not hold up a price."""
    outcomes: dict[ChangeId, Outcome] = {}
    values: dict[ChangeId, Json] = {}
    receipts: dict[ChangeId, Receipt] = {}
    observed_at = client.clock.now()
    pending: Sequence[VariantValues] = write.variants
    while pending:
        fields = {value.field for each in pending for value in each.values}
        flags = {"item": bool(fields & _OF_ITEM), "weight": Field.WEIGHT in fields}
        variables = {
            "productId": write.product,
            "variants": [variant_update(each.variant, each.values) for each in pending],
        }
        try:
            answer = await client.query(document("UpdateVariants", flags), variables)
        except RetryError as error:
            if not outcomes:
                raise
            rest = interrupted(error)
            outcomes |= {value.change: rest for each in pending for value in each.values}
            break
        with decoding():
            payload = answer.data["productVariantsBulkUpdate"]
            found = complaints(user_errors(payload))
            answered = {VariantId(node["id"]): node for node in payload["productVariants"] or ()}
        again: list[VariantValues] = []
        for index, each in enumerate(pending):
            mine = [one for one in found if one.index in (None, index)]
            if not mine and each.variant in answered:
                with decoding():
                    values |= _read_back(each, answered[each.variant])
                outcomes |= {value.change: Applied() for value in each.values}
            elif not mine:
                outcomes |= {value.change: Unsent() for value in each.values}
            else:
                refused, left = _refused(each, mine)
                outcomes |= refused
                if left.values:
                    again.append(left)
        sign(receipts, outcomes, answer)
        pending = again
    return WriteResult(outcomes, observed_at, values, receipts=receipts)


def _refused(
    variant: VariantValues, found: Iterable[Complaint]
) -> tuple[dict[ChangeId, Outcome], VariantValues]:
    """The outcomes of the values complained about, and the variant without them. A complaint that names no
    value is about all."""
    outcomes: dict[ChangeId, Outcome] = {}
    for each in found:
        field = field_at_fault(each.field)
        hit = [value for value in variant.values if value.field is field]
        outcomes |= {value.change: each.outcome for value in (hit or variant.values)}
    left = tuple(value for value in variant.values if value.change not in outcomes)
    return outcomes, replace(variant, values=left)


def _read_back(variant: VariantValues, node: dict[str, Any]) -> dict[ChangeId, Json]:
    # The inventory item is only asked for where a value of it was written.
    placeholder = {"id": "gid://shopify/InventoryItem/0", "tracked": False}
    read = decode.variant({**node, "inventoryItem": node.get("inventoryItem", placeholder)}, ())
    return {value.change: VARIANT_VALUES[value.field](read) for value in variant.values}


async def create_variants(client: ShopClient, write: CreateVariants) -> WriteResult:
    """All or nothing at Shopify: what it complains about is left out and the others are sent again."""
    outcomes: dict[ChangeId, Outcome] = {}
    receipts: dict[ChangeId, Receipt] = {}
    observed_at = client.clock.now()
    pending: Sequence[NewVariant] = write.variants
    while pending:
        variables = {
            "productId": write.product,
            "variants": [bulk_variant(each.variant) for each in pending],
        }
        try:
            answer = await client.query(document("CreateVariants"), variables)
        except RetryError as error:
            if not outcomes:
                raise
            rest = interrupted(error)
            outcomes |= {each.change: rest for each in pending}
            break
        with decoding():
            payload = answer.data["productVariantsBulkCreate"]
            found = complaints(user_errors(payload))
            nodes = payload["productVariants"] or []
        if not found:
            with decoding():
                made = [
                    _made(each.variant, node)
                    for each, node in zip(pending, _as_many(nodes, pending), strict=True)
                ]
            outcomes |= {each.change: Applied() for each in pending}
            sign(receipts, outcomes, answer)
            return WriteResult(
                outcomes,
                observed_at,
                created={new.variant.id: one.id for new, one in zip(pending, made, strict=True)},
                variants=tuple(OwnedVariant(write.product, one) for one in made),
                receipts=receipts,
            )
        refused = blamed(pending, found)
        outcomes |= {each.change: outcome for each, outcome in refused}
        sign(receipts, outcomes, answer)
        pending = [each for each in pending if each.change not in outcomes]
    return WriteResult(outcomes, observed_at, receipts=receipts)


def _made(wanted: Variant, node: dict[str, Any]) -> Variant:
    """The variant as answered, with what was sent and not answered: it costs points to ask."""
    return replace(
        decode.variant(node, ()),
        weight=wanted.weight,
        metafields=wanted.metafields,
        stock=dict(wanted.stock),
    )


async def delete_variants(client: ShopClient, write: DeleteVariants) -> WriteResult:
    """A variant that is already gone is as good as deleted."""
    outcomes: dict[ChangeId, Outcome] = {}
    receipts: dict[ChangeId, Receipt] = {}
    observed_at = client.clock.now()
    pending: Sequence[tuple[ChangeId, VariantId]] = write.variants
    while pending:
        variables = {"productId": write.product, "variantsIds": [variant for _, variant in pending]}
        try:
            answer = await client.query(document("DeleteVariants"), variables)
        except RetryError as error:
            if not outcomes:
                raise
            rest = interrupted(error)
            outcomes |= {change: rest for change, _ in pending}
            break
        with decoding():
            found = complaints(user_errors(answer.data["productVariantsBulkDelete"]))
        refused = blamed(pending, found) if found else [(each, Applied()) for each in pending]
        for (change, _), outcome in refused:
            gone = isinstance(outcome, Failed) and outcome.code is ErrorCode.GONE
            outcomes[change] = Applied() if gone else outcome
        sign(receipts, outcomes, answer)
        pending = [each for each in pending if each[0] not in outcomes]
    return WriteResult(outcomes, observed_at, receipts=receipts)


async def set_metafields(client: ShopClient, write: SetMetafields) -> WriteResult:
    """All or nothing at Shopify: what it complains about is left out and the others are sent again; a
    complaint that names none is narrowed down by halves."""
    outcomes: dict[ChangeId, Outcome] = {}
    values: dict[ChangeId, Json] = {}
    receipts: dict[ChangeId, Receipt] = {}
    observed_at = client.clock.now()
    batches: list[Sequence[MetafieldEntry]] = [write.entries]
    while batches:
        batch = batches.pop()
        inputs = [
            {
                "ownerId": each.owner,
                "namespace": each.namespace,
                "key": each.key,
                "type": each.type,
                "value": each.value,
            }
            for each in batch
        ]
        try:
            answer = await client.query(document("SetMetafields"), {"metafields": inputs})
        except RetryError as error:
            if not outcomes:
                raise
            rest = interrupted(error)
            outcomes |= {each.change: rest for one in (batch, *batches) for each in one}
            break
        with decoding():
            payload = answer.data["metafieldsSet"]
            found = complaints(user_errors(payload))
        if not found:
            with decoding():
                nodes = _as_many(payload["metafields"], batch)
                read = decode.metafields(nodes)
            outcomes |= {each.change: Applied() for each in batch}
            values |= {each.change: metafield(one) for each, one in zip(batch, read, strict=True)}
        elif all(each.index is None for each in found) and len(batch) > 1:
            half = len(batch) // 2
            batches += [batch[half:], batch[:half]]
        else:
            outcomes |= {each.change: outcome for each, outcome in blamed(batch, found)}
            if left := [each for each in batch if each.change not in outcomes]:
                batches.append(left)
        sign(receipts, outcomes, answer)
    return WriteResult(outcomes, observed_at, values, receipts=receipts)


async def delete_metafields(client: ShopClient, write: DeleteMetafields) -> WriteResult:
    """Metafields that are already gone are as good as deleted."""
    outcomes: dict[ChangeId, Outcome] = {}
    observed_at = client.clock.now()
    identifiers = [
        {"ownerId": each.owner, "namespace": each.namespace, "key": each.key} for each in write.entries
    ]
    answer = await client.query(document("DeleteMetafields"), {"metafields": identifiers})
    with decoding():
        found = complaints(user_errors(answer.data["metafieldsDelete"]))
    outcomes |= {each.change: Unsent() if found else Applied() for each in write.entries}
    outcomes |= {each.change: outcome for each, outcome in blamed(write.entries, found)}
    removed: dict[ChangeId, Json] = {each.change: None for each in write.entries if not found}
    receipts = dict.fromkeys(outcomes, answer.receipt)
    return WriteResult(outcomes, observed_at, removed, receipts=receipts)


def blamed(items: Sequence[T], found: Sequence[Complaint]) -> list[tuple[T, Outcome]]:
    """The items that complaints are about, by index; all of them where one has no index that fits."""
    if any(each.index is None or each.index >= len(items) for each in found):
        return [(item, found[0].outcome) for item in items]
    return [(items[each.index], each.outcome) for each in reversed(found) if each.index is not None]


def _as_many(nodes: Any, wanted: Sequence[object]) -> list[Any]:
    """Payloads answer in the order of the input. Another number of them can't be told apart."""
    if not isinstance(nodes, list) or len(nodes) != len(wanted):
        raise Unavailable("Shopify answers another number of objects than were written")
    return nodes

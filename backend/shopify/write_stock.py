"""Writes stock: quantities by compare-and-set, or adjusted by deltas, each batch under an idempotency key."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from backend.errors import RetryError
from backend.shopify.answer import THROTTLED_SECONDS, Answer, IdempotencySpent, Receipt, user_errors
from backend.shopify.client import ShopClient
from backend.shopify.decode import decoding
from backend.shopify.documents import document
from backend.shopify.outcome import Applied, Complaint, Outcome, Stale, Unsent, WriteResult, complaints
from backend.sync.writes import AdjustEntry, AdjustStock, ChangeId, SetStock, StockEntry

_STALE = frozenset({"CHANGE_FROM_QUANTITY_STALE", "COMPARE_QUANTITY_STALE"})
_SPENT = frozenset({"IDEMPOTENCY_KEY_PARAMETER_MISMATCH", "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED"})
_PASSING = frozenset({"IDEMPOTENCY_CONCURRENT_REQUEST", "SERVICE_UNAVAILABLE", "ADJUST_QUANTITIES_FAILED"})
_NOT_STOCKED = "ITEM_NOT_STOCKED_AT_LOCATION"


@dataclass(frozen=True, slots=True)
class _Batch:
    """One call of a mutation that writes all its rows or none; `field` is the mutation's."""

    operation: str
    field: str
    entries: tuple[StockEntry, ...] | tuple[AdjustEntry, ...]
    variables: Mapping[str, Any]


async def set_stock(client: ShopClient, write: SetStock, key: UUID) -> WriteResult:
    """One stale row makes Shopify refuse the whole call: that row is `Stale`, the others `Unsent`; the caller
    sends them as a new batch under a new key. The same write under the same key is answered as the first
    time.

    Up to API 2026-07 an item must be stocked at a location before it can have a quantity there: such rows are
    activated and the call is sent once more, under a key derived from `key`.
    """
    quantities = [
        {
            "inventoryItemId": entry.inventory_item,
            "locationId": entry.location,
            "quantity": entry.quantity,
            "changeFromQuantity": entry.change_from,
        }
        for entry in write.entries
    ]
    given = {"name": "available", "reason": "correction", "quantities": quantities}
    batch = _Batch("SetStock", "inventorySetQuantities", write.entries, {"input": given})
    outcomes, answer = await _run(client, batch, key)
    return WriteResult(
        outcomes=outcomes,
        observed_at=client.clock.now(),
        values={
            entry.change: entry.quantity
            for entry in write.entries
            if isinstance(outcomes[entry.change], Applied)
        },
        receipts=_receipts(outcomes, answer),
    )


async def adjust_stock(client: ShopClient, write: AdjustStock, key: UUID) -> WriteResult:
    """Adds the deltas, whatever the quantities are. The same write under the same key has effect once, for as
    long as Shopify keeps the key: 24 hours. All else is as with `set_stock`; without a comparison nothing is
    ever stale, and a change is `Stale` only where its key is spent.

    No values are answered: what a delta came to in the meantime is for the next read to tell.
    """
    changes = [
        {
            "inventoryItemId": entry.inventory_item,
            "locationId": entry.location,
            "delta": entry.delta,
            "changeFromQuantity": None,
        }
        for entry in write.entries
    ]
    given = {"name": "available", "reason": "correction", "changes": changes}
    batch = _Batch("AdjustStock", "inventoryAdjustQuantities", write.entries, {"input": given})
    outcomes, answer = await _run(client, batch, key)
    return WriteResult(outcomes, client.clock.now(), receipts=_receipts(outcomes, answer))


def _receipts(outcomes: Mapping[ChangeId, Outcome], answer: Answer | None) -> dict[ChangeId, Receipt]:
    return {} if answer is None else dict.fromkeys(outcomes, answer.receipt)


async def _run(client: ShopClient, batch: _Batch, key: UUID) -> tuple[dict[ChangeId, Outcome], Answer | None]:
    answer, found = await _send(client, batch, key)
    missing = [
        each.index
        for each in found
        if each.code == _NOT_STOCKED and each.index is not None and each.index < len(batch.entries)
    ]
    for index in missing:
        await _activate(client, batch.entries[index], key)
    if missing and len(missing) == len(found):
        answer, found = await _send(client, batch, uuid5(key, "activated"))
        missing = []
    with decoding():
        applied = answer is not None and answer.data[batch.field]["inventoryAdjustmentGroup"]
    outcomes = _outcomes(batch, found, applied=bool(applied) or not found, spent=answer is None)
    # They are stocked now; it is others that keep this call from running.
    return outcomes | {batch.entries[index].change: Unsent() for index in missing}, answer


def _outcomes(
    batch: _Batch, found: tuple[Complaint, ...], *, applied: bool, spent: bool
) -> dict[ChangeId, Outcome]:
    """`applied`: Shopify wrote what it did not complain about. `spent`: the key was used up by something
    else, so nothing is known."""
    if spent:
        return {entry.change: Stale() for entry in batch.entries}
    about_all = next((each for each in found if each.index is None), None)
    rest: Outcome = Applied() if applied else Unsent()
    if about_all is not None and not applied:
        rest = about_all.outcome
    outcomes: dict[ChangeId, Outcome] = {entry.change: rest for entry in batch.entries}
    for each in found:
        if each.index is not None and each.index < len(batch.entries):
            stale = each.code in _STALE
            outcomes[batch.entries[each.index].change] = Stale() if stale else each.outcome
    return outcomes


async def _send(client: ShopClient, batch: _Batch, key: UUID) -> tuple[Answer | None, tuple[Complaint, ...]]:
    """The answer and its complaints; no answer where the key is spent."""
    try:
        answer = await client.query(document(batch.operation), batch.variables, idempotency_key=str(key))
    except IdempotencySpent:
        return None, ()
    with decoding():
        found = complaints(user_errors(answer.data[batch.field]))
    codes = {each.code for each in found}
    if codes & _PASSING:
        raise RetryError("Shopify asks to come back with this key", after=THROTTLED_SECONDS)
    if codes & _SPENT:
        return None, ()
    return answer, found


async def _activate(client: ShopClient, entry: StockEntry | AdjustEntry, key: UUID) -> None:
    """Stock an item at a location, at 0. What Shopify refuses here, it refuses again in the quantities' call,
    with a code."""
    variables = {"inventoryItemId": entry.inventory_item, "locationId": entry.location}
    own_key = uuid5(key, f"{entry.inventory_item} {entry.location}")
    try:
        await client.query(document("ActivateStock"), variables, idempotency_key=str(own_key))
    except IdempotencySpent:
        return

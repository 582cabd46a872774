"""Writes stock: inventorySetQuantities with compare-and-set, under an idempotency key."""

from uuid import UUID, uuid5

from backend.errors import RetryError
from backend.shopify.answer import THROTTLED_SECONDS, Answer, IdempotencySpent, user_errors
from backend.shopify.client import ShopClient
from backend.shopify.decode import decoding
from backend.shopify.documents import document
from backend.shopify.outcome import Applied, Complaint, Outcome, Stale, Unsent, WriteResult, complaints
from backend.sync.writes import ChangeId, SetStock, StockEntry

_STALE = frozenset({"CHANGE_FROM_QUANTITY_STALE", "COMPARE_QUANTITY_STALE"})
_SPENT = frozenset({"IDEMPOTENCY_KEY_PARAMETER_MISMATCH", "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED"})
_NOT_STOCKED = "ITEM_NOT_STOCKED_AT_LOCATION"


async def set_stock(client: ShopClient, write: SetStock, key: UUID) -> WriteResult:
    """One stale row makes Shopify refuse the whole call: that row is `Stale`, the others `Unsent`; the caller
    sends them as a new batch under a new key. The same write under the same key is answered as the first
    time.

    Up to API 2026-07 an item must be stocked at a location before it can have a quantity there: such rows are
    activated and the call is sent once more, under a key derived from `key`.
    """
    answer, found = await _send(client, write, key)
    missing = [each.index for each in found if each.code == _NOT_STOCKED and each.index is not None]
    if missing and len(missing) == len(found):
        for index in missing:
            await _activate(client, write.entries[index], key)
        answer, found = await _send(client, write, uuid5(key, "activated"))
    with decoding():
        applied = answer is not None and answer.data["inventorySetQuantities"]["inventoryAdjustmentGroup"]
    outcomes = _outcomes(write, found, applied=bool(applied) or not found, spent=answer is None)
    return WriteResult(
        outcomes=outcomes,
        observed_at=client.clock.now() if answer is None else answer.observed_at,
        values={
            entry.change: entry.quantity
            for entry in write.entries
            if isinstance(outcomes[entry.change], Applied)
        },
    )


def _outcomes(
    write: SetStock, found: tuple[Complaint, ...], *, applied: bool, spent: bool
) -> dict[ChangeId, Outcome]:
    """`applied`: Shopify wrote what it did not complain about. `spent`: the key was used up by something
    else, so nothing is known."""
    if spent:
        return {entry.change: Stale() for entry in write.entries}
    about_all = next((each for each in found if each.index is None), None)
    rest: Outcome = Applied() if applied else Unsent()
    if about_all is not None and not applied:
        rest = about_all.outcome
    outcomes: dict[ChangeId, Outcome] = {entry.change: rest for entry in write.entries}
    for each in found:
        if each.index is not None and each.index < len(write.entries):
            stale = each.code in _STALE
            outcomes[write.entries[each.index].change] = Stale() if stale else each.outcome
    return outcomes


async def _send(
    client: ShopClient, write: SetStock, key: UUID
) -> tuple[Answer | None, tuple[Complaint, ...]]:
    """The answer and its complaints; no answer where the key is spent."""
    variables = {
        "input": {
            "name": "available",
            "reason": "correction",
            "quantities": [
                {
                    "inventoryItemId": entry.inventory_item,
                    "locationId": entry.location,
                    "quantity": entry.quantity,
                    "changeFromQuantity": entry.change_from,
                }
                for entry in write.entries
            ],
        }
    }
    try:
        answer = await client.query(document("SetStock"), variables, idempotency_key=str(key))
    except IdempotencySpent:
        return None, ()
    with decoding():
        found = complaints(user_errors(answer.data["inventorySetQuantities"]))
    codes = {each.code for each in found}
    if "IDEMPOTENCY_CONCURRENT_REQUEST" in codes:
        raise RetryError("Shopify still works on this key", after=THROTTLED_SECONDS)
    if codes & _SPENT:
        return None, ()
    return answer, found


async def _activate(client: ShopClient, entry: StockEntry, key: UUID) -> None:
    """Stock an item at a location, at 0. What Shopify refuses here, it refuses again in the quantities' call,
    with a code."""
    variables = {"inventoryItemId": entry.inventory_item, "locationId": entry.location}
    own_key = uuid5(key, f"{entry.inventory_item} {entry.location}")
    try:
        await client.query(document("ActivateStock"), variables, idempotency_key=str(own_key))
    except IdempotencySpent:
        return

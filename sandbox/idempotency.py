"""@idempotent: which mutations demand it, and what was answered to a key before.

Shopify keeps keys for 24 hours; since 2026-04 the mutations listed here refuse to run without one
(shopify.dev, "Implementing idempotent requests").
"""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from graphql import FieldNode, VariableNode

from sandbox.context import Call
from sandbox.failures import FieldError
from sandbox.plan import Args
from sandbox.store.app import RememberedAnswer

KEPT = 24 * 3600.0
REQUIRED = frozenset(
    {
        "appUsageRecordCreate", "inventoryActivate", "inventoryAdjustQuantities", "inventoryMoveQuantities",
        "inventorySetOnHandQuantities", "inventorySetQuantities", "inventoryShipmentAddItems",
        "inventoryShipmentCreate", "inventoryShipmentCreateInTransit", "inventoryShipmentReceive",
        "inventoryTransferCreate", "inventoryTransferCreateAsReadyToShip", "inventoryTransferDuplicate",
        "inventoryTransferSetItems", "locationActivate", "locationDeactivate", "orderCreateMandatePayment",
        "refundCreate", "subscriptionBillingAttemptCreate",
    }
)  # fmt: skip
_MISMATCH = "The same idempotency key cannot be used with different operation parameters."
_FAILED = "A previous request with this idempotency key failed. Retry with a new idempotency key."


def key_of(node: FieldNode, variables: dict[str, Any]) -> str | None:
    """The key of a field's @idempotent directive; None without the directive."""
    for directive in node.directives or ():
        if directive.name.value == "idempotent":
            for argument in directive.arguments or ():
                value = argument.value
                if isinstance(value, VariableNode):
                    found = variables.get(value.name.value)
                    return None if found is None else str(found)
                return str(getattr(value, "value", ""))
    return None


def run_once(
    mutation: str, key: str | None, args: Args, ctx: Call, run: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Run, or give the answer that the key was given before. FieldError where a demanded key is missing."""
    if mutation not in REQUIRED:
        return run()
    if not key:
        message = "The @idempotent directive is required for this mutation but was not provided."
        raise FieldError(message, "BAD_REQUEST")
    answers = ctx.shop.answers
    now = ctx.shop.clock.monotonic()
    while answers and next(iter(answers.values())).expires_at <= now:
        del answers[next(iter(answers))]
    fingerprint = sha256(json.dumps(args, sort_keys=True, default=str).encode()).hexdigest()
    place = (ctx.installation.app.client_id, mutation, key)
    known = answers.get(place)
    if known is not None:
        if known.fingerprint != fingerprint:
            return refusal(_MISMATCH, "IDEMPOTENCY_KEY_PARAMETER_MISMATCH")
        return known.answer
    failed = RememberedAnswer(
        fingerprint, refusal(_FAILED, "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED"), now + KEPT
    )
    answers[place] = failed
    answer = run()
    answers[place] = RememberedAnswer(fingerprint, answer, now + KEPT)
    return answer


class Refusal(dict[str, Any]):
    """A payload of nothing but errors, whatever its fields are called."""

    def __missing__(self, key: str) -> None:
        return None


def refusal(message: str, code: str) -> Refusal:
    return Refusal(userErrors=[{"field": None, "message": message, "code": code}])

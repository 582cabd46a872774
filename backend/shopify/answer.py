"""From an HTTP answer of Shopify to data or to an error that knows its remedy. Pure: no network in here.

An answer with any GraphQL error never yields its data: a field that is null because of an error must not be
taken for something that does not exist.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

from backend.errors import (
    AccessLost,
    AppError,
    ErrorCode,
    FatalError,
    InvalidRequest,
    RetryError,
    Throttled,
    Unavailable,
)
from backend.shopify import json_text
from backend.shopify.bucket import NOTHING_KNOWN, Spent, ThrottleStatus

SUPPORTED_VERSIONS = ("2026-10", "2026-07")
# shopify.dev suggests a second after a throttled request that tells no more.
THROTTLED_SECONDS = 1.0


class TooCostly(InvalidRequest):
    """The requested cost is above what one query may cost: a smaller page helps, waiting does not."""


class IdempotencySpent(FatalError):  # noqa: N818
    """Shopify will not run this idempotency key again: its first attempt failed, or had another body."""

    code = ErrorCode.CHANGED_MEANWHILE


@dataclass(frozen=True, slots=True)
class Cost:
    """Points; `actual` is None where the request did not run."""

    requested: int
    actual: int | None
    status: ThrottleStatus | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """That Shopify answered a request: `operation` is what ran there (a mutation's name, in Shopify's words),
    `request_id` Shopify's own name of the request, "" where it told none."""

    operation: str
    request_id: str
    points: int
    sent_at: datetime
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """`observed_at` is when the request began: what it shows is at least that new."""

    data: Mapping[str, Any]
    cost: Cost | None
    version: str
    observed_at: datetime
    answered_at: datetime
    request_id: str = ""

    @property
    def receipt(self) -> Receipt:
        points = 0 if self.cost is None else self.cost.actual or 0
        return Receipt(next(iter(self.data), ""), self.request_id, points, self.observed_at, self.answered_at)


def status_error(status: int, headers: Mapping[str, str], now: datetime) -> AppError | None:
    """The error that an HTTP status stands for; None for 200."""
    after = retry_after(headers.get("retry-after"), now)
    match status:
        case 200:
            return None
        case 401:
            return AccessLost("Shopify does not accept the access token")
        case 402 | 423:
            return AccessLost("Shopify has frozen or locked the shop")
        case 403:
            return AccessLost("Shopify refuses access to the shop")
        case 404:
            return AccessLost("Shopify knows no such shop")
        case 429:
            return Throttled("Shopify answers 429", after=after if after is not None else THROTTLED_SECONDS)
        case 408 | 425 | 430:
            return Unavailable(f"Shopify answers {status}", after=after)
        case _ if status >= 500 or 200 < status < 400:
            return Unavailable(f"Shopify answers {status}", after=after)
        case _:
            return InvalidRequest(f"Shopify answers {status}")


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds from a Retry-After header, which holds seconds or a date; None if it is missing or
    senseless."""
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            return None
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = (aware - now).total_seconds()
    return max(0.0, seconds) if math.isfinite(seconds) else None


def parse_body(body: bytes) -> Mapping[str, Any]:
    """The JSON object of a GraphQL answer. Raises `Unavailable`: an HTML page, half a body or none at all is
    what a proxy answers in Shopify's place, or a connection that broke."""
    try:
        parsed = json_text.loads(body)
    except orjson.JSONDecodeError:
        raise Unavailable(f"Shopify's answer of {len(body)} bytes is no JSON") from None
    if not isinstance(parsed, dict):
        raise Unavailable("Shopify's answer is no JSON object")
    return parsed


def cost_of(body: Mapping[str, Any]) -> Cost | None:
    """`extensions.cost`, or None where it is missing or malformed."""
    extensions = body.get("extensions")
    cost = extensions.get("cost") if isinstance(extensions, dict) else None
    if not isinstance(cost, dict):
        return None
    try:
        actual = cost.get("actualQueryCost")
        return Cost(
            requested=math.ceil(cost["requestedQueryCost"]),
            actual=None if actual is None else math.ceil(actual),
            status=_status(cost.get("throttleStatus")),
        )
    except (KeyError, TypeError, ValueError):
        return None


def spent(cost: Cost | None) -> Spent:
    """What an answer tells of the bucket. A request that did not run cost nothing."""
    if cost is None or cost.status is None:
        return NOTHING_KNOWN
    return Spent(actual=float(cost.actual or 0), status=cost.status)


def _status(value: Any) -> ThrottleStatus | None:
    if not isinstance(value, dict):
        return None
    status = ThrottleStatus(
        maximum=float(value["maximumAvailable"]),
        available=float(value["currentlyAvailable"]),
        rate=float(value["restoreRate"]),
    )
    return status if status.maximum > 0 and status.rate > 0 else None


def data_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The data of an answer without errors. Raises what the errors stand for."""
    errors = body.get("errors")
    if errors:
        raise graphql_error(errors, cost_of(body))
    data = body.get("data")
    if not isinstance(data, dict):
        raise Unavailable("Shopify's answer has neither data nor errors")
    return data


def graphql_error(errors: Any, cost: Cost | None) -> AppError:
    """The gravest of the errors of one answer: the one that waiting helps least."""
    if not isinstance(errors, list) or not all(isinstance(each, dict) for each in errors):
        return Unavailable(f"Shopify answers errors without a structure: {str(errors)[:200]}")
    sorted_errors = [_one_error(each, cost) for each in errors]
    return max(sorted_errors, key=_gravity)


def _gravity(error: AppError) -> int:
    match error:
        case AccessLost():
            return 4
        case TooCostly():
            return 3
        case FatalError():
            return 2
        case Throttled():
            return 1
        case _:
            return 0


def _one_error(error: Mapping[str, Any], cost: Cost | None) -> AppError:
    extensions = error.get("extensions")
    code = extensions.get("code") if isinstance(extensions, dict) else None
    message = str(error.get("message", ""))[:500]
    match code:
        case "THROTTLED":
            return Throttled("Shopify's bucket is empty", after=seconds_to_refill(cost))
        case "MAX_COST_EXCEEDED":
            return TooCostly(message)
        case "ACCESS_DENIED":
            return AccessLost(message, code=ErrorCode.SCOPE_MISSING)
        case "SHOP_INACTIVE" | "UNAUTHORIZED" | "FORBIDDEN":
            return AccessLost(message)
        case "IDEMPOTENCY_CONCURRENT_REQUEST":
            return RetryError(message, code=ErrorCode.SHOPIFY_UNAVAILABLE, after=THROTTLED_SECONDS)
        case "IDEMPOTENCY_KEY_PARAMETER_MISMATCH" | "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED":
            return IdempotencySpent(message)
        case "INTERNAL_SERVER_ERROR" | "TIMEOUT" | "SERVICE_UNAVAILABLE" | None:
            return Unavailable(f"Shopify answers an error: {message}")
        case _:
            return InvalidRequest(f"{code}: {message}")


def seconds_to_refill(cost: Cost | None) -> float:
    """How long until the refused cost fits, by the figures of the refusal itself."""
    if cost is None or cost.status is None:
        return THROTTLED_SECONDS
    missing = min(cost.requested, cost.status.maximum) - cost.status.available
    return max(missing / cost.status.rate, 0.1)


def user_errors(payload: Mapping[str, Any], name: str = "userErrors") -> Sequence[Mapping[str, Any]]:
    """The userErrors of a mutation's payload. Raises `Unavailable` when the payload is not what was asked
    for."""
    errors = payload.get(name)
    if not isinstance(errors, list) or not all(isinstance(each, dict) for each in errors):
        raise Unavailable("Shopify's payload has no userErrors")
    return errors

"""The arithmetic of Shopify's leaky bucket, as pure functions of `now`.

Shopify keeps one bucket per app and shop. Before a request runs, its requested cost must fit; what it did not
use comes back after. So a request reserves its requested cost here before it is sent and settles with the
level that Shopify answers. What others have reserved and Shopify may not have charged yet is held back from
that level: too little is corrected by the next answer, too much would be a THROTTLED.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import NewType

ReservationId = NewType("ReservationId", int)

# A fifth of the bucket's level is out of reach for background work, so that a person never waits behind a
# full sync.
KEPT_FOR_PEOPLE = 0.2
RESERVATION_SECONDS = 30.0


class Priority(IntEnum):
    BACKGROUND = 0
    LIVE = 1
    INTERACTIVE = 2


@dataclass(frozen=True, slots=True)
class ThrottleStatus:
    """Shopify's `extensions.cost.throttleStatus`: points, points, points per second."""

    maximum: float
    available: float
    rate: float


@dataclass(frozen=True, slots=True)
class Reservation:
    id: ReservationId
    cost: float
    expires: float


@dataclass(frozen=True, slots=True)
class Bucket:
    """`level` is what may still be reserved at time `at`, in points. `status` is None until Shopify has told
    the size: then a single request at a time goes through as a probe."""

    level: float = 0.0
    at: float = 0.0
    maximum: float | None = None
    rate: float = 0.0
    reservations: Mapping[ReservationId, Reservation] = field(default_factory=dict)
    next_id: int = 1


def forward(bucket: Bucket, now: float) -> Bucket:
    """The bucket at `now`: refilled, without the reservations that expired (their points stay spent)."""
    reservations = {key: each for key, each in bucket.reservations.items() if each.expires > now}
    level = bucket.level
    if bucket.maximum is not None:
        level = min(bucket.maximum, level + max(0.0, now - bucket.at) * bucket.rate)
    return replace(bucket, level=level, at=max(now, bucket.at), reservations=reservations)


def _needed(maximum: float, cost: float, priority: Priority) -> float:
    """The level at which `cost` may be reserved; never above a full bucket, or it would wait for ever."""
    kept = maximum * KEPT_FOR_PEOPLE if priority is Priority.BACKGROUND else 0.0
    return min(maximum, cost + kept)


def seconds_until(bucket: Bucket, cost: float, priority: Priority, now: float) -> float:
    """How long until `cost` points may be reserved: 0 when now. With an unknown size, until the probe is back
    or given up."""
    current = forward(bucket, now)
    if current.maximum is None:
        return max((each.expires - now for each in current.reservations.values()), default=0.0)
    missing = _needed(current.maximum, cost, priority) - current.level
    # The remainder of a float subtraction is not worth a sleep.
    if missing <= 1e-6:
        return 0.0
    return missing / current.rate if current.rate > 0 else RESERVATION_SECONDS


def reserve(bucket: Bucket, cost: float, now: float) -> tuple[Bucket, Reservation]:
    """Take `cost` points out. The caller has seen `seconds_until` answer 0."""
    current = forward(bucket, now)
    reservation = Reservation(ReservationId(current.next_id), cost, now + RESERVATION_SECONDS)
    return (
        replace(
            current,
            level=current.level - cost,
            reservations={**current.reservations, reservation.id: reservation},
            next_id=current.next_id + 1,
        ),
        reservation,
    )


def settle(bucket: Bucket, reservation: Reservation, status: ThrottleStatus | None, now: float) -> Bucket:
    """The request is over. `status` is what Shopify answered; None (no answer, or none with a cost) leaves
    the points spent, because they may be."""
    current = forward(bucket, now)
    others = {key: each for key, each in current.reservations.items() if key != reservation.id}
    if status is None:
        return replace(current, reservations=others)
    outstanding = sum(each.cost for each in others.values())
    return replace(
        current,
        maximum=status.maximum,
        rate=status.rate,
        level=min(status.maximum, status.available) - outstanding,
        reservations=others,
    )


def release(bucket: Bucket, reservation: Reservation, now: float) -> Bucket:
    """The request was never sent: its points come back."""
    current = forward(bucket, now)
    if reservation.id not in current.reservations:
        return current
    others = {key: each for key, each in current.reservations.items() if key != reservation.id}
    level = current.level + reservation.cost
    return replace(
        current,
        level=level if current.maximum is None else min(current.maximum, level),
        reservations=others,
    )

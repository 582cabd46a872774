"""The arithmetic of Shopify's leaky bucket, as pure functions of `now`; `bucket.lua` is the same for a bucket
that many processes share.

Shopify keeps one bucket per app and shop. Before a request runs, its requested cost must fit; what it did not
use comes back after. So a request reserves its requested cost here before it is sent, and settles with what
Shopify answers. The account kept here is exact while this app alone spends; where something else does, or an
answer is lost, the levels that Shopify answers put it right.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import NewType

ReservationId = NewType("ReservationId", str)

# A fifth of the bucket's level is out of reach for background work, so that a person never waits behind a
# full sync.
KEPT_FOR_PEOPLE = 0.2
RESERVATION_SECONDS = 30.0
# Whoever waits asks again at least this often, and loses the place in the queue some time after not asking.
AGAIN_SECONDS = 0.5
PLACE_SECONDS = 2.5
# How soon to ask again whether the bucket's size is known.
PROBED_SECONDS = 0.1


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
class Spent:
    """What the answer to a request tells of the bucket. `actual` is what it cost, None where nobody knows:
    then all that was reserved stays spent. `closed_for` is how many seconds Shopify wants no request."""

    actual: float | None = None
    status: ThrottleStatus | None = None
    closed_for: float = 0.0


NOTHING_KNOWN = Spent()


@dataclass(frozen=True, slots=True)
class Reservation:
    """`before` is what the bucket's settled requests had cost when this one was reserved."""

    id: ReservationId
    cost: float
    expires: float
    before: float = 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """In the queue: a higher priority goes first, then the earlier `turn`."""

    cost: float
    priority: Priority
    turn: int
    expires: float


@dataclass(frozen=True, slots=True)
class Bucket:
    """`level` is what may still be reserved at time `at`, in points. `maximum` is None until Shopify has told
    the size: then a single request at a time goes through as a probe. `spent` adds up what settled requests
    have cost; until `closed_until` nothing goes through."""

    level: float = 0.0
    at: float = 0.0
    maximum: float | None = None
    rate: float = 0.0
    spent: float = 0.0
    closed_until: float = 0.0
    reservations: Mapping[ReservationId, Reservation] = field(default_factory=dict)
    queue: Mapping[ReservationId, Place] = field(default_factory=dict)
    turns: int = 0


def forward(bucket: Bucket, now: float) -> Bucket:
    """The bucket at `now`: refilled, without the reservations that expired (their points stay spent).

    The clocks of several machines disagree a little: the latest counts. A bucket from much later than `now`
    was filled by a clock that has been put right since: it is forgotten.
    """
    if bucket.at > now + RESERVATION_SECONDS:
        return Bucket(at=now)
    now = max(now, bucket.at)
    expired = sum(each.cost for each in bucket.reservations.values() if each.expires <= now)
    reservations = {key: each for key, each in bucket.reservations.items() if each.expires > now}
    level = bucket.level
    if bucket.maximum is not None:
        # Shopify's bucket may be full still: what is on the way to it does not refill there.
        most = bucket.maximum - sum(each.cost for each in reservations.values())
        level = min(most, level + (now - bucket.at) * bucket.rate)
    return replace(
        bucket,
        level=level,
        at=now,
        spent=bucket.spent + expired,
        reservations=reservations,
        queue={key: each for key, each in bucket.queue.items() if each.expires > now},
    )


def reserve(
    bucket: Bucket, who: ReservationId, cost: float, priority: Priority, patience: float, now: float
) -> tuple[Bucket, float]:
    """Take `cost` points out, or say how many seconds later to ask again; 0 where they are taken.

    Asking again for a reservation that is there changes nothing. Whoever has to wait no longer than
    `patience` seconds gets a place in the queue, and keeps it by asking again within `PLACE_SECONDS`.
    """
    current = forward(bucket, now)
    if who in current.reservations:
        return current, 0.0
    wait = seconds_until(current, who, cost, priority, patience)
    place = current.queue.get(who)
    queue = {key: each for key, each in current.queue.items() if key != who}
    if wait <= 0:
        reservation = Reservation(who, cost, current.at + RESERVATION_SECONDS, current.spent)
        reservations = {**current.reservations, who: reservation}
        level = current.level - cost
        return replace(current, level=level, reservations=reservations, queue=queue), 0.0
    if wait > patience:
        return replace(current, queue=queue), wait
    turn = current.turns if place is None else place.turn
    queue[who] = Place(cost, priority, turn, current.at + PLACE_SECONDS)
    turns = current.turns + 1 if place is None else current.turns
    return replace(current, queue=queue, turns=turns), wait


def seconds_until(
    current: Bucket, who: ReservationId, cost: float, priority: Priority, patience: float
) -> float:
    """How long after its own time the bucket holds `cost` for this one, by all that is known; no more than a
    little where its size is not known yet and `patience` allows to ask again."""
    closed = current.closed_until - current.at
    if current.maximum is None:
        wait = max((each.expires - current.at for each in current.reservations.values()), default=0.0)
        probed = min(PROBED_SECONDS, patience) if patience > 0 else PROBED_SECONDS
        return max(min(wait, probed), closed, 0.0)
    missing = _needed(current.maximum, cost, priority) + _ahead(current, who, priority) - current.level
    # The remainder of a float subtraction is not worth a sleep.
    wait = missing / current.rate if missing > 1e-6 else 0.0
    return max(wait, closed, 0.0)


def _needed(maximum: float, cost: float, priority: Priority) -> float:
    """The level at which `cost` may be reserved; never above a full bucket, or it would wait for ever."""
    kept = maximum * KEPT_FOR_PEOPLE if priority is Priority.BACKGROUND else 0.0
    return min(maximum, cost + kept)


def _ahead(current: Bucket, who: ReservationId, priority: Priority) -> float:
    """The points that others in the queue get first."""
    own = current.queue.get(who)
    turn = current.turns if own is None else own.turn
    return sum(
        each.cost
        for key, each in current.queue.items()
        if key != who and (each.priority > priority or (each.priority == priority and each.turn < turn))
    )


def settle(bucket: Bucket, reservation: Reservation, spent: Spent, now: float) -> Bucket:
    """The request is over.

    What it did not use comes back. Answers overtake each other, so a level that Shopify answers only says
    what the account may be: not more than that, and not less than that without what others have reserved or
    spent while this request was under way.
    """
    current = forward(bucket, now)
    held = reservation.id in current.reservations
    others = {key: each for key, each in current.reservations.items() if key != reservation.id}
    actual = reservation.cost if spent.actual is None else spent.actual
    level = current.level + reservation.cost - actual if held else current.level
    maximum, rate = current.maximum, current.rate
    if spent.status is not None:
        most = min(spent.status.maximum, spent.status.available)
        outstanding = sum(each.cost for each in others.values())
        least = most - outstanding - max(0.0, current.spent - reservation.before)
        level = least if maximum is None else min(most, max(least, level))
        maximum, rate = spent.status.maximum, spent.status.rate
    return replace(
        current,
        level=level,
        maximum=maximum,
        rate=rate,
        spent=current.spent + (actual if held else 0.0),
        closed_until=max(current.closed_until, current.at + spent.closed_for),
        reservations=others,
    )


def release(bucket: Bucket, reservation: Reservation, now: float) -> Bucket:
    """The request was never sent: its points come back."""
    return settle(bucket, reservation, Spent(actual=0.0), now)


def status(bucket: Bucket, now: float) -> ThrottleStatus | None:
    """The bucket as it is believed to be; None while its size is unknown."""
    current = forward(bucket, now)
    if current.maximum is None:
        return None
    return ThrottleStatus(current.maximum, max(0.0, current.level), current.rate)

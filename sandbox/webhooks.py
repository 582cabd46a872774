"""Webhooks: what happens in a shop, told to the apps that have subscribed to it.

A Dispatcher listens to every shop of a sandbox. An event becomes one delivery for each subscription: its
payload is made at once and stays the same, however late it arrives or however often it is tried. Deliveries
travel side by side, so their order is not kept.

    dispatcher = Dispatcher(sandbox)      # create_app() makes one: app.state.server.webhooks
    dispatcher.start(http)                # in a running event loop; without a client it makes its own
    await dispatcher.idle()               # until nothing is under way
    await dispatcher.stop()

`dispatcher.fate` decides what becomes of a delivery on its way, by default as the sandbox's fault plan says:
it is called once for each, with the Delivery, and answers when it sets out: `[Planned()]` at once, `[]`
never, `[Planned(0), Planned(30)]` twice with the same webhook id, `[Planned(5)]` late and so behind those
that come after it.

Rules from shopify.dev, "Webhooks: delivery": a second to connect and five in all, anything but 2xx is a
failure, eight retries over four hours, each later than the one before; then a subscription made through the
API is deleted, one from the app's configuration file stays.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import perf_counter
from uuid import uuid4

import httpx
import orjson

from sandbox.faults_webhooks import delays
from sandbox.store.app import Installation
from sandbox.store.change import Event
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop
from sandbox.store.subscription import Subscription
from sandbox.webhook_delivery import Attempt, Delivery, State, headers_of
from sandbox.webhook_payloads import Payload, payload_of, selected, shop_redact
from sandbox.webhook_topics import AFTER_UNINSTALLING, allowed

RETRY_AFTER = (56, 113, 226, 452, 904, 1807, 3614, 7228)
"""Seconds from a failure to the next try: doubling, four hours in all."""
REDACT_AFTER = timedelta(hours=48)
"""From the uninstallation to shop/redact."""
REMEMBERED = 100
"""Deliveries of a shop that can be looked at."""
_ENDED = (State.DELIVERED, State.FAILED, State.DROPPED, State.CANCELED)


@dataclass(frozen=True, slots=True)
class Limits:
    """Timeouts are of real time: they are about input and output, which no virtual clock moves."""

    connect_seconds: float = 1.0
    total_seconds: float = 5.0
    keep_alive_seconds: float = 2.0
    """Shorter than servers keep idle connections, so that none is used that is just being closed."""
    at_once: int = 25
    """Deliveries of one shop to one app: what one shop has to tell does not keep the others waiting."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One journey of a delivery: when it sets out, on the sandbox's clock."""

    delay_seconds: float = 0.0


Fate = Callable[[Delivery], Sequence[Planned]]


def by_fault_plan(sandbox: Sandbox) -> Fate:
    """At once, but for what the sandbox's fault plan has in store."""

    def fate(delivery: Delivery) -> Sequence[Planned]:
        if sandbox.faults is None:
            return (Planned(),)
        return [Planned(delay) for delay in delays(sandbox.faults, delivery.shop.domain, delivery.topic)]

    return fate


class Dispatcher:
    def __init__(self, sandbox: Sandbox, limits: Limits | None = None) -> None:
        self.fate: Fate = by_fault_plan(sandbox)
        self.retry_factor = 1.0
        """Of the pauses before retries: less than 1 where nobody can wait for hours."""
        self._sandbox = sandbox
        self._limits = limits or Limits()
        self._http: httpx.AsyncClient | None = None
        self._owned: httpx.AsyncClient | None = None
        self._slots: dict[tuple[str, str], asyncio.Semaphore] = {}
        self._tasks: dict[asyncio.Task[None], Delivery] = {}
        self._redactions: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._counts: Counter[State] = Counter()
        self._recent: dict[str, deque[Delivery]] = {}
        self._ended = asyncio.Event()
        self._open = asyncio.Event()
        self._open.set()
        self._action: tuple[int, int, str] = (0, 0, "")

    @property
    def paused(self) -> bool:
        return not self._open.is_set()

    @property
    def counts(self) -> dict[str, int]:
        """How many deliveries are in each state, since the start."""
        return {state.value: self._counts[state] for state in State}

    def recent(self, shop: Shop) -> list[Delivery]:
        """The shop's last deliveries, the newest first."""
        return list(reversed(self._recent.get(shop.domain, ())))

    def start(self, http: httpx.AsyncClient | None = None) -> None:
        """Deliver from now on. A client that is given stays its owner's, and so do its timeouts."""
        if self._http is not None:
            return
        if http is None:
            timeout = httpx.Timeout(self._limits.total_seconds, connect=self._limits.connect_seconds)
            limits = httpx.Limits(
                max_connections=None,
                max_keepalive_connections=self._limits.at_once,
                keepalive_expiry=self._limits.keep_alive_seconds,
            )
            http = self._owned = httpx.AsyncClient(timeout=timeout, limits=limits, trust_env=False)
        self._http = http
        self._sandbox.listeners.append(self._notice)

    async def stop(self) -> None:
        """End everything at once; what has not arrived is lost."""
        if self._http is None:
            return
        self._sandbox.listeners.remove(self._notice)
        tasks = [*self._tasks, *self._redactions.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._redactions.clear()
        for state in (State.WAITING, State.SENDING, State.RETRYING):
            self._counts[State.CANCELED] += self._counts.pop(state, 0)
        self._ended.set()
        if self._owned is not None:
            await self._owned.aclose()
        self._http = self._owned = None

    def pause(self) -> None:
        """Let nothing set out; what is under way goes on."""
        self._open.clear()

    def resume(self) -> None:
        self._open.set()

    async def idle(self, *, retries: bool = True) -> None:
        """Until no delivery waits or is under way; those that wait for a retry do not count without
        `retries`.
        """
        while self._busy(retries):
            self._ended.clear()
            await self._ended.wait()

    def redeliver(self, delivery: Delivery) -> None:
        """Once more, with the same ids and the same body, as after an answer that was lost."""
        self._set_out(delivery, (Planned(),))

    def _busy(self, retries: bool) -> bool:
        waiting = self._counts[State.WAITING] + self._counts[State.SENDING]
        return bool(waiting + (self._counts[State.RETRYING] if retries else 0))

    def _notice(self, shop: Shop, event: Event) -> None:
        """Deliveries for everybody who has subscribed to the event's topic and may know."""
        for client, installation in list(shop.installations.items()):
            if event.client_id in (None, client):
                if event.topic == "app/uninstalled":
                    self._give_up(installation)
                    self._redact_later(shop, installation)
                subscriptions = _subscribed(installation, event.topic)
                if subscriptions:
                    payload, event_id = payload_of(shop, event), self._event_id(shop)
                    for subscription in subscriptions:
                        self._tell(shop, installation, subscription, payload, event_id)

    def _tell(
        self,
        shop: Shop,
        installation: Installation,
        subscription: Subscription,
        payload: Payload,
        event_id: str,
    ) -> None:
        delivery = Delivery(
            shop=shop,
            installation=installation,
            subscription=subscription,
            webhook_id=str(uuid4()),
            event_id=event_id,
            triggered_at=self._sandbox.clock.now(),
            body=orjson.dumps(selected(payload, subscription.include_fields)),
        )
        self._set_out(delivery, self.fate(delivery))

    def _event_id(self, shop: Shop) -> str:
        """One for everything that a change of the shop sets off."""
        number, revision, known = self._action
        if (number, revision) != (shop.id, shop.revision):
            known = str(uuid4())
            self._action = (shop.id, shop.revision, known)
        return known

    def _set_out(self, delivery: Delivery, plans: Sequence[Planned]) -> None:
        remembered = self._recent.setdefault(delivery.shop.domain, deque(maxlen=REMEMBERED))
        if not plans:
            delivery.state = State.DROPPED
            self._counts[State.DROPPED] += 1
            remembered.append(delivery)
        for plan in plans:
            copy = replace(delivery, state=State.WAITING, attempts=[], next_attempt_at=None)
            self._counts[State.WAITING] += 1
            remembered.append(copy)
            task = asyncio.get_running_loop().create_task(self._carry(copy, plan.delay_seconds))
            self._tasks[task] = copy
            task.add_done_callback(self._tasks.pop)

    async def _carry(self, delivery: Delivery, delay: float) -> None:
        """A delivery's way from setting out to its end, even if an app in this process fails loudly."""
        end = State.CANCELED
        try:
            end = await self._travel(delivery, delay)
        finally:
            self._move(delivery, end)
        if end is State.FAILED:
            delivery.installation.subscriptions.pop(delivery.subscription.id, None)

    async def _travel(self, delivery: Delivery, delay: float) -> State:
        if delay > 0:
            await self._sandbox.clock.sleep(delay)
        state = await self._attempt(delivery)
        for seconds in RETRY_AFTER:
            if state is not State.FAILED:
                break
            pause = seconds * self.retry_factor
            self._move(delivery, State.RETRYING)
            delivery.next_attempt_at = self._sandbox.clock.now() + timedelta(seconds=pause)
            await self._sandbox.clock.sleep(pause)
            delivery.next_attempt_at = None
            self._move(delivery, State.WAITING)
            state = await self._attempt(delivery)
        return state

    async def _attempt(self, delivery: Delivery) -> State:
        """DELIVERED, FAILED, or CANCELED when nobody is to know any more."""
        route = delivery.shop.domain, delivery.installation.app.client_id
        slots = self._slots.setdefault(route, asyncio.Semaphore(self._limits.at_once))
        async with slots:
            await self._open.wait()
            if not _is_wanted(delivery):
                return State.CANCELED
            self._move(delivery, State.SENDING)
            attempt = await self._post(delivery)
            delivery.attempts.append(attempt)
        arrived = attempt.status is not None and 200 <= attempt.status < 300
        return State.DELIVERED if arrived else State.FAILED

    async def _post(self, delivery: Delivery) -> Attempt:
        at, start = self._sandbox.clock.now(), perf_counter()
        if self._http is None:
            return Attempt(at, None, "stopped", 0.0)
        status, error = None, None
        try:
            async with asyncio.timeout(self._limits.total_seconds):
                answer = await self._http.post(
                    delivery.subscription.uri,
                    content=delivery.body,
                    headers=headers_of(delivery),
                    follow_redirects=False,
                )
            status = answer.status_code
        except (TimeoutError, httpx.TimeoutException):
            error = "no answer in time"
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as failure:
            error = type(failure).__name__
        return Attempt(at, status, error, perf_counter() - start)

    def _move(self, delivery: Delivery, state: State) -> None:
        self._counts[delivery.state] -= 1
        self._counts[state] += 1
        delivery.state = state
        if state in _ENDED or state is State.RETRYING:
            self._ended.set()

    def _give_up(self, installation: Installation) -> None:
        """End what waits for a retry to an app that goes."""
        for task, delivery in self._tasks.items():
            if delivery.installation is installation and delivery.state is State.RETRYING:
                task.cancel()

    def _redact_later(self, shop: Shop, installation: Installation) -> None:
        """shop/redact in two days, unless the app comes back before."""
        subscriptions = [one for one in installation.app.subscriptions if one.topic == "shop/redact"]
        if not subscriptions:
            return
        due = self._sandbox.clock.now() + REDACT_AFTER
        key = (shop.domain, installation.app.client_id)
        earlier = self._redactions.pop(key, None)
        if earlier is not None:
            earlier.cancel()
        task = asyncio.get_running_loop().create_task(self._redact(shop, installation, subscriptions, due))
        self._redactions[key] = task

    async def _redact(
        self, shop: Shop, installation: Installation, subscriptions: list[Subscription], due: datetime
    ) -> None:
        await self._sandbox.clock.sleep((due - self._sandbox.clock.now()).total_seconds())
        self._redactions.pop((shop.domain, installation.app.client_id), None)
        if installation.app.client_id not in shop.installations:
            event_id = str(uuid4())
            for subscription in subscriptions:
                self._tell(shop, installation, subscription, shop_redact(shop), event_id)


def _subscribed(installation: Installation, topic: str) -> list[Subscription]:
    found = [one for one in installation.app.subscriptions if one.topic == topic]
    found += [one for one in installation.subscriptions.values() if one.topic == topic]
    return found if found and allowed(topic, installation.scopes) else []


def _is_wanted(delivery: Delivery) -> bool:
    """Whether the app is still there and still asks for it."""
    installation, subscription = delivery.installation, delivery.subscription
    if subscription.topic in AFTER_UNINSTALLING:
        return True
    if delivery.shop.installations.get(installation.app.client_id) is not installation:
        return False
    return subscription in installation.app.subscriptions or subscription.id in installation.subscriptions

"""Rounds of chaos: a storm, quiet, judgement. A round that fails says how to see it again."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import redis

from dev.stack import Stack
from tests.chaos.control import RETRY, SYNC, Sandbox
from tests.chaos.effects import idle_calls, written
from tests.chaos.family import Family
from tests.chaos.faults import BULK
from tests.chaos.judge import drafted, judge, judge_effects
from tests.chaos.report import Report
from tests.chaos.story import Blow, Call, Deed, Edit, Round, Step, draw, first_of_story
from tests.chaos.truth import Truth

PATIENCE = float(os.environ.get("CHAOS_PATIENCE", "150"))
"""Seconds until a family that has nothing to fear any more has to be quiet."""
PRODUCTS = 32
# Small shops that are read, and created, in bulk as large ones are.
SMALL_BULK = {
    "BULK_START_SECONDS": "0",
    "BULK_SLICE_OBJECTS": "20-1000",
    "BULK_CREATION_LINES": "2-250",
}
_AFTER_GRACE_MINUTES = 11
# How long a storm waits for the faults that were planned, while there is anything to do.
_TO_STRIKE_SECONDS = 30.0
_REDIS = "valkey"
_OPENINGS = 4
_DEFECTS = ("plan failed", "look failed", "routine failed", "Traceback (most recent call last)")

Say = Callable[[str], None]


class ChaosError(AssertionError):
    """Something is not as it should be; the message has everything that one needs to see it again."""


class Chaos:
    """The whole product with everything that can go wrong; `with` it, then `play`."""

    def __init__(self, home: Path, seed: int, say: Say, *, products: int = PRODUCTS) -> None:
        self.report = Report([seed])
        self._home = home
        self._seed = seed
        self._say = say
        self._products = products
        self._told: list[str] = []
        self._read: dict[str, int] = {}
        self._down: set[str] = set()
        self._exit = ExitStack()
        self._family: Family | None = None
        self._families = 0

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            self.stack = opened.enter_context(Stack(self._home, scenario="empty", environ=SMALL_BULK))
            self.truth = Truth(self.stack.urls.database)
            opened.callback(self.truth.close)
            self.sandbox = opened.enter_context(Sandbox(self.stack.urls.sandbox, self.stack.urls.app))
            self.sandbox.hasten()
            self._exit = opened.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._exit.close()

    def begin_anew(self, seed: int) -> None:
        """The next round is told by another seed, and in new shops."""
        self._seed = seed
        self.report.seeds.append(seed)
        if self._family is not None:
            self._family.end()
            self._family = None

    def play(self, number: int) -> None:
        """Round `number`, counted from 1, with the shops that the rounds before it have left.

        Raises ChaosError, after which the next story begins with new shops.
        """
        if self._family is None or first_of_story(number) == number:
            self._new_story(number)
        story = draw(self._seed, number)
        began = time.monotonic()
        self._told = [f"faults: {', '.join(story.faults) or 'none'}"]
        try:
            self._round(story)
        except (AssertionError, httpx.HTTPError) as error:
            self.report.failed_rounds.append(number)
            self._abandon()
            raise ChaosError(self._explained(number, str(error) or repr(error))) from error
        finally:
            self.report.rounds += 1
        quiet = self.report.quiet_seconds[-1]
        took = time.monotonic() - began
        self._say(f"round {number}: {len(story.steps)} steps, quiet after {quiet:.1f} s; {took:.1f} s")

    def _new_story(self, number: int) -> None:
        first = first_of_story(number)
        if self._family is not None:
            self._family.end()
        self._families += 1
        name = f"c{self._seed}-{first}-{self._families}"
        began = time.monotonic()
        self._told = [f"the shops {name}-… are made"]
        self._family = Family.make(self.sandbox, name, self._seed + first, self._products)
        self._wait_until_quiet()
        self.truth.ask_all()
        self._wait_until_quiet()
        self.sandbox.mark("round")
        self._family.begin()
        self._demand(judge(self._family, mark="round", strictly=True))
        self.report.stories += 1
        self._say(f"shops {name}-… in step after {time.monotonic() - began:.1f} s")

    def _abandon(self) -> None:
        """What went wrong in these shops must not spoil the next."""
        with suppress(AssertionError, httpx.HTTPError):
            self.sandbox.end_faults()
        self._all_up()
        for handle in self.family.handles:
            self.sandbox.reopen(handle)
        with suppress(AssertionError, httpx.HTTPError):
            self.family.end()
        self._family = None

    @property
    def family(self) -> Family:
        assert self._family is not None
        return self._family

    def _round(self, story: Round) -> None:
        self.sandbox.mark("round")
        self.family.begin()
        self.family.missed_events |= not story.is_told_of_all
        self._storm(story)
        began = time.monotonic()
        self._wait_until_quiet()
        if story.lost:
            self._open_what_was_lost(story)
        if not story.is_told_of_all:
            self.truth.ask_all()
            self._wait_until_quiet()
        if story.lost:
            self._open_what_was_lost(story)
        if self.family.undone:
            self.family.release()
            self._wait_until_quiet()
        self.report.quiet_seconds.append(time.monotonic() - began)
        self._take_up_what_was_set_aside(story)
        self._demand([f"a connection stays suspended: {each}" for each in self.truth.suspended()])
        self._compare(story)
        if self.family.sold:
            self.sandbox.persist(self.family.main, SYNC)
            self._wait_until_quiet()
            self._demand(judge(self.family, mark="round", strictly=True))
        if self.family.gone and first_of_story(story.number + 1) == story.number + 1:
            self.truth.let_pass(_AFTER_GRACE_MINUTES)
            self._wait_until_quiet()
            if drafted(self.family):
                if not self.family.missed_events:
                    self._demand(drafted(self.family))
                self._check_all_links()
                self.truth.let_pass(_AFTER_GRACE_MINUTES)
                self._wait_until_quiet()
                self._demand(drafted(self.family))
        self._judge_effects(story)
        self._demand([*self.truth.stuck(), *self._defects()])

    def _compare(self, story: Round) -> None:
        """Where no event was lost everything is equal by itself, else when all links have been checked."""
        wrong = judge(self.family, mark="round", strictly=False)
        if not wrong:
            return
        self._told += [f"before the check: {line}" for line in wrong]
        self._check_all_links()
        self._demand(judge(self.family, mark="round", strictly=False))
        self.report.needed_check.append(story.number)
        if not story.loses_webhooks:
            self._demand(["no event was lost, and yet only a check made equal:", *wrong])

    def _judge_effects(self, story: Round) -> None:
        entries = self.family.written()
        self.report.values += written(entries)
        idle = idle_calls(entries)
        self.report.idle_calls += idle
        if story.is_calm and idle:
            self._told.append(f"mutations that changed nothing: {dict(idle)}")
        self._demand(judge_effects(self.family, entries))

    def _storm(self, story: Round) -> None:
        if story.rules:
            self.sandbox.begin_faults(story.seed * 1000 + story.number, self.family.handles, story.rules)
        began = time.monotonic()
        for step in story.steps:
            while time.monotonic() - began < step.at:
                time.sleep(0.01)
            told = self._do(step, story)
            self._told.append(f"{step}: {told}")
        self._all_up()
        if story.rules:
            self._let_strike(story)
            self.report.struck(self.sandbox.end_faults()["rules"])

    def _let_strike(self, story: Round) -> None:
        """The storm goes on until each fault that was planned has struck, or nothing is left to be done."""
        deadline = time.monotonic() + _TO_STRIKE_SECONDS
        asked = BULK not in story.faults
        while time.monotonic() < deadline:
            idle = not self.truth.left() and self.sandbox.deliveries()[0]
            if all(rule["struck"] for rule in self.sandbox.faults()):
                return
            if idle and self.truth.suspended():
                self._open(story)
            elif idle and asked:
                return
            elif idle:
                self.sandbox.attempt(self.family.main, SYNC)
                asked = True
            time.sleep(0.1)

    def _open_what_was_lost(self, story: Round) -> None:
        """People open the app again wherever it says that it has no access, until it has."""
        for _ in range(_OPENINGS):
            if not self.truth.suspended():
                return
            self._open(story)
            self._wait_until_quiet()

    def _open(self, story: Round) -> str:
        self.truth.age_tokens()
        opened = [handle for handle in self.family.at(story.lost) if self.sandbox.reopen(handle)]
        self.truth.try_again()
        return ", ".join(opened) or "nobody answers"

    def _do(self, step: Step, story: Round) -> str:
        match step.deed:
            case Edit():
                self.report.edits[step.deed.value] += 1
                return self.family.edit(step)
            case Call.OPEN:
                self.report.calls[step.deed.value] += 1
                return self._open(story)
            case Call():
                self.report.calls[step.deed.value] += 1
                return self.family.call(step)
            case _:
                self.report.blows[step.deed.value] += 1
                return self._strike(step.deed, step.size)

    def _strike(self, blow: Deed, size: int) -> str:
        """What was killed comes back at once, or at the end of the storm."""
        match blow:
            case Blow.REDIS_FLUSHED:
                with suppress(redis.ConnectionError), redis.Redis.from_url(self.stack.urls.redis) as client:
                    client.flushall()
                return "empty"
            case Blow.POSTGRES:
                self._stop_postgres()
                self._up("postgres")
                return "back"
            case Blow.REDIS_KILLED:
                name = _REDIS
            case _:
                name = blow.value.removeprefix("SIGKILL ")
        self.stack.kill(name)
        self._down.add(name)
        if size % 3 == 0:
            return "stays away"
        self._up(name)
        return "back"

    def _stop_postgres(self) -> None:
        """As a crash: no checkpoint, every connection broken."""
        child = self.stack.children["postgres"]
        os.kill(child.pid, signal.SIGQUIT)
        child.stop()

    def _up(self, name: str) -> None:
        self._down.discard(name)
        if not self.stack.children[name].running:
            # The API starts without Redis, and says that it is not ready.
            self.stack.restart(name, wait=_REDIS not in self._down)

    def _all_up(self) -> None:
        """Redis first: the others are ready only with it."""
        for name in sorted(self._down, key=lambda each: (each != _REDIS, each)):
            self._up(name)

    def _wait_until_quiet(self) -> None:
        """No webhook on its way, nothing pending, dirty or alive; the same twice, with no webhook between."""
        deadline = time.monotonic() + PATIENCE
        before: dict[str, int] | None = None
        while True:
            idle, counts = self.sandbox.deliveries()
            left = self.truth.left()
            if idle and not left and counts == before:
                return
            before = counts if idle and not left else None
            if crashed := self.stack.crashed():
                raise ChaosError(f"ended by itself: {', '.join(crashed)}")
            if time.monotonic() > deadline:
                raise ChaosError("it does not come to rest:\n" + "\n".join(left or [f"webhooks {counts}"]))
            time.sleep(0.05)

    def _check_all_links(self) -> None:
        """As the scheduler does over a day; one that has just started does what is due at once. What waits
        for its grace to end comes first, because nothing is checked before that."""
        self.truth.let_pass(_AFTER_GRACE_MINUTES)
        self._wait_until_quiet()
        self.truth.uncheck()
        deadline = time.monotonic() + PATIENCE
        while self.truth.unchecked():
            if time.monotonic() > deadline:
                raise ChaosError(f"{self.truth.unchecked()} links are not checked")
            self.stack.restart("scheduler")
            self._wait_for(lambda: not self.truth.unchecked(), 15)
            self._wait_until_quiet()

    def _wait_for(self, condition: Callable[[], bool], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not condition() and time.monotonic() < deadline:
            time.sleep(0.05)

    def _take_up_what_was_set_aside(self, story: Round) -> None:
        """Three deaths of a worker over one subject may set it aside, with fewer nothing may be."""
        aside = self.truth.set_aside()
        if not aside:
            return
        kills = sum(isinstance(step.deed, Blow) for step in story.steps)
        if kills < 3 or any("Something went wrong here" in line for line in aside):
            raise ChaosError("set aside without need:\n" + "\n".join(aside))
        self.report.set_aside += aside
        for handle in self.family.handles:
            self.sandbox.persist(handle, RETRY)
        self._wait_until_quiet()
        self._demand(self.truth.set_aside())

    def _defects(self) -> list[str]:
        """What the workers logged as a defect of their own since the last round."""
        found = []
        for name in ("worker-live", "worker-background"):
            log = self.stack.children[name].log
            text = log.read_text(errors="replace")
            new, self._read[name] = text[self._read.get(name, 0) :], len(text)
            found += [f"{name} logged {line.strip()}" for line in new.splitlines() if '"incident"' in line]
        return found

    def _demand(self, wrong: list[str]) -> None:
        if wrong:
            raise ChaosError("\n".join(wrong))

    def _explained(self, number: int, wrong: str) -> str:
        return "\n".join(
            [
                f"Round {number} of seed {self._seed} went wrong:",
                *(f"  {line}" for line in wrong.splitlines()[:60]),
                "The round's story:",
                *(f"  {line}" for line in self._told),
                f"See it again: make chaos SEED={self._seed} ROUND={number}. Logs: {self.stack.logs}",
            ]
        )

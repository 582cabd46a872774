"""The short form of `make chaos`: a few storms that are always the same, and one that never is."""

import json
from random import SystemRandom

import pytest

from sandbox.faults import Kind
from sandbox.faults_read import read_plan
from tests.chaos.faults import FAULTS, LOSSES, Place
from tests.chaos.report import Report
from tests.chaos.run import Chaos
from tests.chaos.story import ROUNDS, SECONDS, Blow, Call, draw, first_of_story

FIXED_SEED = 4129


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_everything_breaks_and_all_shops_are_in_step_again(tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("chaos")
    for folder in (home, home.parent, home.parent.parent):
        folder.chmod(0o755)  # as root, PostgreSQL runs as another user and has to get to its data
    seed = SystemRandom().randrange(1_000_000)
    print(f"the seed that is new each time: {seed}")  # noqa: T201
    with Chaos(home, FIXED_SEED, print, products=8) as chaos:
        chaos.play(1)
        chaos.play(2)
        # Of the storm that is new nobody knows whether there is enough to do for every fault of it.
        unstruck = chaos.report.unstruck
        chaos.begin_anew(seed)
        chaos.play(1)
    print(chaos.report.text())  # noqa: T201
    assert chaos.report.failed_rounds == []
    assert unstruck == []
    assert chaos.report.rounds == 3


def test_a_seed_tells_one_story() -> None:
    assert draw(5, 3) == draw(5, 3)
    assert draw(5, 3) != draw(5, 4)
    assert draw(5, 3) != draw(6, 3)


def test_stories_are_mixed_enough() -> None:
    stories = [draw(1, number) for number in range(1, 201)]
    steps = [step for story in stories for step in story.steps]
    assert all(0 <= step.at <= SECONDS for step in steps)
    assert {step.deed for step in steps if isinstance(step.deed, Blow)} == set(Blow)
    assert len({story.faults for story in stories}) > 50
    assert any(story.faults == () for story in stories)
    assert any(story.is_told_of_all and story.rules for story in stories)
    assert {place for story in stories for place in story.lost} == set(Place)


def test_every_fault_that_the_sandbox_knows_is_planned() -> None:
    planned = {rule["kind"] for number in range(1, 201) for rule in draw(1, number).rules}
    assert planned == {kind.value for kind in Kind}
    for rules in FAULTS.values():
        read_plan({"rules": [rule | {"times": rule.get("times", 1)} for rule in rules]})


def test_what_loses_a_shop_has_it_opened_again() -> None:
    for number in range(1, 201):
        story = draw(1, number)
        opened = [step for step in story.steps if step.deed is Call.OPEN]
        assert bool(opened) == bool(story.lost) == bool(LOSSES.intersection(story.faults))
        assert not (story.lost and story.is_told_of_all)


def test_a_replay_begins_where_the_shops_were_new() -> None:
    assert [first_of_story(number) for number in (1, ROUNDS, ROUNDS + 1, 2 * ROUNDS)] == [
        1,
        1,
        ROUNDS + 1,
        ROUNDS + 1,
    ]


def test_the_report_is_json_and_text() -> None:
    report = Report([1])
    assert json.loads(json.dumps(report.as_json()))["medianSecondsToQuiet"] is None
    report.blows["SIGKILL api"] += 2
    rule = {"kind": "reset", "when": "after", "match": "inventory*", "seen": {"a": 3}, "struck": {"a": 1}}
    report.struck([rule, rule, {"kind": "bulk_failed", "match": "query", "seen": {}, "struck": {}}])
    report.quiet_seconds += [1.0, 4.0, 2.0]
    told = json.loads(json.dumps(report.as_json()))
    assert (told["blows"], told["medianSecondsToQuiet"], told["worstSecondsToQuiet"]) == (
        {"SIGKILL api": 2},
        2.0,
        4.0,
    )
    assert told["faults"]["reset after inventory*"] == {"rounds": 1, "seen": 6, "struck": 2}
    assert told["unstruck"] == report.unstruck == ["bulk_failed query"]
    assert "SIGKILL api 2" in report.text()
    assert "never struck: bulk_failed query" in report.text()

"""The short form of `make chaos`: a few storms that are always the same, and one that never is."""

import json
from random import SystemRandom

import pytest

from tests.chaos.run import Chaos, Report
from tests.chaos.story import ROUNDS, SECONDS, Blow, draw, first_of_story

FIXED_SEED = 530


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
        chaos.begin_anew(seed)
        chaos.play(1)
    print(chaos.report.text())  # noqa: T201
    assert chaos.report.failed_rounds == []
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
    report.quiet_seconds += [1.0, 4.0, 2.0]
    told = json.loads(json.dumps(report.as_json()))
    assert (told["blows"], told["medianSecondsToQuiet"], told["worstSecondsToQuiet"]) == (
        {"SIGKILL api": 2},
        2.0,
        4.0,
    )
    assert "SIGKILL api 2" in report.text()

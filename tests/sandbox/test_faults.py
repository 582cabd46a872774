from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.faults import FaultPlan, Kind, Occasion, Rule, Strike, When
from sandbox.faults_presets import PRESETS
from sandbox.faults_read import FaultPlanError, read_plan, told
from sandbox.faults_webhooks import delays

A, B = "a.myshopify.com", "b.myshopify.com"


def plan(*rules: Rule, seed: int = 7, shops: frozenset[str] | None = None) -> FaultPlan:
    return FaultPlan(seed, rules, shops)


def kinds(strikes: list[Strike]) -> list[Kind]:
    return [strike.rule.kind for strike in strikes]


def asked(drawn: FaultPlan, *names: str, shop: str = A) -> list[Kind]:
    """What strikes one GraphQL request."""
    return kinds(drawn.draw(Occasion.GRAPHQL, shop, names))


def test_a_rule_strikes_after_some_and_not_more_often_than_it_may_shop_by_shop() -> None:
    drawn = plan(Rule(Kind.RESET, after=2, times=3))
    in_a = [bool(asked(drawn)) for _ in range(8)]
    assert in_a == [False, False, True, True, True, False, False, False]
    assert [bool(asked(drawn, shop=B)) for _ in range(8)] == in_a
    assert drawn.seen == {(0, A): 8, (0, B): 8}
    assert drawn.struck == {(0, A): 3, (0, B): 3}


@pytest.mark.parametrize(
    ("pattern", "names", "fits"),
    [
        (None, ("query", "shop"), True),
        ("productSet", ("mutation", "productSet"), True),
        ("productSet", ("mutation", "productSetMore"), False),
        ("inventory*", ("mutation", "productSet", "inventorySetQuantities"), True),
        ("mutation", ("mutation", "productSet"), True),
        ("query", ("mutation", "productSet"), False),
        ("PRODUCTSET", ("mutation", "productSet"), False),
    ],
)
def test_a_rule_looks_at_what_it_matches(pattern: str | None, names: tuple[str, ...], fits: bool) -> None:
    drawn = plan(Rule(Kind.STATUS, match=pattern))
    assert asked(drawn, *names) == ([Kind.STATUS] if fits else [])
    assert drawn.seen[0, A] == int(fits)


@pytest.mark.parametrize(
    ("kind", "occasions"),
    [
        *(
            (kind, {Occasion.GRAPHQL, Occasion.GRANT, Occasion.FILE})
            for kind in (Kind.STATUS, Kind.RESET, Kind.TIMEOUT, Kind.GARBAGE, Kind.SLOW)
        ),
        *(
            (kind, {Occasion.GRAPHQL})
            for kind in (Kind.THROTTLED, Kind.INTERNAL_ERROR, Kind.REVOKED, Kind.UNINSTALLED)
        ),
        *(
            (kind, {Occasion.BULK})
            for kind in (Kind.BULK_SLOW, Kind.BULK_FAILED, Kind.BULK_CANCELED, Kind.BULK_EXPIRED)
        ),
        *(
            (kind, {Occasion.WEBHOOK})
            for kind in (
                Kind.WEBHOOK_DROP,
                Kind.WEBHOOK_DUPLICATE,
                Kind.WEBHOOK_DELAY,
                Kind.WEBHOOK_REORDER,
            )
        ),
    ],
)
def test_each_kind_happens_on_its_own_occasions(kind: Kind, occasions: set[Occasion]) -> None:
    struck = {occasion for occasion in Occasion if plan(Rule(kind)).draw(occasion, A, ("x",))}
    assert struck == occasions


def test_a_kind_has_an_occasion_and_can_be_read() -> None:
    for kind in Kind:
        (rule,) = read_plan({"rules": [{"kind": kind.value}]}).rules
        assert rule.kind is kind
        assert any(plan(rule).draw(occasion, A, ()) for occasion in Occasion)


def test_only_the_first_that_decides_counts_and_slowness_comes_on_top() -> None:
    drawn = plan(Rule(Kind.RESET, 0.0), Rule(Kind.STATUS), Rule(Kind.SLOW), Rule(Kind.GARBAGE, times=1))
    assert asked(drawn) == [Kind.STATUS, Kind.SLOW]
    assert drawn.struck == {(1, A): 1, (2, A): 1}
    assert [drawn.seen[index, A] for index in range(4)] == [1, 1, 1, 1]


def test_shops_that_are_not_meant_are_left_alone() -> None:
    drawn = plan(Rule(Kind.RESET), shops=frozenset({B}))
    assert asked(drawn, shop=A) == []
    assert asked(drawn, shop=B) == [Kind.RESET]


_rules = st.builds(
    Rule,
    st.sampled_from([Kind.STATUS, Kind.RESET, Kind.SLOW, Kind.THROTTLED]),
    st.floats(0, 1),
    st.sampled_from([None, "query", "mutation", "product*"]),
    st.integers(0, 3),
    st.one_of(st.none(), st.integers(1, 5)),
    st.sampled_from(When),
    seconds=st.just((0.0, 10.0)),
)
_requests = st.lists(st.tuples(st.sampled_from([A, B]), st.sampled_from(["query", "mutation", "productSet"])))


def replay(drawn: FaultPlan, requests: list[tuple[str, str]], only: str) -> list[list[tuple[Rule, float]]]:
    """What strikes the requests of one shop, when those of all are made."""
    out = []
    for shop, name in requests:
        strikes = drawn.draw(Occasion.GRAPHQL, shop, (name,))
        if shop == only:
            out.append([(strike.rule, strike.seconds) for strike in strikes])
    return out


@given(st.integers(), st.lists(_rules, max_size=5), _requests)
def test_the_same_seed_and_requests_of_a_shop_give_the_same_faults(
    seed: int, rules: list[Rule], requests: list[tuple[str, str]]
) -> None:
    together = replay(FaultPlan(seed, tuple(rules)), requests, A)
    alone = [request for request in requests if request[0] == A]
    assert replay(FaultPlan(seed, tuple(rules)), alone, A) == together
    behind_the_other = [*(request for request in requests if request[0] == B), *alone]
    assert replay(FaultPlan(seed, tuple(rules)), behind_the_other, A) == together


@given(st.integers(), st.lists(_rules, max_size=3), _requests)
def test_a_rule_more_changes_no_draw_of_the_others(
    seed: int, rules: list[Rule], requests: list[tuple[str, str]]
) -> None:
    other = Rule(Kind.SLOW, 0.5, "nothing-of-the-kind")
    without = replay(FaultPlan(seed, tuple(rules)), requests, A)
    assert replay(FaultPlan(seed, (other, *rules)), requests, A) == without


def test_another_seed_gives_other_faults_and_the_share_is_the_probability() -> None:
    def struck(seed: int) -> list[bool]:
        drawn = plan(Rule(Kind.RESET, 0.3), seed=seed)
        return [bool(asked(drawn)) for _ in range(2000)]

    first, second = struck(1), struck(2)
    assert first == struck(1)
    assert first != second
    assert 540 <= sum(first) <= 660, sum(first)


def test_two_equal_rules_draw_apart() -> None:
    drawn = [plan(Rule(Kind.SLOW, 0.5), Rule(Kind.SLOW, 0.5), seed=seed) for seed in range(20)]
    assert {len(asked(each)) for each in drawn} == {0, 1, 2}


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ((), [0.0]),
        ((Rule(Kind.WEBHOOK_DROP),), []),
        ((Rule(Kind.WEBHOOK_DELAY, seconds=(4.0, 4.0)),), [4.0]),
        ((Rule(Kind.WEBHOOK_DUPLICATE, copies=2, seconds=(3.0, 3.0)),), [0.0, 3.0, 3.0]),
        (
            (
                Rule(Kind.WEBHOOK_DUPLICATE, seconds=(3.0, 3.0)),
                Rule(Kind.WEBHOOK_DELAY, seconds=(4.0, 4.0)),
                Rule(Kind.WEBHOOK_REORDER, seconds=(0.5, 0.5)),
            ),
            [4.5, 7.5],
        ),
        ((Rule(Kind.WEBHOOK_DELAY, seconds=(4.0, 4.0)), Rule(Kind.WEBHOOK_DROP)), []),
        ((Rule(Kind.WEBHOOK_DROP, match="products/*"),), [0.0]),
        ((Rule(Kind.WEBHOOK_DROP, match="inventory_levels/*"),), []),
    ],
)
def test_webhooks_are_lost_late_doubled(rules: tuple[Rule, ...], expected: list[float]) -> None:
    assert delays(plan(*rules), A, "inventory_levels/update") == expected


def test_a_lost_webhook_is_not_counted_as_late_too() -> None:
    drawn = plan(Rule(Kind.WEBHOOK_DELAY), Rule(Kind.WEBHOOK_DROP))
    delays(drawn, A, "shop/update")
    assert drawn.struck == {(1, A): 1}


def test_webhooks_overtake_one_another() -> None:
    drawn = plan(Rule(Kind.WEBHOOK_REORDER, seconds=(0.0, 2.0)))
    arrivals = [number * 0.1 + delays(drawn, A, "products/update")[0] for number in range(50)]
    assert all(0.1 * number <= at <= 0.1 * number + 2 for number, at in enumerate(arrivals))
    assert arrivals != sorted(arrivals)


def test_a_plan_is_read_and_told() -> None:
    body = {
        "seed": 9,
        "shops": [B, A],
        "rules": [
            {"kind": "status", "status": 429, "retryAfter": 1.5, "match": "productSet", "after": 1},
            {"kind": "timeout", "probability": 0.5, "when": "after", "times": 3},
            {"kind": "slow", "seconds": [1, 2.5]},
            {"kind": "token_revoked", "refreshable": False},
            {"kind": "bulk_failed", "errorCode": "TIMEOUT", "lines": 0},
            {"kind": "webhook_duplicate", "copies": 4, "seconds": 3},
        ],
    }
    read = read_plan(body)
    assert read.rules == (
        Rule(Kind.STATUS, status=429, retry_after=1.5, match="productSet", after=1),
        Rule(Kind.TIMEOUT, 0.5, when=When.AFTER, times=3, seconds=(10.0, 10.0)),
        Rule(Kind.SLOW, seconds=(1.0, 2.5)),
        Rule(Kind.REVOKED, refreshable=False),
        Rule(Kind.BULK_FAILED, error_code="TIMEOUT", lines=0),
        Rule(Kind.WEBHOOK_DUPLICATE, copies=4, seconds=(3.0, 3.0)),
    )
    assert (read.seed, read.shops) == (9, frozenset({A, B}))
    asked(read, "productSet")
    asked(read, "productSet")
    report = told(read)
    assert (report["active"], report["seed"], report["shops"], report["presets"]) == (True, 9, [A, B], [])
    assert report["rules"][0] == {
        "kind": "status",
        "probability": 1.0,
        "when": "before",
        "status": 429,
        "retryAfter": 1.5,
        "match": "productSet",
        "after": 1,
        "seen": {A: 2},
        "struck": {A: 1},
    }
    assert report["struck"]["status"] == 1
    given = [
        {name: value for name, value in rule.items() if name not in ("seen", "struck")}
        for rule in report["rules"]
    ]
    assert read_plan({"rules": given}).rules == read.rules


def test_presets_can_be_given_by_name() -> None:
    read = read_plan({"presets": ["bulk", "webhooks"], "rules": [{"kind": "garbage"}]})
    assert read.rules == (Rule(Kind.GARBAGE), *PRESETS["bulk"].rules, *PRESETS["webhooks"].rules)
    assert read.presets == ("bulk", "webhooks")
    for preset in PRESETS.values():
        assert told(FaultPlan(0, preset.rules))["active"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "The plan has neither rules nor presets."),
        ({"rule": []}, "rule is not known."),
        ({"rules": {}}, "rules must be a list of 100 at most."),
        ({"rules": [{"kind": "reset"}] * 101}, "rules must be a list of 100 at most."),
        ({"presets": ["x"]}, "presets has no x: there are flaky-network, webhooks, bulk, rate-limit."),
        ({"presets": "bulk"}, "presets must be a list of texts."),
        ({"shops": [1], "rules": [{"kind": "reset"}]}, "shops must be a list of texts."),
        ({"seed": "7", "rules": [{"kind": "reset"}]}, "seed must be a whole number."),
        ({"rules": [1]}, "rules[0] must be an object."),
        ({"rules": [{"kind": "reset"}, {}]}, "rules[1] lacks a kind."),
    ],
)
def test_what_is_no_plan_is_refused_with_the_place(body: dict[str, Any], message: str) -> None:
    with pytest.raises(FaultPlanError) as refused:
        read_plan(body)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"kind": "reset", "status": 500}, ".status does not belong to reset."),
        ({"kind": "reset", "probability": 1.5}, ".probability must be between 0 and 1."),
        ({"kind": "reset", "probability": True}, ".probability must be a number."),
        ({"kind": "reset", "times": 0}, ".times must be 1 or more."),
        ({"kind": "reset", "after": -1}, ".after must be 0 or more."),
        ({"kind": "reset", "match": ""}, ".match must be a text."),
        ({"kind": "reset", "when": "during"}, ".when must be one of before, after."),
        ({"kind": "status", "status": 404}, ".status must be one of 429, 500, 502, 503, 504."),
        (
            {"kind": "status", "status": 429, "when": "after"},
            ": what is answered with 429 has had no effect.",
        ),
        ({"kind": "slow", "seconds": [3, 1]}, ".seconds must begin with the lesser number."),
        ({"kind": "slow", "seconds": -1}, ".seconds must be between 0 and 86400."),
        ({"kind": "slow", "seconds": "1"}, ".seconds must be a number."),
        ({"kind": "token_revoked", "refreshable": 1}, ".refreshable must be true or false."),
        ({"kind": "bulk_slow", "factor": 0.5}, ".factor must be between 1 and 10000."),
        (
            {"kind": "bulk_failed", "errorCode": "X"},
            ".errorCode must be one of INTERNAL_SERVER_ERROR, TIMEOUT.",
        ),
        ({"kind": "webhook_duplicate", "copies": 21}, ".copies must be between 1 and 20."),
    ],
)
def test_what_is_no_rule_is_refused_with_the_place(rule: dict[str, Any], message: str) -> None:
    with pytest.raises(FaultPlanError) as refused:
        read_plan({"rules": [rule]})
    assert str(refused.value) == f"rules[0]{message}"


def test_a_kind_that_is_unknown_is_told_the_kinds() -> None:
    with pytest.raises(FaultPlanError, match=r"^rules\[0\].kind must be one of status, throttled, "):
        read_plan({"rules": [{"kind": "flood"}]})


def test_a_rule_may_be_for_some_of_the_shops_of_its_plan() -> None:
    drawn = plan(Rule(Kind.RESET, shops=frozenset({B})))
    assert (asked(drawn), asked(drawn, shop=B)) == ([], [Kind.RESET])
    assert drawn.seen == {(0, B): 1}
    given = {"kind": "reset", "shops": [B]}
    read = read_plan({"rules": [given]})
    assert read.rules[0].shops == frozenset({B})
    assert told(read)["rules"][0]["shops"] == [B]

"""What Shopify is told of the app, against what the code does."""

import tomllib
from typing import Any

import orjson
import pytest

from backend.config import OPTIONAL_SCOPES, REQUIRED_SCOPES, load
from backend.live.topics import TOPICS, subjects
from backend.web.webhooks import PATH
from dev.paths import ROOT
from sandbox.webhook_topics import COMPLIANCE, SCOPES
from tests.live.test_topics import DOCUMENTED

TEXT = (ROOT / "shopify.app.toml").read_text(encoding="utf-8")
TOLD: dict[str, Any] = tomllib.loads(TEXT)
SUBSCRIPTIONS: list[dict[str, Any]] = TOLD["webhooks"]["subscriptions"]


def topics_of(subscription: dict[str, Any]) -> list[str]:
    found: list[str] = subscription.get("topics", []) + subscription.get("compliance_topics", [])
    return found


def test_shopify_is_told_the_scopes_that_the_code_needs() -> None:
    scopes = TOLD["access_scopes"]
    assert tuple(scopes["scopes"].split(",")) == REQUIRED_SCOPES
    assert tuple(scopes["optional_scopes"]) == OPTIONAL_SCOPES


def test_every_topic_that_the_code_knows_is_asked_for_once_and_no_other() -> None:
    asked = [topic for each in SUBSCRIPTIONS for topic in topics_of(each)]
    assert sorted(asked) == sorted(TOPICS)


def test_compliance_topics_stand_apart() -> None:
    asked = [topic for each in SUBSCRIPTIONS for topic in each.get("compliance_topics", [])]
    assert sorted(asked) == sorted(COMPLIANCE)


def test_every_topic_comes_to_the_one_address() -> None:
    assert {each["uri"] for each in SUBSCRIPTIONS} == {PATH}


def test_each_subscription_says_who_handles_it() -> None:
    lines = TEXT.splitlines()
    above = [lines[number - 1] for number, line in enumerate(lines) if line == "[[webhooks.subscriptions]]"]
    assert len(above) == len(SUBSCRIPTIONS)
    assert all(line.startswith("# Handled by: ") for line in above)


def test_the_scopes_allow_every_topic() -> None:
    granted = {*REQUIRED_SCOPES, *(scope.replace("write_", "read_") for scope in REQUIRED_SCOPES)}
    for each in SUBSCRIPTIONS:
        for topic in each.get("topics", []):
            assert not SCOPES[topic] or SCOPES[topic] & granted, topic


@pytest.mark.parametrize("topic", sorted(TOPICS))
def test_what_a_payload_is_cut_down_to_still_says_what_to_look_at(topic: str) -> None:
    subscription = next(each for each in SUBSCRIPTIONS if topic in topics_of(each))
    payload, expected = DOCUMENTED[topic]
    kept = subscription.get("include_fields", payload.keys())
    cut = {name: value for name, value in payload.items() if name in kept}
    assert subjects(topic, orjson.dumps(cut)) == expected


def test_webhooks_are_written_in_the_version_that_the_app_speaks() -> None:
    needed = {
        "APP_URL": "https://app.example.com",
        "DATABASE_URL": "postgres://db/app",
        "REDIS_URL": "redis://redis",
        "SHOPIFY_CLIENT_ID": "id",
        "SHOPIFY_CLIENT_SECRET": "secret",
        "ENCRYPTION_KEYS": "k1:" + "A" * 43 + "=",
        "LOOKUP_KEY": "A" * 43 + "=",
    }
    assert TOLD["webhooks"]["api_version"] == load(needed).shopify_api_version

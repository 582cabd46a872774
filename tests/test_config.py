import base64

import pytest

from backend.config import ConfigError, Settings, load

KEY = base64.b64encode(b"k" * 32).decode()
ENVIRON = {
    "APP_URL": "https://app.example/",
    "DATABASE_URL": "postgres://user:db-secret@localhost/sync",
    "REDIS_URL": "redis://:redis-secret@localhost",
    "SHOPIFY_CLIENT_ID": "client-id",
    "SHOPIFY_CLIENT_SECRET": "client-secret",
    "ENCRYPTION_KEYS": f"k1:{KEY}",
    "LOOKUP_KEY": KEY,
}


def test_defaults_are_shopifys_own() -> None:
    settings = load(ENVIRON)
    assert settings.app_url == "https://app.example"
    assert settings.shopify_base_url == "https://{shop}"
    assert settings.shopify_api_version == "2026-10"
    assert settings.frame_ancestors == "https://{shop} https://admin.shopify.com"
    assert settings.app_bridge_url == "https://cdn.shopify.com/shopifycloud/app-bridge.js"
    assert settings.old_client_secret is None
    assert settings.graphiql is False
    assert settings.retention_days == 90
    assert settings.bulk_start_seconds == 5
    assert settings.bulk_slice_objects == (10_000, 100_000)
    assert settings.bulk_creation_lines == (50, 250)


def test_every_missing_variable_is_named_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        load({})
    assert caught.value.problems == (
        "ENCRYPTION_KEYS is not set.",
        "LOOKUP_KEY is not set.",
        "APP_URL is not set.",
        "DATABASE_URL is not set.",
        "REDIS_URL is not set.",
        "SHOPIFY_CLIENT_ID is not set.",
        "SHOPIFY_CLIENT_SECRET is not set.",
    )


@pytest.mark.parametrize(
    "name, value, problem",
    [
        ("APP_URL", "app.example", "APP_URL must be an address that starts with https:// or http://."),
        ("DATABASE_URL", "sqlite://secret.db", "DATABASE_URL must start with postgres://."),
        ("REDIS_URL", "amqp://secret", "REDIS_URL must start with redis://."),
        (
            "SHOPIFY_BASE_URL",
            "http://secret",
            "SHOPIFY_BASE_URL must be an http(s) address that contains {shop}.",
        ),
        ("GRAPHIQL", "secret", "GRAPHIQL must be true or false."),
        ("RETENTION_DAYS", "0", "RETENTION_DAYS must be a whole number of at least 1."),
        ("DATABASE_POOL", "secret", "DATABASE_POOL must be a whole number of at least 1."),
        ("BULK_START_SECONDS", "-1", "BULK_START_SECONDS must be a whole number of at least 0."),
        (
            "BULK_SLICE_OBJECTS",
            "20-10",
            "BULK_SLICE_OBJECTS must be two whole numbers such as 10000-100000.",
        ),
        ("BULK_CREATION_LINES", "50", "BULK_CREATION_LINES must be two whole numbers such as 50-250."),
        ("LOG_LEVEL", "secret", "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR."),
        ("ENCRYPTION_KEYS", "k1:secret", "ENCRYPTION_KEYS or LOOKUP_KEY: a key is not base64"),
    ],
)
def test_an_unusable_variable_is_named_and_its_value_kept_to_itself(
    name: str, value: str, problem: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load({**ENVIRON, name: value})
    assert caught.value.problems == (problem,)
    assert "secret" not in str(caught.value)


def test_secrets_do_not_show() -> None:
    shown = repr(load({**ENVIRON, "SHOPIFY_OLD_CLIENT_SECRET": "older-secret"}))
    assert isinstance(load(ENVIRON), Settings)
    assert "secret" not in shown.replace("client_secret", "")
    assert KEY not in shown

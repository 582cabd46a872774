"""Subscriptions: by the app's configuration file, and by the API in one shop."""

# ruff: noqa: E501 (messages of a real shop stand as they are sent)

from pathlib import Path
from typing import Any

import pytest

from sandbox import edits
from sandbox.commands.shops import install_app, register_app, uninstall_app
from sandbox.context import Call
from sandbox.schema import VERSIONS, admin_schema
from sandbox.store.app import App
from sandbox.store.sandbox import Sandbox
from sandbox.webhook_config import ConfigurationError, configure
from sandbox.webhook_topics import BY_ENUM, COMPLIANCE, SCOPES
from tests.sandbox.caller import Caller, caller
from tests.sandbox.edges import APP_URL, CLIENT_ID, make_sandbox, the_app
from tests.sandbox.receiver import TOPICS, told

FIELDS = """id legacyResourceId topic uri callbackUrl endpoint { __typename ... on WebhookHttpEndpoint { callbackUrl } }
  format includeFields metafieldNamespaces metafields { key namespace } filter name
  apiVersion { handle displayName supported } createdAt updatedAt"""
CREATE = f"""mutation($topic: WebhookSubscriptionTopic!, $input: WebhookSubscriptionInput!) {{
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $input) {{
    webhookSubscription {{ {FIELDS} }} userErrors {{ field message }} }} }}"""
UPDATE = f"""mutation($id: ID!, $input: WebhookSubscriptionInput!) {{
  webhookSubscriptionUpdate(id: $id, webhookSubscription: $input) {{
    webhookSubscription {{ {FIELDS} }} userErrors {{ field message }} }} }}"""
DELETE = """mutation($id: ID!) { webhookSubscriptionDelete(id: $id) {
  deletedWebhookSubscriptionId userErrors { field message } } }"""
LIST = """query($topics: [WebhookSubscriptionTopic!], $uri: String, $query: String, $reverse: Boolean) {
  webhookSubscriptions(first: 10, topics: $topics, uri: $uri, query: $query, reverse: $reverse, sortKey: ID) {
    nodes { topic uri } pageInfo { hasNextPage } }
  webhookSubscriptionsCount(query: $query) { count precision } }"""
ADDRESS = "https://app.test/hook"


@pytest.fixture
def app() -> Caller:
    return caller()


def create(app: Caller, topic: str = "PRODUCTS_UPDATE", **given: Any) -> dict[str, Any]:
    given.setdefault("uri", ADDRESS)
    payload: dict[str, Any] = app.refused(CREATE, {"topic": topic, "input": given})
    return payload


def faults(payload: dict[str, Any]) -> list[tuple[str, str]]:
    assert payload["webhookSubscription"] is None
    return [("/".join(error["field"]), error["message"]) for error in payload["userErrors"]]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_subscription_is_answered_in_full(version: str) -> None:
    app = caller(version=version)
    payload = create(app, includeFields=["id", "updated_at"], name="catalogue", filter="status:active")
    made = payload["webhookSubscription"]
    number = made["legacyResourceId"]
    assert payload["userErrors"] == []
    assert made == {
        "id": f"gid://shopify/WebhookSubscription/{number}",
        "legacyResourceId": number,
        "topic": "PRODUCTS_UPDATE",
        "uri": ADDRESS,
        "callbackUrl": ADDRESS,
        "endpoint": {"__typename": "WebhookHttpEndpoint", "callbackUrl": ADDRESS},
        "format": "JSON",
        "includeFields": ["id", "updated_at"],
        "metafieldNamespaces": [],
        "metafields": [],
        "filter": "status:active",
        "name": "catalogue",
        "apiVersion": {"handle": version, "displayName": version, "supported": True},
        "createdAt": "2026-11-02T09:00:00Z",
        "updatedAt": "2026-11-02T09:00:00Z",
    }
    assert app.data(
        f"query($id: ID!) {{ webhookSubscription(id: $id) {{ {FIELDS} }} }}", {"id": made["id"]}
    ) == {"webhookSubscription": made}
    assert app.data("query($id: ID!) { node(id: $id) { __typename id } }", {"id": made["id"]}) == {
        "node": {"__typename": "WebhookSubscription", "id": made["id"]}
    }


def test_the_older_argument_for_the_address() -> None:
    app = caller()
    payload = app.refused(CREATE, {"topic": "SHOP_UPDATE", "input": {"callbackUrl": ADDRESS}})
    assert payload["webhookSubscription"]["uri"] == ADDRESS
    both = {"topic": "APP_UNINSTALLED", "input": {"callbackUrl": ADDRESS, "uri": ADDRESS}}
    assert app.error(CREATE, both)["extensions"] == {"code": "BAD_REQUEST"}


def test_a_version_in_the_apps_file_counts_for_its_subscriptions_too(app: Caller) -> None:
    app.call.installation.app.webhook_version = "2026-07"
    assert create(app)["webhookSubscription"]["apiVersion"]["handle"] == "2026-07"


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("", "Address can't be blank"),
        ("   ", "Address can't be blank"),
        ("app.test/hook", "Address is invalid"),
        ("https://", "Address is invalid"),
        ("https://app.test/a hook", "Address is invalid"),
        ("https://[app.test/hook", "Address is invalid"),
        ("http://app.test/hook", "Address protocol http:// is not supported"),
        ("ftp://app.test/hook", "Address protocol ftp:// is not supported"),
        ("ws://app.test/hook", "Address protocol ws:// is not supported"),
        ("kafka://app.test", "Address protocol kafka:// is not supported"),
        ("https://app.test/" + "x" * 64 * 1024, "Address is too big (maximum is 64 KB)"),
    ],
)
def test_addresses_that_are_none(app: Caller, address: str, message: str) -> None:
    assert faults(create(app, uri=address)) == [("webhookSubscription/callbackUrl", message)]
    assert app.call.installation.subscriptions == {}


def test_an_address_of_this_machine_may_do_without_tls(app: Caller) -> None:
    assert create(app, uri="http://127.0.0.1:8000/webhooks")["userErrors"] == []


def test_a_topic_and_an_address_go_together_once(app: Caller) -> None:
    assert create(app)["userErrors"] == []
    taken = [("webhookSubscription/callbackUrl", "Address for this topic has already been taken")]
    assert faults(create(app)) == taken
    assert create(app, topic="PRODUCTS_CREATE")["userErrors"] == []
    assert create(app, uri=f"{ADDRESS}/2")["userErrors"] == []


@pytest.mark.parametrize(
    ("given", "path", "message"),
    [
        ({"name": ""}, "name", "Name is too short (minimum is 1 character)"),
        (
            {"name": "two words"},
            "name",
            "Name name field can only contain alphanumeric characters, underscores, and hyphens",
        ),
        ({"name": "taken"}, "name", "Name already exists, no duplicate allowed"),
        (
            {"filter": "active"},
            "",
            "The specified filter is invalid, please ensure you specify the field(s) you wish to filter on.",
        ),
    ],
)
def test_names_and_filters(app: Caller, given: dict[str, Any], path: str, message: str) -> None:
    create(app, topic="SHOP_UPDATE", name="taken")
    assert faults(create(app, **given)) == [(f"webhookSubscription/{path}".rstrip("/"), message)]


def test_a_topic_beyond_the_scopes() -> None:
    app = caller(scopes=("read_products",))
    assert faults(create(app, topic="INVENTORY_LEVELS_UPDATE")) == [
        (
            "topic",
            "You do not have permission to create or update webhooks with inventory_levels/update topic.",
        )
    ]
    for topic in ("INVENTORY_ITEMS_UPDATE", "PRODUCTS_UPDATE", "APP_UNINSTALLED"):
        assert create(app, topic=topic)["userErrors"] == []


@pytest.mark.parametrize(
    ("topic", "given", "what"),
    [
        ("ORDERS_CREATE", {}, "webhooks of ORDERS_CREATE"),
        ("PRODUCTS_UPDATE", {"format": "XML"}, "webhooks in XML"),
        ("PRODUCTS_UPDATE", {"metafieldNamespaces": ["care"]}, "metafields in webhooks"),
        ("PRODUCTS_UPDATE", {"uri": "pubsub://project:topic"}, "webhooks to pubsub addresses"),
        ("PRODUCTS_UPDATE", {"uri": "arn:aws:events:us-east-1::event-source/x"}, "webhooks to arn addresses"),
    ],
)
def test_what_is_not_simulated_says_so(app: Caller, topic: str, given: dict[str, Any], what: str) -> None:
    error = app.error(CREATE, {"topic": topic, "input": {"uri": ADDRESS, **given}})
    assert (error["message"], error["extensions"]) == (f"not simulated: {what}", {"code": "NOT_SIMULATED"})


@pytest.mark.parametrize("topic", COMPLIANCE)
def test_compliance_topics_are_unknown_to_the_api(app: Caller, topic: str) -> None:
    name = topic.upper().replace("/", "_")
    assert (
        "WebhookSubscriptionTopic" in app.error(CREATE, {"topic": name, "input": {"uri": ADDRESS}})["message"]
    )


def test_every_topic_is_one_of_the_schema() -> None:
    for version in VERSIONS:
        known = admin_schema(version).graphql.type_map["WebhookSubscriptionTopic"].values  # type: ignore[attr-defined]
        assert set(BY_ENUM) <= set(known)
    assert set(TOPICS) == set(SCOPES) == set(BY_ENUM.values())


def test_changing_one(app: Caller) -> None:
    made = create(app, includeFields=["id"], name="one")["webhookSubscription"]
    create(app, topic="SHOP_UPDATE", name="two")
    app.clock.advance(60)
    changed = app.mutate(UPDATE, {"id": made["id"], "input": {"uri": f"{ADDRESS}/2"}})["webhookSubscription"]
    moved = {"uri": f"{ADDRESS}/2", "callbackUrl": f"{ADDRESS}/2", "updatedAt": "2026-11-02T09:01:00Z"}
    assert changed == {
        **made,
        **moved,
        "endpoint": {"__typename": "WebhookHttpEndpoint", "callbackUrl": f"{ADDRESS}/2"},
    }
    kept = app.mutate(UPDATE, {"id": made["id"], "input": {"includeFields": None, "name": "one"}})
    assert kept["webhookSubscription"]["includeFields"] == []
    assert kept["webhookSubscription"]["uri"] == f"{ADDRESS}/2"
    refused = app.refused(UPDATE, {"id": made["id"], "input": {"name": "two", "uri": ""}})
    assert faults(refused) == [
        ("webhookSubscription/callbackUrl", "Address can't be blank"),
        ("webhookSubscription/name", "Name already exists, no duplicate allowed"),
    ]


def test_deleting_one_and_what_is_not_there(app: Caller) -> None:
    made = create(app)["webhookSubscription"]
    gone = app.mutate(DELETE, {"id": made["id"]})
    assert gone["deletedWebhookSubscriptionId"] == made["id"]
    missing = [{"field": ["id"], "message": "Webhook subscription does not exist"}]
    assert app.refused(DELETE, {"id": made["id"]}) == {
        "deletedWebhookSubscriptionId": None,
        "userErrors": missing,
    }
    assert app.refused(UPDATE, {"id": made["id"], "input": {"uri": ADDRESS}}) == {
        "webhookSubscription": None,
        "userErrors": missing,
    }
    assert app.data("query($id: ID!) { webhookSubscription(id: $id) { id } }", {"id": made["id"]}) == {
        "webhookSubscription": None
    }
    assert "Invalid global id" in app.error(DELETE, {"id": "7"})["message"]


def test_lists_are_narrowed_sorted_and_counted(app: Caller) -> None:
    for topic in ("PRODUCTS_UPDATE", "PRODUCTS_CREATE", "SHOP_UPDATE"):
        create(app, topic=topic)
    create(app, topic="SHOP_UPDATE", uri=f"{ADDRESS}/2")

    def listed(**variables: Any) -> list[str]:
        nodes = app.data(LIST, variables)["webhookSubscriptions"]["nodes"]
        return [f"{node['topic']} {node['uri'].removeprefix(ADDRESS)}".strip() for node in nodes]

    assert listed() == ["PRODUCTS_UPDATE", "PRODUCTS_CREATE", "SHOP_UPDATE", "SHOP_UPDATE /2"]
    assert listed(reverse=True)[0] == "SHOP_UPDATE /2"
    assert listed(topics=["SHOP_UPDATE"]) == ["SHOP_UPDATE", "SHOP_UPDATE /2"]
    assert listed(uri=f"{ADDRESS}/2") == ["SHOP_UPDATE /2"]
    assert listed(query="topic:products/create") == ["PRODUCTS_CREATE"]
    count = app.data(LIST, {"query": "topic:shop/update"})["webhookSubscriptionsCount"]
    assert count == {"count": 2, "precision": "EXACT"}


def test_an_app_sees_its_own_in_this_shop_alone(app: Caller) -> None:
    app.call.installation.app.subscriptions = []
    made = create(app)["webhookSubscription"]
    register_app(app.sandbox, "other", "secret", scopes=("read_products",))
    other = install_app(app.sandbox, app.shop, "other")
    stranger = Caller(app.sandbox, app.shop, Call(app.sandbox, app.shop, other, "2026-10"), app.clock)
    assert stranger.data(LIST, {})["webhookSubscriptions"]["nodes"] == []
    assert stranger.refused(DELETE, {"id": made["id"]})["userErrors"] != []
    assert len(app.data(LIST, {})["webhookSubscriptions"]["nodes"]) == 1


def test_they_go_with_the_installation(app: Caller) -> None:
    create(app)
    client = app.call.installation.app.client_id
    uninstall_app(app.shop, client)
    assert install_app(app.sandbox, app.shop, client).subscriptions == {}


async def test_those_of_the_file_are_not_listed_but_told() -> None:
    async with told("products/create", more='include_fields = ["id", "variants.sku"]') as world:
        api = Caller(
            world.sandbox,
            world.shop,
            Call(world.sandbox, world.shop, world.installation, "2026-10"),
            world.clock,
        )
        assert api.data(LIST, {})["webhookSubscriptionsCount"] == {"count": 0, "precision": "EXACT"}
        create(api, topic="PRODUCTS_CREATE", uri="https://other.test/hook", includeFields=["title"])
        product = edits.add_product(world.shop, "Cup", "9", "CUP", "1")
        bodies = {got.url: got.body for got in await world.settle()}
        assert bodies == {
            f"{APP_URL}/webhooks": {"id": product.id, "variants": [{"sku": "CUP"}]},
            "https://other.test/hook": {"title": "Cup"},
        }


# The app's file


@pytest.fixture
def sandbox() -> Sandbox:
    return make_sandbox()


@pytest.fixture
def configured(sandbox: Sandbox) -> App:
    return the_app(sandbox)


FILE = """
application_url = "https://in-the-file.test/app"
[webhooks]
api_version = "2026-07"

[[webhooks.subscriptions]]
topics = ["products/update", "products/delete"]
uri = "/webhooks"
include_fields = ["id", "updated_at"]

[[webhooks.subscriptions]]
topics = ["app/uninstalled"]
uri = "https://elsewhere.test/bye"
name = "bye"

[[webhooks.subscriptions]]
compliance_topics = ["customers/redact", "customers/data_request", "shop/redact"]
uri = "/webhooks/compliance"
"""


def test_a_file_becomes_subscriptions(sandbox: Sandbox, configured: App) -> None:
    assert configure(sandbox, configured, FILE, "http://127.0.0.1:8000/") == []
    assert [(one.topic, one.uri, one.include_fields, one.name) for one in configured.subscriptions] == [
        ("products/update", "http://127.0.0.1:8000/webhooks", ("id", "updated_at"), None),
        ("products/delete", "http://127.0.0.1:8000/webhooks", ("id", "updated_at"), None),
        ("app/uninstalled", "https://elsewhere.test/bye", (), "bye"),
        ("customers/redact", "http://127.0.0.1:8000/webhooks/compliance", (), None),
        ("customers/data_request", "http://127.0.0.1:8000/webhooks/compliance", (), None),
        ("shop/redact", "http://127.0.0.1:8000/webhooks/compliance", (), None),
    ]
    assert {one.api_version for one in configured.subscriptions} == {"2026-07"}
    assert configured.webhook_version == "2026-07"


def test_without_an_address_the_files_own_counts(sandbox: Sandbox, configured: App) -> None:
    configure(sandbox, configured, FILE)
    assert configured.subscriptions[0].uri == "https://in-the-file.test/app/webhooks"


def test_the_apps_own_file_asks_for_nothing_in_vain(sandbox: Sandbox, configured: App) -> None:
    text = (Path(__file__).parents[2] / "shopify.app.toml").read_text("utf-8")
    assert configure(sandbox, configured, text, APP_URL) == []
    told_of = {one.topic for one in configured.subscriptions}
    assert told_of >= {"products/update", "inventory_levels/update", "app/uninstalled", *COMPLIANCE}


def test_a_second_file_replaces_the_first(sandbox: Sandbox, configured: App) -> None:
    configure(sandbox, configured, FILE)
    configure(sandbox, configured, '[webhooks]\napi_version = "2026-10"')
    assert (configured.subscriptions, configured.webhook_version) == ([], "2026-10")


def test_what_a_file_asks_for_in_vain_is_said(sandbox: Sandbox, configured: App) -> None:
    text = """[webhooks]
api_version = "2025-01"
[[webhooks.subscriptions]]
topics = ["orders/create", "products/update"]
uri = "https://app.test/"
filter = "status:active"
"""
    assert configure(sandbox, configured, text) == [
        "API version 2025-01 is answered as 2026-07.",
        "Webhooks of orders/create are not simulated.",
        "Filters are not simulated: 'status:active' lets everything through.",
    ]
    assert [one.topic for one in configured.subscriptions] == ["products/update"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[webhooks", "The file is no TOML"),
        ("name = 'x'", r"\[webhooks\] lacks api_version"),
        ("{}", "The file is no TOML"),
        ("topics = []\nuri = '/w'", "neither topics nor compliance_topics"),
        ("topics = 'products/update'\nuri = '/w'", "topics must be a list of texts"),
        ("topics = ['products/update']", "The subscription to products/update has no uri"),
        ("topics = ['products/update']\nuri = 'ftp://app.test'", "ftp://app.test is no address"),
        ("topics = ['shop/redact']\nuri = '/w'", "shop/redact must stand under compliance_topics"),
        ("compliance_topics = ['products/update']\nuri = '/w'", "products/update is no compliance topic"),
    ],
)
def test_a_file_that_shopify_would_not_take(
    sandbox: Sandbox, configured: App, text: str, message: str
) -> None:
    if "topics" in text:
        text = f'[webhooks]\napi_version = "2026-10"\n[[webhooks.subscriptions]]\n{text}'
    with pytest.raises(ConfigurationError, match=message):
        configure(sandbox, configured, text, APP_URL)
    assert the_app(sandbox).subscriptions == []
    assert sandbox.apps[CLIENT_ID].webhook_version is None

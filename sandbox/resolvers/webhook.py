"""Webhook subscriptions of the calling app in the shop: found, made, changed, taken back.

Those of the app's configuration file are not among them, as at Shopify.
"""

from typing import Any

from sandbox.commands import webhooks
from sandbox.commands.errors import RefusedError
from sandbox.commands.specs import UNSET
from sandbox.commands.webhooks import MISSING, SubscriptionSpec
from sandbox.context import Call
from sandbox.failures import FieldError, NotSimulatedError
from sandbox.ids import gid
from sandbox.paging import Connection, Key, connect_sorted, sort_value
from sandbox.plan import Args
from sandbox.resolvers import lookup
from sandbox.resolvers.fields import Fields, always, attr, count, own_id
from sandbox.resolvers.payload import Payload, refused
from sandbox.schema import VERSIONS
from sandbox.search import Field, parse, predicate
from sandbox.store.subscription import Subscription
from sandbox.webhook_topics import BY_ENUM, enumerated

MAX_COUNT = 10_000
_SEARCH: dict[str, Field] = {
    "default": Field("words", lambda row: (row.topic,)),
    "id": Field("number", lambda row: (row.id,)),
    "topic": Field("text", lambda row: (row.topic, enumerated(row.topic))),
    "endpoint": Field("text", lambda row: (row.uri,)),
    "created_at": Field("time", lambda row: (row.created_at,)),
    "updated_at": Field("time", lambda row: (row.updated_at,)),
}


def _endpoint(subscription: Subscription, args: Args, ctx: Call) -> dict[str, str]:
    return {"__typename": "WebhookHttpEndpoint", "callbackUrl": subscription.uri}


def _version(subscription: Subscription, args: Args, ctx: Call) -> dict[str, Any]:
    handle = subscription.api_version
    return {"handle": handle, "displayName": handle, "supported": handle in VERSIONS}


SUBSCRIPTION: Fields = {
    "id": own_id("WebhookSubscription"),
    "legacyResourceId": attr("id"),
    "topic": lambda s, args, ctx: enumerated(s.topic),
    "uri": attr("uri"),
    "callbackUrl": attr("uri"),
    "endpoint": _endpoint,
    "format": always("JSON"),
    "includeFields": lambda s, args, ctx: list(s.include_fields),
    "metafieldNamespaces": always([]),
    "metafields": always([]),
    "filter": attr("filter"),
    "name": attr("name"),
    "apiVersion": _version,
    "createdAt": attr("created_at"),
    "updatedAt": attr("updated_at"),
}


def subscriptions(source: Any, args: Args, ctx: Call) -> Connection:
    matches = predicate(parse(args.get("query") or ""), _SEARCH, "webhookSubscriptions")
    topics = args.get("topics")
    address = args.get("uri") or args.get("callbackUrl")
    by_time = args.get("sortKey", "CREATED_AT") == "CREATED_AT"

    def key(row: Subscription) -> Key:
        return (sort_value(row.created_at) if by_time else row.id, row.id)

    entries = [
        (key(row), row)
        for row in ctx.installation.subscriptions.values()
        if matches(row)
        and (topics is None or enumerated(row.topic) in topics)
        and (address is None or row.uri == address)
        and args.get("format") != "XML"
    ]
    entries.sort(key=lambda entry: entry[0])
    return connect_sorted(entries, args, "webhookSubscriptions", unpaged=ctx.unpaged)


def subscriptions_count(source: Any, args: Args, ctx: Call) -> dict[str, Any]:
    matches = predicate(parse(args.get("query") or ""), _SEARCH, "webhookSubscriptionsCount")
    found = sum(1 for row in ctx.installation.subscriptions.values() if matches(row))
    limit = args.get("limit")
    return count(found, MAX_COUNT if limit is None else limit)


def subscription(source: Any, args: Args, ctx: Call) -> Subscription | None:
    found: Subscription | None = lookup.of_kind(ctx, args["id"], "WebhookSubscription")
    return found


def create(source: Any, args: Args, ctx: Call) -> Payload:
    topic = BY_ENUM.get(args["topic"])
    if topic is None:
        raise NotSimulatedError(f"webhooks of {args['topic']}")
    try:
        made = webhooks.subscribe(
            ctx.shop, ctx.installation, topic, ctx.version, _spec(args["webhookSubscription"])
        )
    except RefusedError as refusal:
        return refused(refusal.errors, "webhookSubscription")
    return {"webhookSubscription": made, "userErrors": []}


def update(source: Any, args: Args, ctx: Call) -> Payload:
    present = subscription(source, args, ctx)
    if present is None:
        return refused([MISSING], "webhookSubscription")
    try:
        webhooks.change(ctx.shop, ctx.installation, present, _spec(args["webhookSubscription"]))
    except RefusedError as refusal:
        return refused(refusal.errors, "webhookSubscription")
    return {"webhookSubscription": present, "userErrors": []}


def delete(source: Any, args: Args, ctx: Call) -> Payload:
    present = subscription(source, args, ctx)
    if present is None:
        return refused([MISSING], "deletedWebhookSubscriptionId")
    webhooks.unsubscribe(ctx.installation, present)
    return {"deletedWebhookSubscriptionId": gid("WebhookSubscription", present.id), "userErrors": []}


def _spec(given: dict[str, Any]) -> SubscriptionSpec:
    if given.get("format") == "XML":
        raise NotSimulatedError("webhooks in XML")
    if given.get("metafields") or given.get("metafieldNamespaces"):
        raise NotSimulatedError("metafields in webhooks")
    if given.get("uri") is not None and given.get("callbackUrl") is not None:
        raise FieldError("Only one of uri and callbackUrl can be given", "BAD_REQUEST")
    uri = given.get("uri", given.get("callbackUrl", UNSET))
    fields = given.get("includeFields", UNSET)
    return SubscriptionSpec(
        uri,
        fields if fields is UNSET else tuple(fields or ()),
        given.get("filter", UNSET),
        given.get("name", UNSET),
    )


QUERIES: Fields = {
    "webhookSubscription": subscription,
    "webhookSubscriptions": subscriptions,
    "webhookSubscriptionsCount": subscriptions_count,
}
MUTATIONS: Fields = {
    "webhookSubscriptionCreate": create,
    "webhookSubscriptionUpdate": update,
    "webhookSubscriptionDelete": delete,
}

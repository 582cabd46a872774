"""What Shopify may say of subscriptions, in shapes that no sandbox sends."""

from decimal import Decimal
from typing import Any

import httpx
import pytest

from backend.billing.plans import Interval, Price
from backend.billing.subscription import SubscriptionStatus
from backend.errors import Refused, Unavailable
from backend.shopify.billing import ShopBilling
from tests.shopify.wire import reply, scripted

GID = "gid://shopify/AppSubscription/1"
RECURRING = {"interval": "EVERY_30_DAYS", "price": {"amount": "19.0", "currencyCode": "USD"}}
PRICE = Price(Decimal("19.00"), "USD", Interval.EVERY_30_DAYS)


def node(status: str = "ACTIVE", *details: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": GID,
        "name": "Growth",
        "status": status,
        "createdAt": "2026-11-24T12:00:00Z",
        "lineItems": [{"plan": {"pricingDetails": each}} for each in details or (RECURRING,)],
    }


def standing(*active: dict[str, Any], nodes: Any = (), development: bool = False) -> dict[str, Any]:
    return {
        "shop": {"plan": {"partnerDevelopment": development}},
        "currentAppInstallation": {"activeSubscriptions": list(active)},
        "nodes": list(nodes),
    }


async def test_what_is_charged_is_read_with_its_price() -> None:
    client, _ = scripted(reply(standing(node(), nodes=[node("FROZEN"), None], development=True)))
    read = await ShopBilling(client).read([GID, "gid://shopify/AppSubscription/2"])
    (active,) = read.active
    assert (active.gid, active.name, active.price) == (GID, "Growth", PRICE)
    assert read.test_only
    frozen = read.known[GID]
    assert frozen is not None
    assert frozen.status is SubscriptionStatus.FROZEN
    assert read.known["gid://shopify/AppSubscription/2"] is None


async def test_what_is_charged_by_use_has_no_price_and_accepted_is_active() -> None:
    client, _ = scripted(reply(standing(node("ACCEPTED", {}), node("ACTIVE", RECURRING, {}))))
    by_use, both = (await ShopBilling(client).read()).active
    assert (by_use.price, by_use.status) == (None, SubscriptionStatus.ACTIVE)
    assert both.price == PRICE


@pytest.mark.parametrize(
    "data",
    [
        standing(node("MELTED")),
        standing(node("ACTIVE", {"interval": "WEEKLY", "price": RECURRING["price"]})),
        standing(node("ACTIVE", {"interval": "ANNUAL", "price": {"amount": "much", "currencyCode": "USD"}})),
        standing(nodes=[node()]),
        {"shop": None},
    ],
)
async def test_an_answer_of_another_shape_is_no_answer(data: dict[str, Any]) -> None:
    client, _ = scripted(reply(data))
    with pytest.raises(Unavailable):
        await ShopBilling(client).read()


async def test_a_request_whose_answer_got_lost_is_not_sent_again() -> None:
    client, script = scripted(httpx.ReadError("gone"), reply({}))
    with pytest.raises(Unavailable) as caught:
        await ShopBilling(client).ask("Growth", PRICE, "https://app.test/plan", test=False)
    assert caught.value.sent
    assert len(script.sent) == 1


async def test_shopifys_words_come_through() -> None:
    complaint = [{"field": None, "message": "Managed Pricing Apps cannot use the Billing API"}]
    refused = {"appSubscription": None, "confirmationUrl": None, "userErrors": complaint}
    client, _ = scripted(
        reply({"appSubscriptionCreate": refused}), reply({"appSubscriptionCancel": {"userErrors": complaint}})
    )
    for call in (
        ShopBilling(client).ask("Growth", PRICE, "https://app.test/plan", test=False),
        ShopBilling(client).cancel(GID),
    ):
        with pytest.raises(Refused, match="Managed Pricing Apps cannot use the Billing API"):
            await call


async def test_a_price_goes_out_as_text() -> None:
    made = {"appSubscription": {"id": GID}, "confirmationUrl": "https://shop.test/c", "userErrors": []}
    client, script = scripted(reply({"appSubscriptionCreate": made}))
    asked = await ShopBilling(client).ask("Growth", PRICE, "https://app.test/plan", test=True)
    assert (asked.gid, asked.confirmation_url) == (GID, "https://shop.test/c")
    (variables,) = script.sent
    assert variables == {
        "name": "Growth",
        "returnUrl": "https://app.test/plan",
        "lineItems": [
            {
                "plan": {
                    "appRecurringPricingDetails": {
                        "price": {"amount": "19.00", "currencyCode": "USD"},
                        "interval": "EVERY_30_DAYS",
                    }
                }
            }
        ],
        "test": True,
    }

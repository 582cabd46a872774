"""What an app charges a shop: subscriptions asked for, read and cancelled (manual pricing).

shopify.dev, appSubscriptionCreate: the merchant approves at the confirmation address, within two days; the
address it returns to proves nothing, so what became of a subscription is always read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from backend.billing.plans import Interval, Price
from backend.billing.subscription import BillingRead, Subscription, SubscriptionStatus
from backend.errors import Refused
from backend.shopify import decode
from backend.shopify.client import ShopClient
from backend.shopify.decode import decoding
from backend.shopify.documents import document
from backend.shopify.outcome import complaints

# Deprecated, and never seen for long: what is accepted becomes active at once.
_ACCEPTED = "ACCEPTED"


@dataclass(frozen=True, slots=True)
class Asked:
    """A subscription that waits for the merchant at `confirmation_url`."""

    gid: str
    confirmation_url: str


@dataclass(frozen=True, slots=True)
class ShopBilling:
    client: ShopClient

    async def read(self, ids: Sequence[str] = ()) -> BillingRead:
        """What is charged now, and the subscriptions with these ids."""
        answer = await self.client.query(document("Billing"), {"ids": list(ids)})
        with decoding():
            data = answer.data
            nodes = data["nodes"]
            if len(nodes) != len(ids):
                raise ValueError("another number of nodes than ids")
            return BillingRead(
                active=tuple(
                    _subscription(node) for node in data["currentAppInstallation"]["activeSubscriptions"]
                ),
                known={
                    gid: _subscription(node) if node else None for gid, node in zip(ids, nodes, strict=True)
                },
                test_only=bool(data["shop"]["plan"]["partnerDevelopment"]),
            )

    async def ask(self, name: str, price: Price, return_url: str, *, test: bool) -> Asked:
        """Ask for a subscription, which replaces the present one at once when the merchant approves.

        Raises `Refused` with Shopify's words. An answer that got lost leaves one that nobody can approve, and
        that expires.
        """
        recurring = {
            "price": {"amount": str(price.amount), "currencyCode": price.currency},
            "interval": price.interval.value,
        }
        variables = {
            "name": name,
            "returnUrl": return_url,
            "lineItems": [{"plan": {"appRecurringPricingDetails": recurring}}],
            "test": test,
        }
        answer = await self.client.query(document("CreateSubscription"), variables)
        with decoding():
            payload = answer.data["appSubscriptionCreate"]
            _demand_no_complaint(payload)
            return Asked(str(payload["appSubscription"]["id"]), str(payload["confirmationUrl"]))

    async def cancel(self, gid: str) -> None:
        """End a subscription now; what is paid for the time after is given back. Raises `Refused`, for one
        that is over already too."""
        answer = await self.client.query(document("CancelSubscription"), {"id": gid})
        with decoding():
            _demand_no_complaint(answer.data["appSubscriptionCancel"])


def _demand_no_complaint(payload: Mapping[str, Any]) -> None:
    for each in complaints(payload["userErrors"]):
        raise Refused(each.message, shopify_code=each.code, field=each.field)


def _subscription(node: Mapping[str, Any]) -> Subscription:
    status = str(node["status"])
    return Subscription(
        gid=str(node["id"]),
        name=str(node["name"]),
        status=SubscriptionStatus.ACTIVE if status == _ACCEPTED else SubscriptionStatus(status),
        price=_price(node["lineItems"]),
        created_at=decode.moment(node["createdAt"]),
    )


def _price(items: Sequence[Mapping[str, Any]]) -> Price | None:
    """Of the one recurring charge."""
    details = [item["plan"]["pricingDetails"] for item in items]
    recurring = [each for each in details if "price" in each]
    if len(recurring) != 1:
        return None
    price = recurring[0]["price"]
    amount = Decimal(price["amount"]).quantize(Decimal("0.01"))
    return Price(amount, str(price["currencyCode"]), Interval(recurring[0]["interval"]))

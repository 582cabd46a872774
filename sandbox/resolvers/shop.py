"""Shop, the calling app and its installation."""

from typing import Any

from sandbox.bucket import Tier
from sandbox.commands.option_plan import MAX_OPTIONS
from sandbox.commands.variants import MAX_VARIANTS
from sandbox.context import Call
from sandbox.ids import gid
from sandbox.plan import Args
from sandbox.resolvers import billing, inventory, query
from sandbox.resolvers.fields import Fields, always, attr, own_id
from sandbox.resolvers.metafield import METAFIELDS
from sandbox.store.app import App, Installation
from sandbox.store.shop import Shop

_PLANS = {
    Tier.STANDARD: "Basic",
    Tier.ADVANCED: "Advanced",
    Tier.PLUS: "Shopify Plus",
    Tier.ENTERPRISE: "Shopify Plus",
}
LOCATION_LIMIT = 200


def _plan(shop: Shop, args: Args, ctx: Call) -> dict[str, Any]:
    name = "Development" if shop.partner_development else _PLANS[shop.tier]
    return {
        "displayName": name,
        "publicDisplayName": name,
        "partnerDevelopment": shop.partner_development,
        "shopifyPlus": shop.tier in (Tier.PLUS, Tier.ENTERPRISE),
    }


def _domain(shop: Shop, args: Args, ctx: Call) -> dict[str, Any]:
    return {
        "id": gid("Domain", shop.id),
        "host": shop.domain,
        "url": f"https://{shop.domain}",
        "sslEnabled": True,
    }


def _limits(shop: Shop, args: Args, ctx: Call) -> dict[str, Any]:
    return {
        "locationLimit": LOCATION_LIMIT,
        "maxProductOptions": MAX_OPTIONS,
        "maxProductVariants": MAX_VARIANTS,
        "redirectLimitReached": False,
    }


def _address(shop: Shop, args: Args, ctx: Call) -> dict[str, Any]:
    return {"id": gid("ShopAddress", shop.id), **inventory.address_of(shop.address)}


SHOP: Fields = {
    "id": own_id("Shop"),
    "name": attr("name"),
    "myshopifyDomain": attr("domain"),
    "primaryDomain": _domain,
    "url": lambda s, args, ctx: f"https://{s.domain}",
    "email": attr("email"),
    "contactEmail": attr("contact_email"),
    "shopOwnerName": attr("owner"),
    "currencyCode": attr("currency"),
    "enabledPresentmentCurrencies": lambda s, args, ctx: [s.currency],
    "ianaTimezone": attr("timezone"),
    "weightUnit": attr("weight_unit"),
    "unitSystem": lambda s, args, ctx: (
        "IMPERIAL_SYSTEM" if s.weight_unit in ("POUNDS", "OUNCES") else "METRIC_SYSTEM"
    ),
    "plan": _plan,
    "resourceLimits": _limits,
    "billingAddress": _address,
    "shopAddress": _address,
    "setupRequired": always(False),
    "taxesIncluded": always(True),
    "taxShipping": always(False),
    "checkoutApiSupported": always(True),
    "createdAt": attr("created_at"),
    "updatedAt": attr("updated_at"),
    "locations": inventory.locations,
    "products": query.products,
    "productVariants": query.product_variants,
    "inventoryItems": query.inventory_items,
    **METAFIELDS,
}

_DESCRIPTIONS = {"read": "Read", "write": "Modify"}


def _scopes(handles: Any) -> list[dict[str, str]]:
    return [
        {
            "handle": handle,
            "description": f"{_DESCRIPTIONS.get(handle.partition('_')[0], 'Use')} "
            f"{handle.partition('_')[2].replace('_', ' ')}",
        }
        for handle in sorted(handles)
    ]


INSTALLATION: Fields = {
    "id": own_id("AppInstallation"),
    "app": attr("app"),
    "accessScopes": lambda i, args, ctx: _scopes(i.scopes),
    "activeSubscriptions": billing.active,
    "subscriptions": billing.active,
    "allSubscriptions": billing.every,
    "launchUrl": lambda i, args, ctx: i.app.url or "https://app.invalid/",
    "uninstallUrl": always(None),
}

APP: Fields = {
    "id": own_id("App"),
    "apiKey": attr("client_id"),
    "title": attr("title"),
    "handle": attr("handle"),
    "embedded": always(True),
    "installation": lambda a, args, ctx: ctx.installation if a is ctx.installation.app else None,
    "requestedAccessScopes": lambda a, args, ctx: _scopes(a.scopes),
    "launchUrl": lambda a, args, ctx: a.url or "https://app.invalid/",
    "shopifyDeveloped": always(False),
}


def app(source: Any, args: Args, ctx: Call) -> App | None:
    """Without an id: the calling app."""
    mine = ctx.installation.app
    return mine if args.get("id") in (None, gid("App", mine.id)) else None


def installation(source: Any, args: Args, ctx: Call) -> Installation | None:
    mine = ctx.installation
    return mine if args.get("id") in (None, gid("AppInstallation", mine.id)) else None

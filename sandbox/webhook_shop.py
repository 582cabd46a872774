"""The body of shop/update and app/uninstalled: the shop as the REST resource has it."""

from typing import Any
from zoneinfo import ZoneInfo

from sandbox.bucket import Tier
from sandbox.store.shop import Shop
from sandbox.webhook_values import WEIGHT_UNITS, local

_PLANS = {
    Tier.STANDARD: ("Basic", "basic"),
    Tier.ADVANCED: ("Advanced", "unlimited"),
    Tier.PLUS: ("Shopify Plus", "shopify_plus"),
    Tier.ENTERPRISE: ("Shopify Plus", "shopify_plus"),
}


def shop_payload(shop: Shop) -> dict[str, Any]:
    place = shop.address
    plan = ("Development", "partner_test") if shop.partner_development else _PLANS[shop.tier]
    money = f"{{{{amount}}}} {shop.currency}"
    return {
        "id": shop.id,
        "name": shop.name,
        "email": shop.email,
        "domain": shop.domain,
        "province": place.province or None,
        "country": place.country_code,
        "address1": place.address1 or None,
        "zip": place.zip or None,
        "city": place.city or None,
        "source": None,
        "phone": place.phone or None,
        "latitude": None,
        "longitude": None,
        "primary_locale": shop.locale,
        "address2": place.address2 or None,
        "created_at": local(shop, shop.created_at),
        "updated_at": local(shop, shop.updated_at),
        "country_code": place.country_code,
        "country_name": place.country,
        "currency": shop.currency,
        "customer_email": shop.contact_email,
        "timezone": _timezone(shop),
        "iana_timezone": shop.timezone,
        "shop_owner": shop.owner,
        "money_format": money,
        "money_with_currency_format": money,
        "weight_unit": WEIGHT_UNITS[shop.weight_unit],
        "province_code": place.province_code or None,
        "taxes_included": True,
        "auto_configure_tax_inclusivity": None,
        "tax_shipping": False,
        "county_taxes": True,
        "plan_display_name": plan[0],
        "plan_name": plan[1],
        "has_discounts": False,
        "has_gift_cards": False,
        "myshopify_domain": shop.domain,
        "google_apps_domain": None,
        "google_apps_login_enabled": None,
        "money_in_emails_format": money,
        "money_with_currency_in_emails_format": money,
        "eligible_for_payments": True,
        "requires_extra_payments_agreement": False,
        "password_enabled": False,
        "has_storefront": True,
        "finances": True,
        "primary_location_id": shop.primary_location.id,
        "checkout_api_supported": True,
        "multi_location_enabled": True,
        "setup_required": False,
        "pre_launch_enabled": False,
        "enabled_presentment_currencies": [shop.currency],
        "marketing_sms_consent_enabled_at_checkout": False,
        "transactional_sms_disabled": False,
    }


def _timezone(shop: Shop) -> str:
    """(GMT+01:00) Europe/Berlin"""
    offset = shop.created_at.astimezone(ZoneInfo(shop.timezone)).strftime("%z")
    return f"(GMT{offset[:3]}:{offset[3:]}) {shop.timezone}"

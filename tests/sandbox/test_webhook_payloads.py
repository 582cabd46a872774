"""What stands in the bodies, field by field."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from sandbox import bulk, edits
from sandbox.commands import inventory
from sandbox.commands.product_set import set_product
from sandbox.commands.products import delete_product
from sandbox.commands.shops import (
    add_location,
    delete_location,
    edit_shop,
    install_app,
    rename_location,
    set_location_active,
    uninstall_app,
)
from sandbox.commands.specs import (
    FileSpec,
    ItemFields,
    ProductFields,
    ProductSpec,
    QuantitySpec,
    VariantFields,
    VariantSpec,
    choices_of,
    options_of,
)
from sandbox.context import Call
from sandbox.ids import gid
from sandbox.store.location import Address
from sandbox.store.product import Product
from sandbox.webhook_payloads import app_subscription, selected
from tests.sandbox.edges import CLIENT_ID, DOMAIN, make_sandbox, only_shop
from tests.sandbox.receiver import COMPLIANCE, Shopped, told

NINE = "2026-11-02T10:00:00+01:00"
"""The clock's nine o'clock in Berlin, where the shop is."""

SHOP_FIELDS = re.findall(
    r"\w+",
    """
id name email domain province country address1 zip city source phone latitude longitude primary_locale
address2 created_at updated_at country_code country_name currency customer_email timezone iana_timezone
shop_owner money_format money_with_currency_format weight_unit province_code taxes_included
auto_configure_tax_inclusivity tax_shipping county_taxes plan_display_name plan_name has_discounts
has_gift_cards myshopify_domain google_apps_domain google_apps_login_enabled money_in_emails_format
money_with_currency_in_emails_format eligible_for_payments requires_extra_payments_agreement password_enabled
has_storefront finances primary_location_id checkout_api_supported multi_location_enabled setup_required
pre_launch_enabled enabled_presentment_currencies marketing_sms_consent_enabled_at_checkout
transactional_sms_disabled
""",
)


def shirt(world: Shopped, sizes: tuple[str, ...] = ("S", "M"), **changed: Any) -> Product:
    """A shirt in sizes, tracked, five of each at the primary location."""
    shop = world.shop
    return set_product(
        shop,
        ProductSpec(
            ProductFields(
                title="Shirt",
                description_html="<p>Linen</p>",
                vendor="Olmo",
                product_type="Tops",
                tags=("summer", "Linen"),
                **changed,
            ),
            options_of({"Size": sizes}),
            tuple(
                VariantSpec(
                    choices=choices_of({"Size": size}),
                    fields=VariantFields(
                        price=Decimal("19.9"), compare_at_price=Decimal(25), barcode=f"40{place}"
                    ),
                    item=ItemFields(sku=f"SHIRT-{size}", tracked=True),
                    quantities=(QuantitySpec(shop.primary_location.id, 5),),
                )
                for place, size in enumerate(sizes)
            ),
            files=(FileSpec(original_source="https://pictures.test/shirt.png", alt="A shirt"),),
        ),
    )


async def test_a_product_in_full() -> None:
    async with told("products/create", "products/update") as world:
        product = shirt(world)
        created = await world.one("products/create")
        small, medium = product.variants
        picture = product.media[0]
        assert created.body == {
            "admin_graphql_api_id": gid("Product", product.id),
            "body_html": "<p>Linen</p>",
            "created_at": NINE,
            "handle": "shirt",
            "id": product.id,
            "product_type": "Tops",
            "published_at": None,
            "template_suffix": None,
            "title": "Shirt",
            "updated_at": NINE,
            "vendor": "Olmo",
            "status": "active",
            "published_scope": "web",
            "tags": "Linen, summer",
            "variants": [
                {
                    "admin_graphql_api_id": gid("ProductVariant", variant.id),
                    "barcode": f"40{place}",
                    "compare_at_price": "25.00",
                    "created_at": NINE,
                    "id": variant.id,
                    "inventory_policy": "deny",
                    "position": place + 1,
                    "price": "19.90",
                    "product_id": product.id,
                    "sku": f"SHIRT-{size}",
                    "taxable": True,
                    "title": size,
                    "updated_at": NINE,
                    "option1": size,
                    "option2": None,
                    "option3": None,
                    "image_id": None,
                    "inventory_item_id": variant.item.id,
                    "inventory_quantity": 5,
                    "old_inventory_quantity": 5,
                }
                for place, (size, variant) in enumerate((("S", small), ("M", medium)))
            ],
            "options": [
                {
                    "name": "Size",
                    "id": product.options[0].id,
                    "product_id": product.id,
                    "position": 1,
                    "values": ["S", "M"],
                }
            ],
            "images": [],
            "image": None,
            "media": [
                {
                    "id": picture.id,
                    "product_id": product.id,
                    "position": 1,
                    "created_at": NINE,
                    "updated_at": NINE,
                    "alt": "A shirt",
                    "status": "UPLOADED",
                    "media_content_type": "IMAGE",
                    "preview_image": {"width": None, "height": None, "src": None, "status": "UPLOADED"},
                    "variant_ids": [],
                    "admin_graphql_api_id": gid("MediaImage", picture.id),
                }
            ],
            "variant_gids": [
                {
                    "admin_graphql_api_id": gid("ProductVariant", variant.id),
                    "updated_at": "2026-11-02T09:00:00.000Z",
                }
                for variant in (small, medium)
            ],
            "has_variants_that_requires_components": False,
            "category": None,
        }
        assert product.id < 2**53 < 2**53 + 977 * 300

        world.clock.advance(60)
        edits.edit_product(world.shop, product, "title", "Shirt, white")
        updated = (await world.one("products/update")).body
        assert updated["updated_at"] == "2026-11-02T10:01:00+01:00"
        assert updated["image"] == updated["images"][0]
        assert updated["image"] == {
            "id": picture.id,
            "product_id": product.id,
            "position": 1,
            "created_at": NINE,
            "updated_at": NINE,
            "alt": "A shirt",
            "width": picture.width,
            "height": picture.height,
            "src": picture.url,
            "variant_ids": [],
            "admin_graphql_api_id": gid("ProductImage", picture.id),
        }
        assert updated["media"][0]["preview_image"] == {
            "width": picture.width,
            "height": picture.height,
            "src": picture.url,
            "status": "READY",
        }


async def test_ids_beyond_what_a_double_can_tell_apart_stay_whole() -> None:
    async with told("products/create") as world:
        while world.sandbox.ids.next() < 2**53:
            pass
        product = shirt(world, ("S",))
        assert product.id > 2**53
        content = (await world.one("products/create")).content
        assert f'"id":{product.id},'.encode() in content
        assert f'"inventory_item_id":{product.variants[0].item.id},'.encode() in content


async def test_a_hundred_variants_in_full_and_all_of_them_by_id() -> None:
    sizes = tuple(f"{size:03}" for size in range(130))
    async with told("products/create") as world:
        product = shirt(world, sizes)
        body = (await world.one("products/create")).body
        assert [variant["title"] for variant in body["variants"]] == list(sizes[:100])
        assert [named["admin_graphql_api_id"] for named in body["variant_gids"]] == [
            gid("ProductVariant", variant.id) for variant in product.variants
        ]


async def test_times_carry_the_offset_of_the_shop_and_of_the_season() -> None:
    async with told("products/update") as world:
        product = shirt(world, ("S",))
        await world.settle()
        edit_shop(world.shop, timezone="America/New_York")
        edits.edit_product(world.shop, product, "title", "Winter")
        assert (await world.one("products/update")).body["updated_at"] == "2026-11-02T04:00:00-05:00"
        world.clock.advance(240 * 86_400)
        edits.edit_product(world.shop, product, "title", "Summer")
        assert (await world.one("products/update")).body["updated_at"] == "2027-06-30T05:00:00-04:00"


async def test_stock_is_told_as_a_level_and_as_a_product() -> None:
    async with told() as world:
        product = shirt(world, ("S",))
        await world.settle()
        item, place = product.variants[0].item, world.shop.primary_location
        inventory.set_available(world.shop, item, place, 3)
        by_topic = {got.topic: got.body for got in await world.settle()}
        assert sorted(by_topic) == ["inventory_levels/update", "products/update"]
        assert by_topic["inventory_levels/update"] == {
            "inventory_item_id": item.id,
            "location_id": place.id,
            "available": 3,
            "updated_at": NINE,
            "admin_graphql_api_id": f"gid://shopify/InventoryLevel/{place.id}?inventory_item_id={item.id}",
        }
        assert by_topic["products/update"]["variants"][0]["inventory_quantity"] == 3

        edits.edit_variant(world.shop, product.variants[0], "tracked", "false")
        await world.settle()
        inventory.set_available(world.shop, item, place, 2)
        assert (await world.one("inventory_levels/update")).body["available"] is None


async def test_levels_come_and_go() -> None:
    async with told() as world:
        product = shirt(world, ("S",))
        annex = add_location(world.shop, "Annex")
        await world.settle()
        item = product.variants[0].item
        inventory.set_available(world.shop, item, annex, 4)
        connected = {got.topic: got.body for got in await world.settle()}
        assert connected["inventory_levels/connect"] == connected["inventory_levels/update"]
        assert connected["inventory_levels/connect"]["available"] == 4
        with world.shop.change() as change:
            inventory.deactivate(change, item.levels[annex.id])
        gone = await world.one("inventory_levels/disconnect")
        assert gone.body == {"inventory_item_id": item.id, "location_id": annex.id}


async def test_an_item_in_full_and_gone() -> None:
    async with told("inventory_items/create", "inventory_items/update", "inventory_items/delete") as world:
        product = shirt(world, ("S",))
        item = product.variants[0].item
        whole = {
            "id": item.id,
            "sku": "SHIRT-S",
            "created_at": NINE,
            "updated_at": NINE,
            "requires_shipping": True,
            "cost": None,
            "country_code_of_origin": None,
            "province_code_of_origin": None,
            "harmonized_system_code": None,
            "tracked": True,
            "country_harmonized_system_codes": [],
            "weight_value": 0.0,
            "weight_unit": "kg",
            "admin_graphql_api_id": gid("InventoryItem", item.id),
        }
        assert (await world.one("inventory_items/create")).body == whole
        edits.edit_variant(world.shop, product.variants[0], "cost", "7.5")
        assert (await world.one("inventory_items/update")).body == {**whole, "cost": "7.50"}
        delete_product(world.shop, product)
        assert (await world.one("inventory_items/delete")).body == {
            "id": item.id,
            "country_code_of_origin": None,
            "province_code_of_origin": None,
            "harmonized_system_code": None,
            "country_harmonized_system_codes": [],
            "admin_graphql_api_id": gid("InventoryItem", item.id),
        }


async def test_a_product_that_is_gone_is_told_by_its_id_alone() -> None:
    async with told("products/update", "products/delete") as world:
        product = shirt(world)
        await world.settle()
        delete_product(world.shop, product)
        (gone,) = await world.settle()
        assert (gone.topic, gone.body) == ("products/delete", {"id": product.id})


async def test_locations() -> None:
    async with told() as world:
        place = add_location(
            world.shop,
            "Store",
            address=Address(address1="Torstraße 1", city="Berlin", country="Germany", country_code="DE"),
        )
        whole = {
            "id": place.id,
            "name": "Store",
            "address1": "Torstraße 1",
            "address2": None,
            "city": "Berlin",
            "zip": None,
            "province": None,
            "country": "DE",
            "phone": None,
            "created_at": NINE,
            "updated_at": NINE,
            "country_code": "DE",
            "country_name": "Germany",
            "province_code": None,
            "legacy": False,
            "active": True,
            "admin_graphql_api_id": gid("Location", place.id),
        }
        assert [(got.topic, got.body) for got in await world.settle()] == [("locations/create", whole)]
        rename_location(world.shop, place, "Shop")
        assert (await world.one("locations/update")).body == {**whole, "name": "Shop"}
        set_location_active(world.shop, place, active=False)
        assert (await world.one("locations/deactivate")).body == {**whole, "name": "Shop", "active": False}
        set_location_active(world.shop, place, active=True)
        assert (await world.one("locations/activate")).body == {**whole, "name": "Shop"}
        set_location_active(world.shop, place, active=False)
        await world.settle()
        delete_location(world.shop, place)
        assert [(got.topic, got.body) for got in await world.settle()] == [
            ("locations/delete", {"id": place.id})
        ]
        assert place.id not in world.shop.locations


async def test_the_shop_itself() -> None:
    async with told("shop/update") as world:
        edit_shop(world.shop, name="Main Shop")
        assert await world.settle() == []
        world.clock.advance(3600)
        edit_shop(world.shop, currency="CHF", locale="de")
        body = (await world.one("shop/update")).body
        expected = {
            "id": world.shop.id,
            "name": "Main Shop",
            "myshopify_domain": DOMAIN,
            "currency": "CHF",
            "enabled_presentment_currencies": ["CHF"],
            "primary_locale": "de",
            "iana_timezone": "Europe/Berlin",
            "timezone": "(GMT+01:00) Europe/Berlin",
            "weight_unit": "kg",
            "created_at": NINE,
            "updated_at": "2026-11-02T11:00:00+01:00",
            "primary_location_id": world.shop.primary_location.id,
            "plan_name": "basic",
        }
        assert {name: body[name] for name in expected} == expected
        assert list(body) == SHOP_FIELDS


async def test_other_scopes() -> None:
    async with told("app/scopes_update") as world:
        install_app(world.sandbox, world.shop, CLIENT_ID)
        assert await world.settle() == []
        install_app(world.sandbox, world.shop, CLIENT_ID, ("write_products",))
        assert (await world.one("app/scopes_update")).body == {
            "id": world.app.id,
            "shop_id": gid("Shop", world.shop.id),
            "previous": ["read_locations", "write_inventory", "write_products"],
            "current": ["write_products"],
            "updated_at": "2026-11-02T09:00:00.000Z",
        }


async def test_a_bulk_operation_that_ends() -> None:
    async with told("bulk_operations/finish") as world:
        call = Call(world.sandbox, world.shop, world.installation, "2026-10")
        started = bulk.run_query(call, "{ products { edges { node { id } } } }")
        assert started.operation is not None
        await world.clock.run_until(_ended(world, started.operation.id))
        assert (await world.one("bulk_operations/finish")).body == {
            "admin_graphql_api_id": gid("BulkOperation", started.operation.id),
            "completed_at": "2026-11-02T10:00:01+01:00",
            "created_at": NINE,
            "error_code": None,
            "status": "completed",
            "type": "query",
        }


async def _ended(world: Shopped, number: int) -> None:
    while world.shop.bulk_operations[number].completed_at is None:
        await world.clock.sleep(0.1)


async def test_the_last_word_to_an_app_and_the_order_to_forget() -> None:
    async with told("app/uninstalled", compliance=COMPLIANCE) as world:
        uninstall_app(world.shop, CLIENT_ID)
        farewell = await world.one("app/uninstalled")
        body = farewell.body
        assert (body["id"], body["myshopify_domain"]) == (world.shop.id, DOMAIN)
        assert list(body) == SHOP_FIELDS
        await world.pass_time(48 * 3600 - 1)
        assert world.got == []
        await world.pass_time(1)
        (order,) = await world.settle()
        assert order.topic == "shop/redact"
        assert order.body == {"shop_id": world.shop.id, "shop_domain": DOMAIN}
        assert order.is_signed
        assert order.headers["X-Shopify-Event-Id"] != farewell.headers["X-Shopify-Event-Id"]


def test_a_subscription_to_a_plan() -> None:
    world_time = datetime(2026, 11, 2, 9, tzinfo=UTC)
    shop = only_shop(make_sandbox())
    assert app_subscription(
        shop,
        77,
        name="Pro",
        status="ACTIVE",
        plan_handle="pro",
        price=Decimal(19),
        created_at=world_time,
        updated_at=world_time,
    ) == {
        "app_subscription": {
            "admin_graphql_api_id": "gid://shopify/AppSubscription/77",
            "name": "Pro",
            "status": "ACTIVE",
            "admin_graphql_api_shop_id": gid("Shop", shop.id),
            "created_at": NINE,
            "updated_at": NINE,
            "currency": "USD",
            "capped_amount": None,
            "price": "19.00",
            "interval": "every_30_days",
            "plan_handle": "pro",
        }
    }


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ((), {"id": 1, "title": "Cup", "variants": [{"id": 2, "price": "1.00"}, {"id": 3, "price": "2.00"}]}),
        (("id",), {"id": 1}),
        (("variants.price", "id"), {"id": 1, "variants": [{"price": "1.00"}, {"price": "2.00"}]}),
        (
            ("variants.id", "variants.price"),
            {"variants": [{"id": 2, "price": "1.00"}, {"id": 3, "price": "2.00"}]},
        ),
        (("variants",), {"variants": [{"id": 2, "price": "1.00"}, {"id": 3, "price": "2.00"}]}),
        (("colour", "title.length"), {"title": "Cup"}),
    ],
)
def test_only_the_fields_that_were_asked_for(fields: tuple[str, ...], kept: dict[str, Any]) -> None:
    whole = {"id": 1, "title": "Cup", "variants": [{"id": 2, "price": "1.00"}, {"id": 3, "price": "2.00"}]}
    assert selected(whole, fields) == kept

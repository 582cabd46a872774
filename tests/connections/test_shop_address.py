import pytest

from backend.connections.shop_address import shop_domain
from backend.errors import UserError


@pytest.mark.parametrize(
    "pasted",
    [
        "north.myshopify.com",
        "NORTH.MyShopify.com",
        "  north.myshopify.com\n",
        "north .myshopify.com",
        "https://north.myshopify.com",
        "http://north.myshopify.com/",
        "//north.myshopify.com",
        "https://north.myshopify.com/admin/products?selectedView=all#top",
        "north.myshopify.com/collections/all",
        "https://www.north.myshopify.com",
        "north.myshopify.com.",
        "north.myshopify.com:443",
        "<https://north.myshopify.com>,",
        "\u201chttps://north.myshopify.com\u201d",
        "https://admin.shopify.com/store/north",
        "admin.shopify.com/store/north/settings/domains",
        "https://ADMIN.shopify.com/store/North?x=1",
        "\u200bnorth.myshopify.com\u00a0",
    ],
)
def test_what_people_paste_names_the_shop(pasted: str) -> None:
    assert shop_domain(pasted) == "north.myshopify.com"


@pytest.mark.parametrize(
    "pasted",
    [
        "shop.example.com",
        "https://www.example.de/products/tea",
        "example.shop",
        "bücher.de",
        "a.b.example.com",
    ],
)
def test_a_domain_of_its_own_is_told_apart(pasted: str) -> None:
    with pytest.raises(UserError) as caught:
        shop_domain(pasted)
    assert caught.value.code == "CUSTOM_DOMAIN"


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "   ",
        "north",
        "myshopify.com",
        ".myshopify.com",
        "-north.myshopify.com",
        "a.north.myshopify.com",
        "no_rth.myshopify.com",
        "nörth.myshopify.com",
        "north.myshopify.com@evil.example",
        "owner@north.myshopify.com",
        "owner@example.com",
        f"{'n' * 61}.myshopify.com",
        "admin.shopify.com",
        "https://admin.shopify.com/store/",
        "https://admin.shopify.com/store/no.rth",
        "https://partners.shopify.com/123",
        "javascript:alert(1)",
        "ftp://north.myshopify.com",
        "http://[",
        "http://127.0.0.1",
        "mss_abcdef_ghjkmn",
        "north.myshopify.com, south.myshopify.com",
        "x" * 4000,
        "a\x00b.myshopify.com",
    ],
)
def test_everything_else_is_no_address_of_a_shop(pasted: str) -> None:
    with pytest.raises(UserError) as caught:
        shop_domain(pasted)
    assert caught.value.code == "NOT_A_SHOP_ADDRESS"

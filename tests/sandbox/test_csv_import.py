from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import csv_rows
from sandbox.commands.shops import add_location
from sandbox.csv_columns import COLUMNS
from sandbox.csv_import import import_products
from sandbox.csv_rows import UnreadableFileError, read
from sandbox.draft import ImageDraft, MetafieldDraft
from sandbox.store.shop import Shop
from tests.sandbox.edges import make_sandbox, only_shop

DATA = Path(csv_rows.__file__).parent / "data"
HEADER = (
    "Handle,Title,Option1 Name,Option1 Value,Variant Price,Variant Inventory Tracker,Variant Inventory Qty"
)


@pytest.fixture
def shop() -> Shop:
    return only_shop(make_sandbox())


def lines(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def test_the_apparel_catalogue_comes_in_whole(shop: Shop) -> None:
    report = import_products(shop, (DATA / "apparel.csv").read_bytes())
    assert (report.rows, len(report.created), report.refusals, report.skipped) == (22, 20, [], [])
    top = shop.handles["classic-varsity-top"]
    assert [variant.title for variant in top.variants] == ["Small", "Medium", "Large"]
    assert [option.name for option in top.options] == ["Size"]
    assert {variant.price for variant in top.variants} == {Decimal("60.00")}
    assert top.tags == ("women",)
    assert top.vendor == "partners-demo"
    shirt = shop.handles["ocean-blue-shirt"]
    assert shirt.has_only_default_variant
    assert shirt.media[0].original_source.startswith("https://burst.shopifycdn.com/photos/young-man-in")
    assert shirt.media[0].url.startswith("http://sandbox.test/main-shop.myshopify.com/cdn/files/")
    assert all(variant.item.sku is None and not variant.item.tracked for variant in shop.variants)
    assert all(len(product.publications) == len(shop.publications) for product in shop.products)


def test_the_home_catalogue_keeps_compare_at_prices_tags_and_image_order(shop: Shop) -> None:
    report = import_products(shop, (DATA / "home-and-garden.csv").read_bytes())
    assert (report.rows, len(report.created), report.refusals) == (21, 20, [])
    pot = shop.handles["clay-plant-pot"]
    assert [str(variant.price) for variant in pot.variants] == ["9.99", "15.99"]
    assert [media.filename for media in pot.media] == [
        "single-sprout-in-a-pot_925x.jpg",
        "pot-with-a-single-sprout_925x.jpg",
    ]
    assert pot.tags == ("Plants", "Pot")
    assert pot.description_html == "<p>Classic blown clay pot for plants</p>"
    light = shop.handles["copper-light"].variants[0]
    assert light.compare_at_price == Decimal("75.00")


def test_every_column_means_what_shopify_says() -> None:
    row = {
        "Handle": "Fine Pan",
        "Title": "Fine Pan",
        "Body (HTML)": "<p>Iron</p>",
        "Vendor": "Smith",
        "Type": "Cookware",
        "Tags": '"heavy, iron , heavy"',
        "Published": "FALSE",
        "Status": "draft",
        "Option1 Name": "Size",
        "Option1 Value": "Big",
        "Variant SKU": "'0012",
        "Variant Grams": "1500",
        "Variant Weight Unit": "kg",
        "Variant Inventory Tracker": "shopify",
        "Variant Inventory Qty": "7",
        "Variant Inventory Policy": "continue",
        "Variant Fulfillment Service": "manual",
        "Variant Price": "59.9",
        "Variant Compare At Price": "80",
        "Cost per item": "20.5",
        "Variant Requires Shipping": "FALSE",
        "Variant Taxable": "FALSE",
        "Variant Tax Code": "P0000000",
        "Variant Barcode": "4006381333931",
        "Image Src": "https://x.example/b.jpg",
        "Image Position": "2",
        "Image Alt Text": "Back",
        "Variant Image": "https://x.example/v.jpg",
        "Gift Card": "FALSE",
        "SEO Title": "Pan",
        "SEO Description": "A pan",
        "Material (product.metafields.custom.material)": "iron",
        "Google Shopping / Gender": "unisex",
    }
    second = "Fine Pan" + "," * 23 + ",https://x.example/a.jpg,1,Front" + "," * 6
    file = read(lines(",".join(row), ",".join(row.values()), second))
    assert file.refusals == []
    assert file.ignored == ("Google Shopping / Gender",)
    product = file.products[0]
    draft, variant = product.draft, product.draft.variants[0]
    assert product.quantities == (7,)
    assert (draft.status, draft.published, draft.tags) == ("DRAFT", False, ("heavy", "iron"))
    assert (draft.seo_title, draft.seo_description, draft.gift_card) == ("Pan", "A pan", False)
    assert draft.images == (
        ImageDraft("https://x.example/a.jpg", "Front"),
        ImageDraft("https://x.example/b.jpg", "Back"),
        ImageDraft("https://x.example/v.jpg"),
    )
    assert draft.metafields == (MetafieldDraft("custom", "material", "single_line_text_field", "iron"),)
    assert (variant.sku, variant.barcode) == ("0012", "4006381333931")
    assert (variant.price, variant.compare_at_price, variant.cost) == (
        Decimal("59.90"),
        Decimal("80.00"),
        Decimal("20.50"),
    )
    assert (variant.tracked, variant.policy) == (True, "CONTINUE")
    assert (variant.weight, variant.weight_unit) == (Decimal("1.5"), "KILOGRAMS")
    assert (variant.requires_shipping, variant.taxable, variant.tax_code) == (False, False, "P0000000")
    assert variant.image == "https://x.example/v.jpg"


def test_the_newer_spelling_of_the_columns_is_known_too() -> None:
    header = "Title,URL handle,Description,SKU,Price,Inventory tracker,Inventory quantity"
    file = read(lines(header, "Cup,cup,<p>Cup</p>,C-1,4.5,shopify,3"))
    draft = file.products[0].draft
    assert (draft.title, draft.handle, draft.description_html) == ("Cup", "cup", "<p>Cup</p>")
    assert (draft.variants[0].sku, draft.variants[0].price) == ("C-1", Decimal("4.50"))
    assert file.products[0].quantities == (3,)


@pytest.mark.parametrize(
    ("rows", "line", "reason"),
    [
        (["a,,Size,S,1,,"], 2, "Title can't be blank"),
        ([f"a,{'x' * 256},,,1,,"], 2, "Title is too long (maximum is 255 characters)"),
        (["a,A,Size,S,x,,"], 2, "Variant Price is not a price: 'x'"),
        (["a,A,Size,S,-1,,"], 2, "Variant Price is not a price: '-1'"),
        (["a,A,Size,S,NaN,,"], 2, "Variant Price is not a price: 'NaN'"),
        (["a,A,,S,1,,"], 2, "Option1 Value is given without Option1 Name."),
        (["a,A,Size,,1,,"], 2, "You need to add option values for Size"),
        (["a,A,Size,S,1,amazon,"], 2, "Inventory tracker 'amazon' does not exist in this shop."),
        (["a,A,Size,S,1,shopify,3.5"], 2, "Variant Inventory Qty is not a whole number: '3.5'"),
        (
            ["a,A,Size,S,1,,", "a,,,S,2,,"],
            3,
            "The variant 'S' already exists. Please change at least one option value.",
        ),
    ],
)
def test_a_wrong_product_is_refused_with_its_line_and_the_others_go_on(
    shop: Shop, rows: list[str], line: int, reason: str
) -> None:
    report = import_products(shop, lines(HEADER, *rows, "good,Good,,,5,,"))
    assert [(refusal.row, refusal.reason, refusal.rows) for refusal in report.refusals] == [
        (line, reason, len(rows))
    ]
    assert [product.handle for product in report.created] == ["good"]


def test_rows_of_a_product_must_follow_one_another() -> None:
    file = read(lines(HEADER, "a,A,Size,S,1,,", "b,B,,,1,,", "a,,,M,1,,"))
    assert [product.draft.handle for product in file.products] == ["a", "b"]
    assert [(refusal.row, refusal.handle) for refusal in file.refusals] == [(4, "a")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"Handle,Price\na,1", "Title must be one of them"),
        (b"", "Title must be one of them"),
        ("Title\nÄ".encode("latin-1"), "not encoded in UTF-8"),
        (b'Title,Handle\n"a,b', "not well-formed CSV"),
        (b"Title,Title\na,b", "The column Title is there twice"),
        (b"Title\na\0b", "not a text file"),
        (b"Title\n" + b"a" * csv_rows.MAX_FILE_BYTES, "larger than 15 MB"),
    ],
)
def test_unreadable_files_are_refused_whole(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason):
        read(content)


def test_a_byte_order_mark_and_empty_lines_do_no_harm() -> None:
    file = read("\ufeffTitle,Handle\n\nCup,cup\n,,\n".encode())
    assert [product.draft.title for product in file.products] == ["Cup"]
    assert file.products[0].row == 3


def test_quantities_are_taken_in_a_shop_with_one_location(shop: Shop) -> None:
    import_products(shop, lines(HEADER, "a,A,Size,S,1,shopify,4", "a,,,M,2,,9"))
    small, medium = shop.handles["a"].variants
    assert (small.item.tracked, small.item.available) == (True, 4)
    assert (medium.item.tracked, medium.item.available) == (False, 0)


def test_quantities_are_not_taken_in_a_shop_with_several(shop: Shop) -> None:
    add_location(shop, "Second")
    report = import_products(shop, lines(HEADER, "a,A,,,1,shopify,4"))
    assert report.warnings == ["Quantities were not taken over: this shop has more than one location."]
    assert shop.handles["a"].variants[0].item.available == 0


def test_a_known_handle_is_left_alone_unless_overwriting(shop: Shop) -> None:
    import_products(shop, lines(HEADER, "a,A,Size,S,1,shopify,4"))
    report = import_products(shop, lines(HEADER, "a,Changed,Size,S,9,shopify,8"))
    assert (report.skipped, report.created) == (["a"], [])
    assert shop.handles["a"].title == "A"


def test_overwriting_changes_the_columns_that_are_there_and_keeps_ids(shop: Shop) -> None:
    full = "Handle,Title,Vendor,Tags,Option1 Name,Option1 Value,Variant Price,Variant SKU,Image Src"
    import_products(
        shop,
        lines(full, "a,A,Maker,old,Size,S,1,SKU-S,https://x.example/1.jpg", "a,,,,,M,2,SKU-M,"),
    )
    product = shop.handles["a"]
    small, medium = product.variants
    slim = "Handle,Title,Option1 Name,Option1 Value,Variant Price"
    report = import_products(shop, lines(slim, "a,New,Size,M,5", "a,,,L,7"), overwrite=True)
    assert report.updated == [product]
    assert (product.title, product.vendor, product.tags) == ("New", "Maker", ("old",))
    assert [variant.title for variant in product.variants] == ["S", "M", "L"]
    assert product.variants[:2] == [small, medium]
    assert [str(variant.price) for variant in product.variants] == ["1.00", "5.00", "7.00"]
    assert [variant.item.sku for variant in product.variants] == ["SKU-S", "SKU-M", None]
    assert len(product.media) == 1


def test_overwriting_publishes_and_hides(shop: Shop) -> None:
    header = "Handle,Title,Published"
    import_products(shop, lines(header, "a,A,TRUE", "b,B,FALSE"))
    assert [len(product.publications) for product in shop.products] == [2, 0]
    import_products(shop, lines(header, "a,A,FALSE", "b,B,TRUE"), overwrite=True)
    assert [len(product.publications) for product in shop.products] == [0, 2]


def test_overwriting_refuses_other_options(shop: Shop) -> None:
    import_products(shop, lines(HEADER, "a,A,Size,S,1,,"))
    report = import_products(shop, lines(HEADER, "a,A,Colour,Red,1,,"), overwrite=True)
    assert [refusal.reason for refusal in report.refusals] == [
        "The options differ from those of the product that is there."
    ]
    assert [option.name for option in shop.handles["a"].options] == ["Size"]


CELLS = st.sampled_from(
    [
        "",
        "a",
        "b",
        "A",
        "1",
        "-1",
        "1e400",
        "NaN",
        "TRUE",
        "deny",
        "shopify",
        "kg",
        "https://x.example/1.jpg",
        "ß\x85",
    ]
)
HEADERS = st.lists(
    st.sampled_from([*sorted(headers[0] for headers in COLUMNS.values()), "Own"]),
    unique=True,
    min_size=3,
    max_size=20,
)


@given(st.data(), HEADERS)
def test_whatever_the_rows_say_each_is_imported_or_refused(data: st.DataObject, headers: list[str]) -> None:
    header = ["Title", *(name for name in headers if name != "Title")]
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(header), max_size=len(header)), max_size=8))
    filled = [row for row in rows if any(row)]
    shop = only_shop(make_sandbox())
    report = import_products(shop, lines(",".join(header), *(",".join(row) for row in rows)))
    refused = sum(refusal.rows for refusal in report.refusals)
    assert report.rows == len(filled)
    assert refused <= len(filled)
    assert len(shop.products) == len(report.created)
    assert (refused == len(filled)) <= (not report.created)


@given(st.binary(max_size=200))
def test_no_file_breaks_the_reader(content: bytes) -> None:
    try:
        read(content)
    except UnreadableFileError:
        return

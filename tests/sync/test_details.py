"""Details of linked products: the mask, local edits, options, variants, media, metafields."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from backend.sync.catalog import (
    InventoryPolicy,
    Media,
    MediaId,
    MediaKind,
    Metafield,
    Option,
    OptionValue,
    Product,
    ProductStatus,
    Variant,
    VariantId,
    Weight,
)
from backend.sync.changeset import Change
from backend.sync.diff import Diff, plan_product
from backend.sync.fingerprint import value_hash
from backend.sync.link import LinkOrigin, ProductLink, Ref, VariantLink, agreement
from backend.sync.settings import (
    DetailField,
    FieldGroup,
    LocalEditPolicy,
    NewProductStatus,
    PriceRules,
    ProductScope,
    SyncSettings,
)
from backend.sync.settle import settled
from tests.sync.factories import (
    DEPENDENT,
    EVERYTHING,
    ONLY_DETAILS,
    ONLY_PRICES,
    TWIN,
    image,
    link,
    product,
    rules,
    text,
    twin,
    variant,
)

KEEP = replace(
    EVERYTHING,
    local_edits=dict.fromkeys((FieldGroup.DETAILS, FieldGroup.PRICES), LocalEditPolicy.KEEP_LOCAL),
)
DETAILS = [
    (DetailField.TITLE, "TITLE", {"title": "Hat"}, "Shirt", "Hat"),
    (DetailField.DESCRIPTION, "DESCRIPTION", {"description_html": "<p>a</p>"}, "", "<p>a</p>"),
    (DetailField.VENDOR, "VENDOR", {"vendor": "Acme"}, "", "Acme"),
    (DetailField.PRODUCT_TYPE, "PRODUCT_TYPE", {"product_type": "Hats"}, "", "Hats"),
    (DetailField.CATEGORY, "CATEGORY", {"category_id": "gid://c"}, "", "gid://c"),
    (DetailField.TAGS, "TAGS", {"tags": ("b", "a")}, [], ["a", "b"]),
    (DetailField.STATUS, "STATUS", {"status": ProductStatus.ARCHIVED}, "ACTIVE", "ARCHIVED"),
    (DetailField.SEO, "SEO_TITLE", {"seo_title": "t"}, "", "t"),
    (DetailField.SEO, "SEO_DESCRIPTION", {"seo_description": "d"}, "", "d"),
    (DetailField.TEMPLATE_SUFFIX, "TEMPLATE_SUFFIX", {"template_suffix": "wide"}, "", "wide"),
    (DetailField.HANDLE, "HANDLE", {"handle": "hat"}, "", "hat"),
]
VARIANT_DETAILS = [
    (DetailField.SKU, "SKU", {"sku": "NEW"}, "SKU-1", "NEW"),
    (DetailField.BARCODE, "BARCODE", {"barcode": "4006"}, "", "4006"),
    (
        DetailField.WEIGHT,
        "WEIGHT",
        {"weight": Weight(Decimal("1.50"), "KILOGRAMS")},
        None,
        {"value": "1.5", "unit": "KILOGRAMS"},
    ),
    (DetailField.TAXABLE, "TAXABLE", {"taxable": False}, True, False),
    (DetailField.REQUIRES_SHIPPING, "REQUIRES_SHIPPING", {"requires_shipping": False}, True, False),
    (DetailField.TRACKED, "TRACKED", {"tracked": True}, False, True),
    (
        DetailField.INVENTORY_POLICY,
        "INVENTORY_POLICY",
        {"inventory_policy": InventoryPolicy.CONTINUE},
        "DENY",
        "CONTINUE",
    ),
    (DetailField.HS_CODE, "HS_CODE", {"hs_code": "610910"}, "", "610910"),
    (DetailField.COUNTRY_OF_ORIGIN, "COUNTRY_OF_ORIGIN", {"country_of_origin": "PT"}, "", "PT"),
    (DetailField.COST, "COST", {"cost": Decimal("3")}, None, "3.00"),
]


def masked(*off: DetailField) -> SyncSettings:
    return replace(ONLY_DETAILS, fields=frozenset(DetailField) - set(off))


def plan(main: Product, dependent: Product, settings: SyncSettings = ONLY_DETAILS, **fields: Any) -> Diff:
    tied = link(main, dependent, fields.pop("origin", LinkOrigin.SKU), fields.pop("base", None), **fields)
    return plan_product(main, dependent, tied, rules(settings))


def values(diff: Diff) -> list[tuple[str, object, object]]:
    return [(change.field.value, change.before, change.after) for change in diff.changes]


@pytest.mark.parametrize(("detail", "name", "fields", "before", "after"), DETAILS)
def test_product_detail(
    detail: DetailField, name: str, fields: dict[str, Any], before: object, after: object
) -> None:
    dependent = twin(product())
    main = replace(product(), **fields)
    assert values(plan(main, dependent, masked())) == [(name, before, after)]
    assert values(plan(main, dependent, masked(detail))) == []


@pytest.mark.parametrize(("detail", "name", "fields", "before", "after"), VARIANT_DETAILS)
def test_variant_detail(
    detail: DetailField, name: str, fields: dict[str, Any], before: object, after: object
) -> None:
    dependent = twin(product())
    main = product(replace(variant(), **fields))
    found = plan(main, dependent, masked())
    assert values(found) == [(name, before, after)]
    assert found.changes[0].variant == "d-variant-1"
    assert values(plan(main, dependent, masked(detail))) == []


def test_handle_is_opt_in() -> None:
    main = product(handle="hat")
    assert values(plan(main, twin(main, handle="cap"))) == []


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ({"handle": "A Hat!"}, {"handle": "a-hat"}),
        ({"tags": ("b", "a ", "a")}, {"tags": ("a", "b")}),
    ],
)
def test_values_that_mean_the_same(mine: dict[str, Any], theirs: dict[str, Any]) -> None:
    assert values(plan(product(**mine), twin(product(), **theirs), masked())) == []


def test_no_weight_and_zero_are_equal() -> None:
    main = product(variant(weight=Weight(Decimal(0), "POUNDS")))
    dependent = twin(product(variant()))
    assert values(plan(main, dependent)) == []


# Local edits


def title_case(main: str, dependent: str, base: tuple[str, str] | None, settings: SyncSettings) -> Diff:
    mark = {} if base is None else {Ref(TWIN, "TITLE"): agreement(value_hash(base[0]), value_hash(base[1]))}
    mine = product(title=main)
    return plan(mine, twin(mine, title=dependent), settings, base=mark)


@pytest.mark.parametrize(
    ("main", "dependent", "base", "changes", "changes_when_kept", "edited"),
    [
        ("A", "B", None, True, True, False),
        ("B", "A", ("A", "A"), True, True, False),
        ("A", "B", ("A", "A"), True, False, True),
        ("C", "B", ("A", "A"), True, False, True),
        ("A", "a", ("A", "a"), False, False, False),
        ("B", "a", ("A", "a"), True, True, False),
        ("A", "b", ("A", "a"), True, False, True),
        ("A", "A", ("A", "A"), False, False, False),
    ],
)
def test_three_ways(
    main: str,
    dependent: str,
    base: tuple[str, str] | None,
    changes: bool,
    changes_when_kept: bool,
    edited: bool,
) -> None:
    main_wins = title_case(main, dependent, base, EVERYTHING)
    keep = title_case(main, dependent, base, KEEP)
    assert values(main_wins) == ([("TITLE", dependent, main)] if changes else [])
    assert values(keep) == ([("TITLE", dependent, main)] if changes_when_kept else [])
    assert [edit.kept for edit in main_wins.local_edits] == ([False] if edited else [])
    assert [edit.kept for edit in keep.local_edits] == ([True] if edited else [])


def test_base_of_what_is_no_longer_owned_is_forgotten() -> None:
    main = product()
    price = Ref("d-variant-1", "PRICE")
    found = plan(main, twin(main), ONLY_DETAILS, base={price: value_hash("10.00")})
    assert found.forgotten == (price,)
    kept = plan(main, twin(main), ONLY_PRICES, base={price: value_hash("10.00")})
    assert kept.forgotten == ()


def test_paused_prices_let_the_rest_go_on() -> None:
    main = product(variant(price=Decimal("12")), title="New")
    dependent = twin(product())
    dollars = replace(DEPENDENT, currency="USD")
    mark = {Ref("d-variant-1", "PRICE"): value_hash("10.00")}
    found = plan_product(main, dependent, link(main, dependent, base=mark), rules(dependent=dollars))
    assert values(found) == [("TITLE", "Shirt", "New")]
    assert {(refusal.ref.field, refusal.code.value) for refusal in found.refused} == {
        ("PRICE", "CURRENCY_RATE_MISSING"),
        ("COMPARE_AT_PRICE", "CURRENCY_RATE_MISSING"),
        ("COST", "CURRENCY_RATE_MISSING"),
    }
    assert found.forgotten == ()
    created = plan_product(main, None, None, rules(dependent=dollars))
    assert created.changes == ()
    assert [(item.ref.field, item.code.value) for item in created.refused] == [
        ("PRODUCT", "CURRENCY_RATE_MISSING")
    ]


@pytest.mark.parametrize(
    ("price", "compare_at", "expected"),
    [("10", "12", "12.00"), ("10", "10", None), ("10", "8", None), ("10", None, None)],
)
def test_compare_at_price(price: str, compare_at: str | None, expected: str | None) -> None:
    main = product(
        variant(price=Decimal(price), compare_at_price=None if compare_at is None else Decimal(compare_at))
    )
    dependent = twin(product(variant(price=Decimal(price), compare_at_price=Decimal("99"))))
    assert values(plan(main, dependent, ONLY_PRICES)) == [("COMPARE_AT_PRICE", "99.00", expected)]
    without = replace(ONLY_PRICES, price_rules=PriceRules(compare_at=False))
    assert values(plan(main, dependent, without)) == []


def test_new_product_as_draft_is_not_published_by_the_next_sync() -> None:
    main = product()
    settings = replace(EVERYTHING, new_product_status=NewProductStatus.DRAFT)
    (change,) = plan_product(main, None, None, rules(settings)).changes
    assert isinstance(change.after, dict)
    assert change.after["product"]["status"] == "DRAFT"
    draft = twin(main, status=ProductStatus.DRAFT)
    first = plan(main, draft, settings, origin=LinkOrigin.CREATED)
    assert values(first) == []
    later = plan(
        replace(main, status=ProductStatus.ARCHIVED),
        draft,
        settings,
        origin=LinkOrigin.CREATED,
        base=first.agreed,
    )
    assert values(later) == [("STATUS", "DRAFT", "ARCHIVED")]


# Options and variants


def sized(*sizes: str, **fields: Any) -> Product:
    return product(*(variant(size, size) for size in sizes), **fields)


def test_renamed_option_restructures_with_every_variant() -> None:
    main = sized("S", "M")
    theirs = twin(main)
    extra = replace(variant("X", "XL"), id=VariantId("own"), options=(OptionValue("Taille", "XL"),))
    dependent = replace(
        theirs,
        options=(Option("Taille", ("S", "XL", "M")),),
        variants=(
            *(
                replace(item, options=(replace(item.options[0], option="Taille"),))
                for item in theirs.variants
            ),
            extra,
        ),
    )
    found = plan(main, dependent)
    (change,) = found.changes
    assert change.action == "RESTRUCTURE"
    assert change.after == {
        "options": [["Size", ["S", "M", "XL"]]],
        "variants": {
            "d-variant-S": [["Size", "S"]],
            "d-variant-M": [["Size", "M"]],
            "own": [["Size", "XL"]],
        },
    }
    assert found.conflicts == ()


def test_other_number_of_options_with_own_variants_is_a_conflict() -> None:
    main = product(variant(1, "S", "red"), variant(2, "M", "red"))
    dependent = twin(sized("S", "M", "L"))
    found = plan(
        main,
        dependent,
        variants={
            VariantId("variant-1"): VariantLink(VariantId("variant-1"), VariantId("d-variant-S")),
            VariantId("variant-2"): VariantLink(VariantId("variant-2"), VariantId("d-variant-M")),
        },
    )
    assert [conflict.code for conflict in found.conflicts] == ["UNEQUAL_OPTIONS"]
    assert all(change.field != "OPTIONS" for change in found.changes)


def test_new_value_comes_with_its_variant_without_restructuring() -> None:
    main = sized("S", "M")
    whole = twin(main)
    dependent = replace(whole, variants=whole.variants[:1], options=(Option("Size", ("S",)),))
    assert [change.action.value for change in plan(main, dependent).changes] == ["CREATE_VARIANT"]


def test_order() -> None:
    main = sized("S", "M")
    whole = twin(main)
    dependent = replace(whole, variants=whole.variants[::-1], options=(Option("Size", ("M", "S")),))
    variants = {item.id: VariantLink(item.id, VariantId(f"d-{item.id}")) for item in main.variants}
    found = plan(main, dependent, variants=variants)
    assert values(found) == [
        ("OPTION_ORDER", [["Size", ["M", "S"]]], [["Size", ["S", "M"]]]),
        ("VARIANT_ORDER", ["variant-M", "variant-S"], ["variant-S", "variant-M"]),
    ]
    assert values(plan(main, dependent, masked(DetailField.OPTIONS), variants=variants)) == []


def test_too_many_variants_for_the_dependent() -> None:
    main = sized("S", "M", "L")
    whole = twin(main)
    dependent = replace(whole, variants=whole.variants[:1], options=(Option("Size", ("S",)),))
    found = plan_product(main, dependent, link(main, dependent), rules(ONLY_DETAILS, variant_limit=2))
    assert found.changes == ()
    assert [(item.code, item.skus) for item in found.conflicts] == [("TOO_MANY_VARIANTS", ("SKU-L", "SKU-M"))]


def paired(main: Product, dependent: Product, origin: LinkOrigin = LinkOrigin.SKU) -> list[tuple[str, str]]:
    found = plan_product(main, dependent, ProductLink(main.id, dependent.id, origin), rules(ONLY_PRICES))
    return [(tie.main, tie.dependent) for tie in found.variants]


def other(*variants: Variant) -> Product:
    return twin(product(*variants))


def test_variants_pair_by_sku_then_options() -> None:
    main = product(variant(1, "S"), variant(2, "M", sku=""), variant(3, "L"))
    dependent = other(
        variant("a", "L", sku=" SKU-3"), variant("b", "M", sku="X"), variant("c", "XS", sku="SKU-1")
    )
    assert paired(main, dependent) == [
        ("variant-1", "d-variant-c"),
        ("variant-2", "d-variant-b"),
        ("variant-3", "d-variant-a"),
    ]


def test_equal_options_do_not_outweigh_unequal_skus_unless_a_person_says_so() -> None:
    main, dependent = product(variant(1, "S")), other(variant("a", "S", sku="other"))
    assert paired(main, dependent) == []
    found = plan_product(main, dependent, ProductLink(main.id, TWIN), rules(ONLY_DETAILS))
    assert [item.code for item in found.conflicts] == ["UNEQUAL_VARIANTS"]
    assert not any(change.action == "CREATE_VARIANT" for change in found.changes)
    assert paired(main, dependent, LinkOrigin.MANUAL) == [("variant-1", "d-variant-a")]


def test_same_sku_twice_is_left_to_a_person() -> None:
    main = product(variant(1, "S", sku="X"), variant(2, "M"))
    dependent = other(variant("a", "L", sku="X"), variant("b", "XL", sku="X"), variant("c", "M", sku="SKU-2"))
    assert paired(main, dependent) == [("variant-2", "d-variant-c")]
    found = plan_product(main, dependent, ProductLink(main.id, TWIN), rules(ONLY_DETAILS))
    assert [(item.code, item.skus) for item in found.conflicts] == [("DUPLICATE_SKU_IN_DEPENDENT", ("X",))]


def test_deleted_and_recreated_variant_links_again() -> None:
    dependent = twin(product(variant(1, "S")))
    old = {VariantId("deleted"): VariantLink(VariantId("deleted"), dependent.variants[0].id, True)}
    anew = product(variant("new", "S", sku="SKU-1"))
    found = plan(anew, dependent, EVERYTHING, variants=old)
    assert [(tie.main, tie.dependent) for tie in found.variants] == [("variant-new", "d-variant-1")]
    assert (found.absent, found.changes) == ((), ())


# Media and metafields

PICTURES = (image("a"), image("b", width=200))


def media_plan(main: tuple[Media, ...], dependent: tuple[Media, ...], **fields: Any) -> Diff:
    mine = product(media=main)
    return plan(mine, twin(mine, media=dependent), fields.pop("settings", ONLY_DETAILS), **fields)


def renamed(*media: Media) -> tuple[Media, ...]:
    return tuple(replace(item, id=MediaId(f"d-{item.id}")) for item in media)


def actions(diff: Diff) -> list[tuple[str, str]]:
    return [(change.action.value, change.key) for change in diff.changes]


def test_first_match_is_by_position_if_count_and_dimensions_agree() -> None:
    found = media_plan(PICTURES, renamed(*PICTURES), media={})
    assert found.media == {"a": "d-a", "b": "d-b"}
    assert found.changes == ()
    fewer = media_plan(PICTURES, renamed(PICTURES[0]), media={})
    assert (fewer.media, actions(fewer)) == ({}, [("ADD_MEDIA", "a"), ("ADD_MEDIA", "b")])
    swapped = media_plan(PICTURES, renamed(*PICTURES[::-1]), media={})
    assert swapped.media == {}
    kinds = media_plan(PICTURES, renamed(PICTURES[0], replace(PICTURES[1], kind=MediaKind.VIDEO)), media={})
    assert kinds.media == {}


def test_media_by_link() -> None:
    own = image("own")
    linked = {MediaId("a"): MediaId("d-a"), MediaId("b"): MediaId("d-b")}
    assert actions(media_plan(PICTURES, (own, *renamed(*PICTURES)), media=linked)) == []
    alt = media_plan((replace(PICTURES[0], alt="new"), PICTURES[1]), renamed(*PICTURES), media=linked)
    assert [(item.action.value, item.key, item.before, item.after) for item in alt.changes] == [
        ("SET_MEDIA", "d-a", "", "new")
    ]
    removed = media_plan(PICTURES[:1], (own, *renamed(*PICTURES)), media=linked)
    assert actions(removed) == [("REMOVE_MEDIA", "d-b")]
    added = media_plan((*PICTURES, image("c")), (*renamed(*PICTURES), own), media=linked)
    assert actions(added) == [("ADD_MEDIA", "c")]
    order = media_plan(PICTURES[::-1], renamed(*PICTURES), media=linked)
    assert values(order) == [("MEDIA_ORDER", ["a", "b"], ["b", "a"])]
    assert actions(media_plan((*PICTURES, image("c", ready=False)), renamed(*PICTURES), media=linked)) == []


def test_media_that_the_dependent_took_out() -> None:
    linked = {MediaId("a"): MediaId("d-a"), MediaId("b"): MediaId("d-b")}
    assert ("ADD_MEDIA", "b") in actions(media_plan(PICTURES, renamed(PICTURES[0]), media=linked))
    kept = media_plan(PICTURES, renamed(PICTURES[0]), media=linked, settings=KEEP)
    assert actions(kept) == []
    assert [edit.kept for edit in kept.local_edits] == [True]


def test_no_more_media_than_shopify_takes() -> None:
    main = tuple(image(f"m{number}") for number in range(3))
    found = media_plan(main, tuple(image(f"own{number}") for number in range(249)), media={})
    assert actions(found) == [("ADD_MEDIA", "m0")]
    assert [(item.ref.key, item.code.value) for item in found.refused] == [
        ("m1", "TOO_MANY"),
        ("m2", "TOO_MANY"),
    ]


def test_variant_picture() -> None:
    main = product(variant(media_id=MediaId("a")), media=PICTURES)
    whole = twin(main)
    bare = replace(whole, variants=(replace(whole.variants[0], media_id=None),))
    assert values(plan(main, bare)) == [("VARIANT_MEDIA", None, {"media": "d-a"})]
    empty = replace(bare, media=())
    (*_, attach) = plan(main, empty).changes
    assert (attach.field, attach.after) == ("VARIANT_MEDIA", {"main_media": "a"})
    own = replace(
        whole,
        media=(*whole.media, image("own")),
        variants=(replace(whole.variants[0], media_id=MediaId("own")),),
    )
    without = replace(main, variants=(replace(main.variants[0], media_id=None),))
    assert (
        values(plan(without, own, media={MediaId("a"): MediaId("d-a"), MediaId("b"): MediaId("d-b")})) == []
    )
    assert values(plan(without, whole)) == [("VARIANT_MEDIA", {"media": "d-a"}, None)]


def meta(diff: Diff) -> list[tuple[str, object, object]]:
    return [(change.key, change.before, change.after) for change in diff.changes]


def fit(value: str) -> dict[str, str]:
    return {"type": "single_line_text_field", "value": value}


def test_metafields_by_namespace() -> None:
    mine = (
        text("fit", "slim"),
        text("fit", "x", "app--9--reviews"),
        text("fit", "y", "$app"),
        text("a", "b", "specs"),
    )
    main = product(metafields=mine)
    dependent = twin(main, metafields=(text("fit", "wide"), text("own", "1")))
    assert meta(plan(main, dependent)) == [
        ("custom.fit", fit("wide"), fit("slim")),
        ("specs.a", None, fit("b")),
    ]
    only = replace(ONLY_DETAILS, metafield_namespaces=frozenset({"specs", "app--9--reviews"}))
    assert meta(plan(main, dependent, only)) == [("specs.a", None, fit("b"))]


def test_metafield_that_main_removed() -> None:
    main = product()
    dependent = twin(main, metafields=(text("fit", "slim"),))
    ref = Ref(TWIN, "METAFIELD", "custom.fit")
    assert meta(plan(main, dependent)) == []
    agreed = {ref: value_hash(fit("slim"))}
    removal = plan(main, dependent, base=agreed)
    assert meta(removal) == [("custom.fit", fit("slim"), None)]
    assert settled(removal.changes[0], None).forgotten == (ref,)
    edited = {ref: value_hash(fit("before"))}
    assert meta(plan(main, dependent, KEEP, base=edited)) == []
    assert plan(main, twin(main), base=agreed).forgotten == (ref,)
    excluded = replace(ONLY_DETAILS, metafield_namespaces=frozenset({"specs"}))
    assert (meta(plan(main, dependent, excluded, base=agreed))) == []
    assert plan(main, dependent, excluded, base=agreed).forgotten == (ref,)


def reference(value: str, kind: str = "product_reference") -> Metafield:
    return Metafield("custom", "see", kind, value)


@pytest.mark.parametrize(
    ("mine", "known", "expected"),
    [
        (reference("gid://shopify/Product/7"), True, "gid://shopify/Product/507"),
        (reference("gid://shopify/Product/7"), False, None),
        (
            reference('["gid://shopify/Product/7","gid://shopify/Product/8"]', "list.product_reference"),
            True,
            '["gid://shopify/Product/507","gid://shopify/Product/508"]',
        ),
        (
            reference("gid://shopify/TaxonomyValue/17", "product_taxonomy_value_reference"),
            False,
            "gid://shopify/TaxonomyValue/17",
        ),
        (reference("gid://shopify/Product/7", "single_line_text_field"), False, "gid://shopify/Product/7"),
    ],
)
def test_references_translate_through_links(mine: Metafield, known: bool, expected: str | None) -> None:
    main = product(metafields=(mine,))
    dependent = twin(product())
    table = {f"gid://shopify/Product/{number}": f"gid://shopify/Product/50{number}" for number in (7, 8)}
    found = plan_product(
        main, dependent, link(main, dependent), rules(ONLY_DETAILS, references=table if known else {})
    )
    if expected is None:
        assert found.changes == ()
        assert [(item.ref, item.code.value) for item in found.refused] == [
            (Ref(main.id, "METAFIELD", "custom.see"), "REFERENCE_NOT_LINKED")
        ]
    else:
        assert meta(found) == [("custom.see", None, {"type": mine.type, "value": expected})]


def test_refused_reference_is_not_taken_for_removed() -> None:
    main = product(metafields=(reference("gid://shopify/Product/7"),))
    dependent = twin(product(), metafields=(reference("gid://shopify/Product/999"),))
    ref = Ref(TWIN, "METAFIELD", "custom.see")
    mark = value_hash({"type": "product_reference", "value": "gid://shopify/Product/999"})
    found = plan(main, dependent, base={ref: mark})
    assert (found.changes, found.forgotten) == ((), ())


def test_money_metafield_is_converted() -> None:
    main = product(
        metafields=(Metafield("custom", "fee", "money", '{"amount":"10.00","currency_code":"EUR"}'),)
    )
    dependent = twin(product())
    settings = replace(
        ONLY_DETAILS, price_rules=PriceRules(Decimal("1.5"), "EUR", "USD"), products=ProductScope.MATCHED
    )
    found = plan_product(
        main, dependent, link(main, dependent), rules(settings, dependent=replace(DEPENDENT, currency="USD"))
    )
    change: Change = found.changes[0]
    assert change.after == {"type": "money", "value": '{"amount":"15.00","currency_code":"USD"}'}

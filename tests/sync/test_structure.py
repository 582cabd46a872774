"""Options, variants and their order."""

from dataclasses import replace
from typing import Any

from backend.sync.catalog import (
    Option,
    OptionValue,
    Product,
    Variant,
    VariantId,
)
from backend.sync.diff import plan_product
from backend.sync.link import LinkOrigin, ProductLink, VariantLink
from backend.sync.settings import (
    DetailField,
)
from tests.sync.factories import (
    EVERYTHING,
    ONLY_DETAILS,
    ONLY_PRICES,
    TWIN,
    link,
    product,
    rules,
    twin,
    variant,
)
from tests.sync.plans import masked, plan, values


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

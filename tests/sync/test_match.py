from dataclasses import replace
from typing import Any

import pytest

from backend.sync.catalog import Product, ProductId, VariantId
from backend.sync.link import LinkOrigin, ProductLink
from backend.sync.match import (
    Candidates,
    CandidateVariant,
    Conflict,
    Create,
    Decision,
    DecisionKind,
    Linked,
    Match,
    Unmatched,
    Unselected,
    match_product,
)
from backend.sync.settings import ProductScope, Selection, SyncSettings
from tests.sync.factories import PRODUCT, TWIN, product, variant

OTHER, MINE_TOO = ProductId("other-twin"), ProductId("other-main")
ALL, MATCHED = SyncSettings(ProductScope.ALL), SyncSettings(ProductScope.MATCHED)


def carries(*found: tuple[str, ProductId]) -> dict[str, tuple[CandidateVariant, ...]]:
    by_sku: dict[str, tuple[CandidateVariant, ...]] = {}
    for number, (sku, gid) in enumerate(found):
        candidate = CandidateVariant(VariantId(f"theirs-{number}"), gid, sku)
        by_sku[sku.strip()] = (*by_sku.get(sku.strip(), ()), candidate)
    return by_sku


def match(
    main: Product | None = None,
    settings: SyncSettings = MATCHED,
    link: ProductLink | None = None,
    limit: int = 2048,
    **candidates: Any,
) -> Match:
    return match_product(
        main or product(),
        link=link,
        candidates=Candidates(**candidates),
        settings=settings,
        variant_limit=limit,
    )


def code(found: Match) -> str:
    assert isinstance(found, Conflict), found
    return found.code.value


TWO = product(variant(1, "S"), variant(2, "M"))


def test_by_sku() -> None:
    by_sku = carries(("SKU-1", TWIN), ("SKU-2", TWIN))
    assert match(TWO, by_sku=by_sku) == Linked(TWIN, LinkOrigin.SKU, fresh=True)


def test_a_subset_of_one_product_links() -> None:
    assert match(TWO, by_sku=carries(("SKU-2", TWIN))) == Linked(TWIN, LinkOrigin.SKU, fresh=True)


def test_sku_is_trimmed_and_case_sensitive() -> None:
    main = product(variant(1, sku="  Ab "))
    assert match(main, by_sku=carries((" Ab", TWIN))) == Linked(TWIN, LinkOrigin.SKU, fresh=True)
    wrong_case = {"Ab": (CandidateVariant(VariantId("theirs"), TWIN, "AB"),)}
    assert match(main, by_sku=wrong_case) == Unmatched()


def test_empty_sku_never_matches() -> None:
    main = product(variant(1, sku=" "))
    by_sku = {"": (CandidateVariant(VariantId("theirs"), TWIN, ""),)}
    assert code(match(main, by_sku=by_sku)) == "MISSING_SKU"
    assert match(main, ALL, by_sku=by_sku) == Create()


def test_nothing_there() -> None:
    assert match() == Unmatched()
    assert match(settings=ALL) == Create()


@pytest.mark.parametrize("settings", [ALL, MATCHED])
def test_duplicate_in_main(settings: SyncSettings) -> None:
    found = match(settings=settings, by_sku=carries(("SKU-1", TWIN)), duplicated_in_main=frozenset({"SKU-1"}))
    assert code(found) == "DUPLICATE_SKU_IN_MAIN"
    assert isinstance(found, Conflict)
    assert found.skus == ("SKU-1",)
    assert [(item.product, item.sku) for item in found.candidates] == [(TWIN, "SKU-1")]
    assert found.actions == ("LINK_TO", "CREATE_AS_NEW", "IGNORE")


def test_duplicate_within_the_product() -> None:
    main = product(variant(1, "S", sku="X"), variant(2, "M", sku="X"))
    assert code(match(main, by_sku=carries(("X", TWIN)))) == "DUPLICATE_SKU_IN_MAIN"


def test_duplicates_that_nobody_has_are_created() -> None:
    assert match(settings=ALL, duplicated_in_main=frozenset({"SKU-1"})) == Create()


@pytest.mark.parametrize("second", [TWIN, OTHER])
def test_duplicate_in_dependent(second: ProductId) -> None:
    assert code(match(by_sku=carries(("SKU-1", TWIN), ("SKU-1", second)))) == "DUPLICATE_SKU_IN_DEPENDENT"


def test_split_product() -> None:
    found = match(TWO, by_sku=carries(("SKU-1", TWIN), ("SKU-2", OTHER)))
    assert code(found) == "SPLIT_PRODUCT"
    assert isinstance(found, Conflict)
    assert {item.product for item in found.candidates} == {TWIN, OTHER}


def test_merged_product() -> None:
    by_sku = carries(("SKU-1", TWIN))
    assert code(match(by_sku=by_sku, taken={TWIN: MINE_TOO})) == "MERGED_PRODUCT"
    assert code(match(by_sku=by_sku, rivals=frozenset({MINE_TOO}))) == "MERGED_PRODUCT"
    assert match(by_sku=by_sku, taken={TWIN: PRODUCT}) == Linked(TWIN, LinkOrigin.SKU, fresh=True)


def test_too_many_variants() -> None:
    found = match(TWO, ALL, limit=1)
    assert code(found) == "TOO_MANY_VARIANTS"
    assert isinstance(found, Conflict)
    assert found.actions == ("LINK_TO", "IGNORE")
    assert match(TWO, ALL, limit=2) == Create()


def test_link_outlives_sku() -> None:
    link = ProductLink(PRODUCT, TWIN, LinkOrigin.MANUAL)
    found = match(product(variant(1, sku="new")), link=link, by_sku=carries(("new", OTHER)))
    assert found == Linked(TWIN, LinkOrigin.MANUAL, fresh=False)


def test_origin_finds_the_twin_before_skus() -> None:
    by_sku = carries(("SKU-1", OTHER))
    assert match(by_sku=by_sku, by_origin=TWIN) == Linked(TWIN, LinkOrigin.ORIGIN, fresh=True)
    taken = match(by_sku=by_sku, by_origin=TWIN, taken={TWIN: MINE_TOO})
    assert taken == Linked(OTHER, LinkOrigin.SKU, fresh=True)


def test_decision_to_link() -> None:
    decision = Decision(DecisionKind.LINK_TO, OTHER)
    manual = Linked(OTHER, LinkOrigin.MANUAL, fresh=True)
    assert match(decision=decision) == manual
    assert match(decision=decision, link=ProductLink(PRODUCT, TWIN)) == manual
    kept = ProductLink(PRODUCT, OTHER, LinkOrigin.SKU)
    assert match(decision=decision, link=kept) == Linked(OTHER, LinkOrigin.SKU, fresh=False)
    assert code(match(decision=decision, taken={OTHER: MINE_TOO})) == "MERGED_PRODUCT"


def test_decision_to_create() -> None:
    decision = Decision(DecisionKind.CREATE_AS_NEW)
    assert match(decision=decision, by_sku=carries(("SKU-1", TWIN))) == Create()
    assert match(decision=decision, link=ProductLink(PRODUCT, OTHER)) == Linked(
        OTHER, LinkOrigin.SKU, fresh=False
    ), "once it is created, it is linked"
    assert match(decision=decision, by_origin=OTHER) == Linked(OTHER, LinkOrigin.ORIGIN, fresh=True)


def test_decision_to_ignore() -> None:
    decision = Decision(DecisionKind.IGNORE)
    assert match(settings=ALL, decision=decision, by_origin=TWIN) == Unmatched(ignored=True)
    linked = match(decision=decision, link=ProductLink(PRODUCT, TWIN))
    assert linked == Linked(TWIN, LinkOrigin.SKU, fresh=False)


@pytest.mark.parametrize(
    ("selection", "selected"),
    [
        (Selection(), True),
        (Selection(include_tags=frozenset({"SALE"})), True),
        (Selection(include_tags=frozenset({"old"})), False),
        (Selection(include_tags=frozenset({"old"}), include_vendors=frozenset({"acme"})), True),
        (Selection(include_types=frozenset({"shirts"})), True),
        (Selection(include_products=frozenset({PRODUCT})), True),
        (Selection(include_products=frozenset({TWIN})), False),
        (Selection(exclude_tags=frozenset({"sale"})), False),
        (Selection(exclude_types=frozenset({"Shirts"})), False),
        (Selection(exclude_vendors=frozenset({"ACME"})), False),
        (Selection(exclude_products=frozenset({PRODUCT})), False),
        (Selection(include_products=frozenset({PRODUCT}), exclude_tags=frozenset({"sale"})), False),
        (Selection(exclude_tags=frozenset({"old"})), True),
    ],
)
def test_selection(selection: Selection, selected: bool) -> None:
    main = product(tags=("Sale",), vendor="Acme", product_type="Shirts")
    settings = replace(ALL, selection=selection)
    assert match(main, settings) == (Create() if selected else Unselected())
    link = ProductLink(PRODUCT, TWIN)
    assert isinstance(match(main, settings, link), Linked if selected else Unselected)

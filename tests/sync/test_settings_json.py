import json
from decimal import Decimal
from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st

from backend.sync.catalog import ProductId
from backend.sync.settings import (
    BrakeLimits,
    DetailField,
    FieldGroup,
    LocalEditPolicy,
    MissingProductPolicy,
    MissingVariantPolicy,
    NewProductStatus,
    PriceRules,
    ProductScope,
    Selection,
    StockMode,
    SyncSettings,
)
from backend.sync.settings_json import dump_settings, load_settings

amounts = st.decimals(-1000, 1000, places=3)
names = st.frozensets(st.text(max_size=5), max_size=3)
gids = st.frozensets(
    st.integers(1).map(lambda number: ProductId(f"gid://shopify/Product/{number}")), max_size=2
)

any_settings = st.builds(
    SyncSettings,
    products=st.sampled_from(ProductScope),
    details=st.booleans(),
    prices=st.booleans(),
    quantities=st.booleans(),
    fields=st.frozensets(st.sampled_from(DetailField)),
    metafield_namespaces=names,
    selection=st.builds(
        Selection,
        include_tags=names,
        include_types=names,
        include_vendors=names,
        include_products=gids,
        exclude_tags=names,
        exclude_types=names,
        exclude_vendors=names,
        exclude_products=gids,
    ),
    new_product_status=st.sampled_from(NewProductStatus),
    publish_new_products=st.booleans(),
    missing_product=st.sampled_from(MissingProductPolicy),
    missing_variant=st.sampled_from(MissingVariantPolicy),
    price_rules=st.builds(
        PriceRules,
        conversion_rate=st.none() | amounts,
        rate_from=st.sampled_from(["", "EUR"]),
        rate_to=st.sampled_from(["", "USD"]),
        percent=amounts,
        amount=amounts,
        ending=st.none() | amounts,
        compare_at=st.booleans(),
    ),
    stock_mode=st.sampled_from(StockMode),
    stock_buffer=st.integers(0, 9),
    stock_cap=st.none() | st.integers(0, 9),
    local_edits=st.fixed_dictionaries(
        {group: st.sampled_from(LocalEditPolicy) for group in (FieldGroup.DETAILS, FieldGroup.PRICES)}
    ).map(MappingProxyType),
    brake=st.builds(
        BrakeLimits,
        percent=amounts,
        count=st.integers(0, 99),
        price_percent=amounts,
        price_zero=st.booleans(),
    ),
)


@given(any_settings)
def test_round_trip(settings: SyncSettings) -> None:
    assert load_settings(json.loads(json.dumps(dump_settings(settings)))) == settings


def test_nothing_stored_gives_the_defaults() -> None:
    assert load_settings({}) == SyncSettings()
    assert (
        load_settings({"price_rules": {}, "brake": {}, "selection": {}, "local_edits": {}}) == SyncSettings()
    )


def test_unknown_keys_and_values_are_ignored() -> None:
    stored = {
        **dump_settings(SyncSettings(stock_buffer=3)),
        "colour": "blue",
        "stock_mode": "TELEPATHY",
        "fields": ["TITLE", "SMELL"],
        "price_rules": {"percent": "5", "moon_phase": 1},
    }
    assert load_settings(stored) == SyncSettings(
        stock_buffer=3,
        fields=frozenset({DetailField.TITLE}),
        price_rules=PriceRules(percent=Decimal("5")),
    )

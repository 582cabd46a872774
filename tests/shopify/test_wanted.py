"""What is wanted of a read, and where a read stands."""

from backend.shopify.connections import Sizes
from backend.shopify.documents import document
from backend.shopify.pages import START, PageCursor
from backend.shopify.wanted import ALL_DETAILS, Wanted
from backend.sync.catalog import LocationId
from backend.sync.origin import KEY, NAMESPACE
from backend.sync.settings import DetailField, FieldGroup, SyncSettings

A, B = LocationId("gid://shopify/Location/1"), LocationId("gid://shopify/Location/2")
PRICES, QUANTITIES, DETAILS = (
    frozenset({each}) for each in (FieldGroup.PRICES, FieldGroup.QUANTITIES, FieldGroup.DETAILS)
)


def test_settings_tell_what_is_wanted() -> None:
    settings = SyncSettings(details=True, prices=False, fields=frozenset({DetailField.TITLE}))
    assert Wanted.by(settings, (A,), origin=False) == Wanted(
        DETAILS | QUANTITIES, frozenset({DetailField.TITLE}), (A,), origin=False
    )


def test_one_read_serves_all_that_is_wanted_by_several() -> None:
    mask = frozenset({DetailField.COST})
    assert Wanted(DETAILS, mask, (), origin=False) | Wanted(PRICES, ALL_DETAILS, (), origin=False) == Wanted(
        DETAILS | PRICES, mask, (), origin=False
    )
    named = Wanted(QUANTITIES, locations=(B,)) | Wanted(QUANTITIES, locations=(A, B))
    assert named.locations == (A, B)
    everywhere = Wanted(QUANTITIES, locations=(B,)) | Wanted(QUANTITIES)
    assert everywhere.locations == ()
    # Somebody who wants no stock does not widen it to every location.
    assert (Wanted(QUANTITIES, locations=(B,)) | Wanted(PRICES)).locations == (B,)


def test_a_variants_media_needs_the_products() -> None:
    flags = Wanted(DETAILS, frozenset({DetailField.VARIANT_MEDIA})).flags()
    assert (flags["media"], flags["variantMedia"], flags["metafields"]) == (True, True, False)


def test_the_id_metafield_is_read_where_the_engine_says_it_is() -> None:
    rendered = document("Products", Wanted(PRICES, origin=True).flags())
    assert f'origin:metafield(namespace:"{NAMESPACE}" key:"{KEY}")' in rendered.text


def test_a_cursor_survives_being_stored() -> None:
    cursor = PageCursor(above=9007199254740993, after="abc", depth=488, sizes=Sizes(page=61, levels=12))
    assert PageCursor.from_json(cursor.to_json()) == cursor
    assert PageCursor.from_json({}) == START


def test_a_slice_ends_at_the_deepest_object_and_the_next_begins_above_its_last_id() -> None:
    cursor, last = START, 0
    for _ in range(102):
        cursor, last = cursor.onward("c", last + 244, 244), last + 244
    assert (cursor.above, cursor.depth) == (0, 24_888)
    assert cursor.variables()["first"] == 112
    following = cursor.onward("c", 25_000, 112)
    assert following == PageCursor(above=25_000)
    assert following.variables()["search"] == "id:>25000"
    assert following.variables()["after"] is None

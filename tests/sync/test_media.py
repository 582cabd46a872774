"""Media by the link table, and the variants' pictures."""

from dataclasses import replace
from typing import Any

from backend.sync.catalog import (
    Media,
    MediaId,
    MediaKind,
)
from backend.sync.diff import Diff
from tests.sync.factories import (
    ONLY_DETAILS,
    image,
    product,
    twin,
    variant,
)
from tests.sync.plans import KEEP, plan, values

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

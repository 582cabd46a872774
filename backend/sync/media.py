"""Compares media by the link table: what main has is there, what only the dependent has stays."""

from collections.abc import Mapping, Sequence

from backend.errors import ErrorCode
from backend.sync.catalog import Media, MediaId, Variant
from backend.sync.catalog_json import dump_media
from backend.sync.changeset import Action
from backend.sync.comparison import Comparison
from backend.sync.fields import Field
from backend.sync.fingerprint import Json, value_hash
from backend.sync.link import Ref
from backend.sync.pairing import Pairs
from backend.sync.rules import Refusal

# Media per product, shopify.dev "Product media".
MEDIA_LIMIT = 250


def compare_media(comparison: Comparison) -> tuple[dict[MediaId, MediaId], frozenset[MediaId]]:
    """Compares the product's media. Answers the link table as it stands, and main's media that will be
    added."""
    wanted, actual = comparison.wanted.media, comparison.dependent.media
    table: dict[MediaId, MediaId] = dict(comparison.link.media)
    if not table:
        table = match_by_position(wanted, actual)
        comparison.media.update(table)
    written = Field.MEDIA in comparison.rules.written
    present = {media.id: media for media in actual}
    added: list[Media] = []
    for media in wanted:
        counterpart = present.get(table[media.id]) if media.id in table else None
        if counterpart is not None:
            if written:
                comparison.value(
                    Field.MEDIA, media.alt, counterpart.alt, key=counterpart.id, action=Action.SET_MEDIA
                )
        elif written and media.ready and media.url and not _kept_away(comparison, media, table):
            added.append(media)
    if not written:
        return table, frozenset()
    room = max(MEDIA_LIMIT - len(actual), 0)
    for media in added[room:]:
        comparison.refused.append(
            Refusal(Ref(comparison.wanted.id, Field.MEDIA, media.id), ErrorCode.TOO_MANY)
        )
    for media in added[:room]:
        comparison.add(
            Action.ADD_MEDIA,
            Field.MEDIA,
            None,
            dump_media(media),
            key=media.id,
            main_hash=value_hash(media.alt),
            local_edit=media.id in table,
        )
    _remove(comparison, table, present)
    _compare_order(comparison, table, [media.id for media in added[:room]])
    return table, frozenset(media.id for media in added[:room])


def match_by_position(wanted: Sequence[Media], actual: Sequence[Media]) -> dict[MediaId, MediaId]:
    """Main's media -> the dependent's, when both have as many, of the same kinds and dimensions; else
    nothing. Unknown dimensions (0: still processed, or no picture) agree with any."""
    if len(wanted) != len(actual) or not all(map(_agree, wanted, actual)):
        return {}
    return {mine.id: theirs.id for mine, theirs in zip(wanted, actual, strict=True)}


def _agree(mine: Media, theirs: Media) -> bool:
    if mine.kind is not theirs.kind:
        return False
    known = mine.width and mine.height and theirs.width and theirs.height
    return not known or (mine.width, mine.height) == (theirs.width, theirs.height)


def _kept_away(comparison: Comparison, media: Media, table: Mapping[MediaId, MediaId]) -> bool:
    """Whether the dependent took a linked media out, and the settings let it."""
    if media.id not in table:
        return False
    ref = Ref(comparison.dependent.id, Field.MEDIA, table[media.id])
    return comparison.keeps_edit(ref, dump_media(media), None)


def _remove(
    comparison: Comparison, table: Mapping[MediaId, MediaId], present: Mapping[MediaId, Media]
) -> None:
    still_there = {media.id for media in comparison.wanted.media}
    for main, dependent in table.items():
        if main not in still_there and dependent in present:
            before = dump_media(present[dependent])
            comparison.add(Action.REMOVE_MEDIA, Field.MEDIA, before, None, key=dependent)


def _compare_order(
    comparison: Comparison, table: Mapping[MediaId, MediaId], added: Sequence[MediaId]
) -> None:
    """Told in main's ids, of what both have. New media are appended."""
    main_of = {table[media.id]: media.id for media in comparison.wanted.media if media.id in table}
    actual = [main_of[media.id] for media in comparison.dependent.media if media.id in main_of]
    there = {*actual, *added}
    wanted = [media.id for media in comparison.wanted.media if media.id in there]
    actual = [media for media in actual if media not in added] + list(added)
    comparison.value(Field.MEDIA_ORDER, wanted, actual, action=Action.REORDER)


def compare_variant_media(
    comparison: Comparison,
    pairs: Pairs,
    table: Mapping[MediaId, MediaId],
    added: frozenset[MediaId],
    created: Sequence[Variant],
) -> None:
    """The picture of each variant, of those that will be `created` too. A picture that main's variant does
    not have is taken away only when it is one of main's."""
    present = {media.id for media in comparison.dependent.media}
    of_main = set(table.values())
    for mine, theirs in pairs.linked:
        actual: Json = None if theirs.media_id is None else {"media": theirs.media_id}
        if mine.media_id is None:
            if theirs.media_id is None or theirs.media_id in of_main:
                comparison.value(Field.VARIANT_MEDIA, None, actual, mine, theirs)
            continue
        wanted = _target(mine.media_id, table, present, added)
        if wanted is not None:
            comparison.value(Field.VARIANT_MEDIA, wanted, actual, mine, theirs)
    for variant in created:
        wanted = None if variant.media_id is None else _target(variant.media_id, table, present, added)
        if wanted is not None:
            comparison.add(
                Action.SET, Field.VARIANT_MEDIA, None, wanted, variant, main_hash=value_hash(wanted)
            )


def _target(
    main: MediaId,
    table: Mapping[MediaId, MediaId],
    present: set[MediaId],
    added: frozenset[MediaId],
) -> dict[str, Json] | None:
    if main in added:
        return {"main_media": main}
    dependent = table.get(main)
    return {"media": dependent} if dependent in present else None

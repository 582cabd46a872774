"""Writes media: adding, alt texts, removing, attaching to variants. Files are processed in their own time."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from backend.errors import ErrorCode, RetryError
from backend.shopify import decode
from backend.shopify.answer import Receipt, user_errors
from backend.shopify.client import ShopClient
from backend.shopify.decode import decoding
from backend.shopify.documents import document
from backend.shopify.inputs import create_media
from backend.shopify.outcome import (
    Applied,
    Failed,
    NotReady,
    Outcome,
    Stale,
    WriteResult,
    complaints,
    interrupted,
    sign,
)
from backend.shopify.write_variants import blamed
from backend.sync.catalog import MediaId
from backend.sync.fingerprint import Json
from backend.sync.writes import (
    AddMedia,
    AttachVariantMedia,
    ChangeId,
    RemoveMedia,
    SetMedia,
    VariantMedia,
)


async def add_media(client: ShopClient, write: AddMedia) -> WriteResult:
    """Appended after what the product has. Media without an address (main still processes them) are
    `NotReady`.

    Whether Shopify adds the good ones of a call in which it refuses another is not known: those are `Stale`,
    to be read before they are added again.
    """
    outcomes: dict[ChangeId, Outcome] = {
        each.change: NotReady() for each in write.media if not each.media.url
    }
    sent = [each for each in write.media if each.media.url]
    if not sent:
        return WriteResult(outcomes, client.clock.now())
    variables = {
        "product": {"id": write.product},
        "media": [create_media(each.media) for each in sent],
        "count": len(sent),
    }
    answer = await client.query(document("AddMedia"), variables)
    receipts = {each.change: answer.receipt for each in sent}
    with decoding():
        payload = answer.data["productUpdate"]
        found = complaints(user_errors(payload))
    if found:
        outcomes |= {each.change: Stale() for each in sent}
        outcomes |= {each.change: outcome for each, outcome in blamed(sent, found)}
        return WriteResult(outcomes, answer.observed_at, receipts=receipts)
    with decoding():
        added = [decode.media(node) for node in payload["product"]["media"]["nodes"]]
    outcomes |= {each.change: Applied() for each in sent}
    if len(added) != len(sent):
        return WriteResult(outcomes, answer.observed_at, receipts=receipts)
    created: dict[str, str] = {new.media.id: one.id for new, one in zip(sent, added, strict=True)}
    return WriteResult(outcomes, answer.observed_at, created=created, media=tuple(added), receipts=receipts)


async def set_media(client: ShopClient, write: SetMedia) -> WriteResult:
    """Alt texts."""
    files = [(each.change, {"id": each.media, "alt": each.alt}) for each in write.media]
    result = await _update_files(client, files)
    alts: dict[ChangeId, Json] = {each.change: each.alt for each in write.media}
    applied = {change: alts[change] for change, each in result.outcomes.items() if isinstance(each, Applied)}
    return replace(result, values=applied)


async def remove_media(client: ShopClient, write: RemoveMedia) -> WriteResult:
    """Takes the files off the product and keeps them, since others may show them. What is gone is as good as
    removed."""
    files = [(change, {"id": media, "referencesToRemove": [write.product]}) for change, media in write.media]
    result = await _update_files(client, files)
    outcomes = {
        change: Applied() if isinstance(each, Failed) and each.code is ErrorCode.GONE else each
        for change, each in result.outcomes.items()
    }
    return replace(result, outcomes=outcomes)


async def _update_files(client: ShopClient, files: Sequence[tuple[ChangeId, dict[str, Any]]]) -> WriteResult:
    """All or nothing at Shopify: what it complains about is left out and the others are sent again; a
    complaint that names none is narrowed down by halves."""
    outcomes: dict[ChangeId, Outcome] = {}
    receipts: dict[ChangeId, Receipt] = {}
    observed_at = client.clock.now()
    batches = [files]
    while batches:
        batch = batches.pop()
        try:
            answer = await client.query(document("UpdateFiles"), {"files": [given for _, given in batch]})
        except RetryError as error:
            if not outcomes:
                raise
            rest = interrupted(error)
            outcomes |= {change: rest for one in (batch, *batches) for change, _ in one}
            break
        with decoding():
            found = complaints(user_errors(answer.data["fileUpdate"]))
        if not found:
            outcomes |= {change: Applied() for change, _ in batch}
        elif all(each.index is None for each in found) and len(batch) > 1:
            half = len(batch) // 2
            batches += [batch[half:], batch[:half]]
        else:
            outcomes |= {change: outcome for (change, _), outcome in blamed(batch, found)}
            if left := [each for each in batch if each[0] not in outcomes]:
                batches.append(left)
        sign(receipts, outcomes, answer)
    return WriteResult(outcomes, observed_at, receipts=receipts)


async def attach_variant_media(client: ShopClient, write: AttachVariantMedia) -> WriteResult:
    """What the variant showed before is only detached once the new media is READY: a variant is never left
    bare because of a file that is still processed."""
    observed_at = client.clock.now()
    outcomes: dict[ChangeId, Outcome] = {}
    receipts: dict[ChangeId, Receipt] = {}
    states = await _file_states(client, [each.media for each in write.variants if each.media])
    ready: list[VariantMedia] = []
    for each in write.variants:
        state = states.get(each.media) if each.media else "READY"
        match state:
            case "READY":
                ready.append(each)
            case None:
                outcomes[each.change] = Failed(ErrorCode.GONE, "the media is gone")
            case "FAILED":
                outcomes[each.change] = Failed(ErrorCode.MEDIA_FAILED, "Shopify could not process the media")
            case _:
                outcomes[each.change] = NotReady()
    detach = [(each, each.previous) for each in ready if each.previous and each.previous != each.media]
    outcomes |= await _pair(
        client, "DetachVariantMedia", "productVariantDetachMedia", write, detach, receipts
    )
    # A detachment that failed because there was nothing attached leaves nothing in the way.
    attach = [
        (each, each.media)
        for each in ready
        if each.media and isinstance(outcomes.get(each.change, Applied()), Applied)
    ]
    try:
        outcomes |= await _pair(
            client, "AppendVariantMedia", "productVariantAppendMedia", write, attach, receipts
        )
    except RetryError as error:
        if not outcomes:
            raise
        outcomes |= {each.change: interrupted(error) for each, _ in attach}
    outcomes |= {each.change: Applied() for each in ready if each.change not in outcomes}
    values: dict[ChangeId, Json] = {
        each.change: {"media": each.media} if each.media else None
        for each in ready
        if isinstance(outcomes[each.change], Applied)
    }
    return WriteResult(outcomes, observed_at, values, receipts=receipts)


async def _pair(
    client: ShopClient,
    name: str,
    root: str,
    write: AttachVariantMedia,
    pairs: Sequence[tuple[VariantMedia, MediaId]],
    receipts: dict[ChangeId, Receipt],
) -> dict[ChangeId, Outcome]:
    """Attach or detach; what Shopify complains about is left out and the others are sent again. `receipts`
    gets the last answer about each."""
    outcomes: dict[ChangeId, Outcome] = {}
    pending = pairs
    while pending:
        variables = {
            "productId": write.product,
            "variantMedia": [{"variantId": each.variant, "mediaIds": [media]} for each, media in pending],
        }
        answer = await client.query(document(name), variables)
        receipts.update(dict.fromkeys((each.change for each, _ in pending), answer.receipt))
        with decoding():
            found = complaints(user_errors(answer.data[root]))
        if not found:
            return outcomes | {each.change: Applied() for each, _ in pending}
        if all(one.index is None for one in found) and len(pending) > 1:
            for pair in pending:
                outcomes |= await _pair(client, name, root, write, [pair], receipts)
            return outcomes
        harmless = {one.index for one in found if one.code == "MEDIA_IS_NOT_ATTACHED_TO_VARIANT"}
        for (each, _), outcome in blamed(pending, found):
            index = [item.change for item, _ in pending].index(each.change)
            outcomes[each.change] = Applied() if harmless & {index, None} else outcome
        pending = [pair for pair in pending if pair[0].change not in outcomes]
    return outcomes


async def _file_states(client: ShopClient, ids: Sequence[MediaId]) -> dict[MediaId, str]:
    """The FileStatus of media by id: UPLOADED, PROCESSING, READY or FAILED; what is gone is left out."""
    unique = list(dict.fromkeys(ids))
    if not unique:
        return {}
    answer = await client.query(document("FileStates"), {"ids": unique})
    with decoding():
        return {MediaId(node["id"]): str(node["fileStatus"]) for node in answer.data["nodes"] if node}

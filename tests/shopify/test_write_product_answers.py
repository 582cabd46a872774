"""Products and media: answers that the sandbox never gives, and failures between two calls."""

from typing import Any

import httpx
import pytest

from backend.errors import ErrorCode, FatalError, Unavailable
from backend.shopify.outcome import Applied, NotReady, Unsent
from backend.sync.catalog import (
    MediaId,
    Option,
    OptionValue,
    VariantId,
)
from backend.sync.writes import (
    AddMedia,
    AttachVariantMedia,
    CreateProduct,
    DeleteProduct,
    NewMedia,
    Restructure,
    VariantMedia,
    VariantOptions,
)
from tests.shopify.values import MAIN_PRODUCT, ORIGIN, a_product, a_variant, an_image
from tests.shopify.wire import Reply, reply
from tests.shopify.write_script import ITEM, ONE, PRODUCT, TWO, node, problem, write
from tests.shopify.writing import GONE_PRODUCT, change, refused

STRUCTURE = {
    "product": {
        "id": PRODUCT,
        "options": [{"name": "Size", "optionValues": [{"name": "S"}]}],
        "variants": {
            "nodes": [{"id": ONE, "selectedOptions": [{"name": "Size", "value": "S"}]}],
            "pageInfo": {"hasNextPage": False, "endCursor": None},
        },
    }
}


async def test_an_answer_about_another_product_is_a_failure() -> None:
    answered = {"id": GONE_PRODUCT, "options": []}
    restructure = Restructure(
        change(1),
        PRODUCT,
        (Option("Fit", ("S",)),),
        (VariantOptions(ONE, (OptionValue("Fit", "S"),)),),
    )
    payload = {"productSet": {"product": answered, "userErrors": []}}
    result, script = await write(reply(STRUCTURE), reply(payload), to=restructure)
    assert refused(result.outcomes[change(1)]) == (ErrorCode.SHOPIFY_REFUSED, None)
    assert script.sent[1]["identifier"] == {"id": PRODUCT}
    assert [each["id"] for each in script.sent[1]["input"]["variants"]] == [ONE]


CREATE = CreateProduct(change(1), a_product(a_variant(1)), ORIGIN, publish=True)


MADE = {"id": PRODUCT}


def created(**changed: Any) -> dict[str, Any]:
    variant = node(ONE) | {
        "sku": "SKU-1",
        "inventoryItem": {
            "id": ITEM,
            "tracked": True,
            "requiresShipping": True,
            "harmonizedSystemCode": None,
            "countryCodeOfOrigin": None,
            "unitCost": None,
        },
    }
    return {
        "id": PRODUCT,
        "title": "Linen Shirt",
        "handle": "linen-shirt",
        "vendor": "Acme",
        "productType": "Shirts",
        "tags": ["linen"],
        "status": "ACTIVE",
        "updatedAt": "2026-11-02T09:00:00Z",
        "descriptionHtml": "",
        "templateSuffix": None,
        "media": {"nodes": []},
        "variants": {"nodes": [variant], "pageInfo": {"hasNextPage": False, "endCursor": None}},
    } | changed


def product_set(product: Any = MADE) -> Reply:
    return reply({"productSet": {"product": product, "userErrors": []}})


def nodes(*found: Any) -> Reply:
    return reply({"nodes": list(found)})


def defined() -> Reply:
    return reply(
        {"metafieldDefinition": {"id": "gid://shopify/MetafieldDefinition/1", "type": {"name": "id"}}}
    )


PUBLICATIONS = {"publications": {"nodes": [{"id": "gid://shopify/Publication/1", "name": "Online Store"}]}}
DENIED = [{"message": "", "extensions": {"code": "ACCESS_DENIED"}}]


@pytest.mark.parametrize(
    ("answers", "note"),
    [
        ([reply(PUBLICATIONS), reply({"publishablePublish": {"userErrors": []}})], None),
        (
            [reply(PUBLICATIONS), reply({"publishablePublish": {"userErrors": [problem(None, "id")]}})],
            ErrorCode.SHOPIFY_REFUSED,
        ),
        ([reply(errors=DENIED)], ErrorCode.SCOPE_MISSING),
        ([reply(PUBLICATIONS), reply(errors=DENIED)], ErrorCode.SCOPE_MISSING),
        ([reply({"publications": {"nodes": []}})], ErrorCode.SCOPE_MISSING),
    ],
)
async def test_what_stands_against_publishing_does_not_undo_a_creation(
    answers: list[Reply], note: ErrorCode | None
) -> None:
    result, _ = await write(defined(), product_set(), *answers, nodes(created()), to=CREATE)
    assert result.outcomes == {1: Applied(note)}
    assert result.created == {MAIN_PRODUCT: PRODUCT, a_variant(1).id: ONE}


@pytest.mark.parametrize(
    "answers", [[httpx.ReadTimeout("silent")], [reply(PUBLICATIONS), httpx.Response(502)]]
)
async def test_a_creation_that_could_not_be_published_yet_is_looked_up_never_sent_again(
    answers: list[Reply],
) -> None:
    with pytest.raises(Unavailable) as caught:
        await write(defined(), product_set(), *answers, to=CREATE)
    assert caught.value.sent


async def test_variants_that_are_not_those_sent_are_not_tied() -> None:
    other = created()
    other["variants"]["nodes"][0]["sku"] = "SOMETHING-ELSE"
    result, _ = await write(
        defined(),
        product_set(),
        reply({"publications": {"nodes": []}}),
        nodes(other),
        to=CREATE,
    )
    assert result.created == {MAIN_PRODUCT: PRODUCT}


CUT = created(variants={"nodes": [], "pageInfo": {"hasNextPage": True, "endCursor": "c"}})


@pytest.mark.parametrize(
    "answers",
    [
        [httpx.Response(502)],
        [nodes(CUT), httpx.Response(502)],
        [nodes(None)],
        [nodes()],
        [nodes(created(id=GONE_PRODUCT))],
    ],
)
async def test_a_creation_is_one_whatever_becomes_of_its_reading(answers: list[Reply]) -> None:
    unpublished = reply({"publications": {"nodes": []}})
    result, _ = await write(defined(), product_set(), unpublished, *answers, to=CREATE)
    assert result.outcomes == {1: Applied(ErrorCode.SCOPE_MISSING)}
    assert (result.created, result.products) == ({MAIN_PRODUCT: PRODUCT}, ())


@pytest.mark.parametrize("product", [None, {}])
async def test_a_creation_answered_without_its_product_is_read_again(product: Any) -> None:
    with pytest.raises(Unavailable):
        await write(defined(), product_set(product), *[reply({"publications": {"nodes": []}})], to=CREATE)


async def test_a_definition_of_another_type_is_for_a_person() -> None:
    other = {"id": "gid://shopify/MetafieldDefinition/1", "type": {"name": "json"}}
    with pytest.raises(FatalError):
        await write(reply({"metafieldDefinition": other}), to=CREATE)


@pytest.mark.parametrize("taken", [True, False])
async def test_two_that_define_at_once_are_one_definition(taken: bool) -> None:
    errors = [problem("TAKEN" if taken else "LIMIT_EXCEEDED", "definition", "key")]
    replies = [
        reply({"metafieldDefinition": None}),
        reply({"metafieldDefinitionCreate": {"createdDefinition": None, "userErrors": errors}}),
        product_set(),
        reply({"publications": {"nodes": []}}),
        nodes(created()),
    ]
    if taken:
        result, _ = await write(*replies, to=CREATE)
        assert result.outcomes == {1: Applied(ErrorCode.SCOPE_MISSING)}
    else:
        with pytest.raises(FatalError):
            await write(*replies, to=CREATE)


async def test_a_product_that_shopify_is_busy_with_is_deleted_later() -> None:
    busy = problem(None, message="Another operation already in progress.")
    answer = reply({"productDelete": {"deletedProductId": None, "userErrors": [busy]}})
    result, _ = await write(answer, to=DeleteProduct(change(1), PRODUCT))
    assert result.outcomes == {1: Unsent()}


IMAGE, OLD = MediaId("gid://shopify/MediaImage/1"), MediaId("gid://shopify/MediaImage/2")


def attach(*entries: tuple[VariantId, MediaId | None, MediaId | None]) -> AttachVariantMedia:
    return AttachVariantMedia(
        PRODUCT,
        tuple(
            VariantMedia(change(number), variant, ONE, media, None, previous)
            for number, (variant, media, previous) in enumerate(entries, start=1)
        ),
    )


def states(*given: str) -> Reply:
    return reply({"nodes": [{"id": IMAGE, "fileStatus": status} for status in given]})


def paired(root: str, *errors: dict[str, Any]) -> Reply:
    return reply({root: {"userErrors": list(errors)}})


DETACH, APPEND = "productVariantDetachMedia", "productVariantAppendMedia"


@pytest.mark.parametrize("status", ["UPLOADED", "PROCESSING"])
async def test_media_still_processed_are_waited_for_and_nothing_is_detached(status: str) -> None:
    result, script = await write(states(status), to=attach((ONE, IMAGE, OLD)))
    assert result.outcomes == {1: NotReady()}
    assert len(script.requests) == 1


async def test_media_that_failed_say_so() -> None:
    result, _ = await write(states("FAILED"), to=attach((ONE, IMAGE, OLD)))
    assert refused(result.outcomes[change(1)]) == (ErrorCode.MEDIA_FAILED, None)


async def test_nothing_attached_before_is_nothing_in_the_way() -> None:
    code = "MEDIA_IS_NOT_ATTACHED_TO_VARIANT"
    result, script = await write(
        states("READY"),
        paired(DETACH, problem(code, "variantMedia", "0", "mediaIds")),
        paired(APPEND),
        to=attach((ONE, IMAGE, OLD)),
    )
    assert result.outcomes == {1: Applied()}
    assert len(script.requests) == 3


async def test_media_that_turn_out_not_ready_are_waited_for() -> None:
    result, _ = await write(
        states("READY"),
        paired(APPEND, problem("NON_READY_MEDIA", "variantMedia", "0", "mediaIds")),
        paired(APPEND),
        to=attach((ONE, IMAGE, None), (TWO, IMAGE, None)),
    )
    assert result.outcomes == {1: NotReady(), 2: Applied()}


async def test_a_detachment_that_is_refused_leaves_the_variant_as_it_is() -> None:
    result, script = await write(
        states("READY"),
        paired(DETACH, problem("MEDIA_CANNOT_BE_MODIFIED", "variantMedia", "0")),
        to=attach((ONE, IMAGE, OLD)),
    )
    assert refused(result.outcomes[change(1)]) == (ErrorCode.SHOPIFY_REFUSED, "MEDIA_CANNOT_BE_MODIFIED")
    assert len(script.requests) == 2


async def test_another_number_of_media_than_added_is_not_tied() -> None:
    answer = reply({"productUpdate": {"product": {"id": PRODUCT, "media": {"nodes": []}}, "userErrors": []}})
    result, _ = await write(answer, to=AddMedia(PRODUCT, (NewMedia(change(1), an_image(1)),)))
    assert (result.outcomes, result.created, result.media) == ({1: Applied()}, {}, ())

"""Media of products and variants, files of the shop, and the states they go through."""

# ruff: noqa: E501 (messages of a real shop and documents stand as they are sent)

from typing import Any

import pytest

from sandbox.ids import gid
from sandbox.store.product import Product
from tests.sandbox.caller import Caller, caller, errors_of, product, product_id, variant_ids

ADD = """mutation($id: ID!, $m: [CreateMediaInput!]!) { productCreateMedia(productId: $id, media: $m) {
  media { id status alt ... on MediaImage { image { url width altText } } } mediaUserErrors { code field message } } }"""
STATES = "query($id: ID!) { product(id: $id) { media(first: 9) { nodes { id status alt mediaErrors { code } ... on MediaImage { image { url } fileStatus } } } } }"


def image(name: str = "a.png", **given: Any) -> dict[str, Any]:
    return {"originalSource": f"https://img.test/{name}", "mediaContentType": "IMAGE", **given}


def with_media(*names: str, ready: bool = True) -> tuple[Caller, Product, list[str]]:
    shop = caller()
    made = product(shop.shop)
    payload = shop.refused(ADD, {"id": product_id(made), "m": [image(name) for name in names]})
    if ready:
        shop.wait()
    return shop, made, [entry["id"] for entry in payload["media"]]


def media_errors(payload: dict[str, Any]) -> list[tuple[str | None, str | None, str]]:
    return errors_of({"userErrors": payload["mediaUserErrors"]})


def test_a_picture_is_ready_after_a_while() -> None:
    shop, made, (ident,) = with_media("front.png", ready=False)
    states = []
    for seconds in (0, 1, 1):
        shop.wait(seconds)
        (node,) = shop.data(STATES, {"id": product_id(made)})["product"]["media"]["nodes"]
        states.append((node["status"], node["fileStatus"], node["image"] is not None))
    assert states == [
        ("UPLOADED", "UPLOADED", False),
        ("PROCESSING", "PROCESSING", False),
        ("READY", "READY", True),
    ]
    (node,) = shop.data(STATES, {"id": product_id(made)})["product"]["media"]["nodes"]
    assert node["id"] == ident
    assert node["image"]["url"].startswith(shop.shop.media_base)
    assert node["image"]["url"].endswith("/front.png")


def test_a_picture_that_cannot_be_fetched_fails() -> None:
    shop, made, _ = with_media("media-fails.png")
    (node,) = shop.data(STATES, {"id": product_id(made)})["product"]["media"]["nodes"]
    assert (node["status"], node["image"]) == ("FAILED", None)
    assert node["mediaErrors"] == [{"code": "IMAGE_DOWNLOAD_FAILURE"}]


def test_good_media_are_added_and_bad_ones_told() -> None:
    shop = caller()
    made = product(shop.shop)
    payload = shop.refused(
        ADD,
        {
            "id": product_id(made),
            "m": [image(), {**image(), "originalSource": "nowhere"}, image(alt="x" * 513)],
        },
    )
    assert len(payload["media"]) == len(made.media) == 1
    assert media_errors(payload) == [
        ("INVALID", "media/1/originalSource", "Image URL is invalid"),
        ("INVALID", "media/2/alt", "Alt text is too long (maximum is 512 characters)"),
    ]


def test_at_most_250_media() -> None:
    shop, made, _ = with_media(*(f"{number}.png" for number in range(250)))
    payload = shop.refused(ADD, {"id": product_id(made), "m": [image("more.png")]})
    assert [error[0] for error in media_errors(payload)] == ["PRODUCT_MEDIA_LIMIT_EXCEEDED"]
    assert len(made.media) == 250


def test_media_of_a_missing_product() -> None:
    payload = caller().refused(ADD, {"id": gid("Product", 1), "m": [image()]})
    assert media_errors(payload) == [("PRODUCT_DOES_NOT_EXIST", "productId", "Product does not exist")]


def test_alt_texts_change_when_media_are_ready() -> None:
    document = """mutation($id: ID!, $m: [UpdateMediaInput!]!) { productUpdateMedia(productId: $id, media: $m) {
      media { alt } mediaUserErrors { code field message } } }"""
    shop, made, (ident,) = with_media("a.png", ready=False)
    asked = {"id": product_id(made), "m": [{"id": ident, "alt": "Front"}]}
    assert [error[0] for error in media_errors(shop.refused(document, asked))] == ["NON_READY_MEDIA"]
    shop.wait()
    before = made.updated_at
    assert shop.refused(document, asked)["media"] == [{"alt": "Front"}]
    assert made.updated_at > before
    other = shop.refused(document, {"id": product_id(made), "m": [{"id": gid("MediaImage", 1), "alt": "x"}]})
    assert [error[0] for error in media_errors(other)] == ["MEDIA_DOES_NOT_EXIST_ON_PRODUCT"]


def test_deleting_media_takes_them_from_variants() -> None:
    document = """mutation($id: ID!, $m: [ID!]!) { productDeleteMedia(productId: $id, mediaIds: $m) {
      deletedMediaIds mediaUserErrors { code field message } } }"""
    shop, made, (one, two) = with_media("a.png", "b.png")
    give(shop, made, variant_ids(made)[0], one)
    payload = shop.refused(document, {"id": product_id(made), "m": [one]})
    assert payload["deletedMediaIds"] == [one]
    assert made.variants[0].media is None
    assert [gid("MediaImage", file.id) for file in made.media] == [two]
    assert len(shop.shop.files) == 1


def test_the_order_of_media() -> None:
    document = """mutation($id: ID!, $m: [MoveInput!]!) { productReorderMedia(id: $id, moves: $m) {
      job { id done } mediaUserErrors { code field message } } }"""
    shop, made, (one, two, three) = with_media("a.png", "b.png", "c.png")
    payload = shop.refused(document, {"id": product_id(made), "m": [{"id": three, "newPosition": "0"}]})
    assert payload["job"]["done"] is True
    assert [gid("MediaImage", file.id) for file in made.media] == [three, one, two]


APPEND = """mutation($id: ID!, $v: [ProductVariantAppendMediaInput!]!) { productVariantAppendMedia(productId: $id, variantMedia: $v) {
  productVariants { id image { url } media(first: 2) { nodes { id } } } userErrors { code field message } } }"""
DETACH = APPEND.replace("AppendMedia", "DetachMedia")


def give(shop: Caller, made: Product, variant: str, medium: str) -> Any:
    return shop.mutate(APPEND, {"id": product_id(made), "v": [{"variantId": variant, "mediaIds": [medium]}]})


def test_variants_take_and_lose_media() -> None:
    shop, made, (one, two) = with_media("a.png", "b.png")
    small = variant_ids(made)[0]
    (variant,) = give(shop, made, small, one)["productVariants"]
    assert variant["media"]["nodes"] == [{"id": one}]
    assert variant["image"]["url"].endswith("/a.png")

    def refused(document: str, ident: str, media: list[str]) -> str | None:
        payload = shop.refused(
            document, {"id": product_id(made), "v": [{"variantId": ident, "mediaIds": media}]}
        )
        ((code, _, _),) = errors_of(payload)
        return code

    assert refused(APPEND, small, [two]) == "PRODUCT_VARIANT_ALREADY_HAS_MEDIA"
    assert refused(APPEND, small, [one, two]) == "TOO_MANY_MEDIA_PER_INPUT_PAIR"
    assert refused(APPEND, gid("ProductVariant", 1), [one]) == "PRODUCT_VARIANT_DOES_NOT_EXIST_ON_PRODUCT"
    assert refused(APPEND, small, [gid("MediaImage", 1)]) == "MEDIA_DOES_NOT_EXIST_ON_PRODUCT"
    assert refused(DETACH, small, [two]) == "MEDIA_IS_NOT_ATTACHED_TO_VARIANT"
    shop.mutate(DETACH, {"id": product_id(made), "v": [{"variantId": small, "mediaIds": [one]}]})
    assert made.variants[0].media is None


def test_media_that_are_not_ready_are_not_given_to_variants() -> None:
    shop, made, (one,) = with_media("a.png", ready=False)
    payload = shop.refused(
        APPEND, {"id": product_id(made), "v": [{"variantId": variant_ids(made)[0], "mediaIds": [one]}]}
    )
    assert errors_of(payload) == [
        ("NON_READY_MEDIA", "variantMedia/0/mediaIds", "Non-ready media cannot be attached to variants.")
    ]


FILE_UPDATE = """mutation($f: [FileUpdateInput!]!) { fileUpdate(files: $f) {
  files { id alt ... on MediaImage { image { url } } } userErrors { code field message } } }"""


def test_files_are_made_shared_between_products_and_deleted() -> None:
    shop = caller()
    one, two = product(shop.shop, "One"), product(shop.shop, "Two")
    create = """mutation($f: [FileCreateInput!]!) { fileCreate(files: $f) { files { id fileStatus alt } userErrors { code field message } } }"""
    (made,) = shop.mutate(
        create, {"f": [{"originalSource": "https://img.test/a.png", "alt": "A", "contentType": "IMAGE"}]}
    )["files"]
    assert (made["fileStatus"], made["alt"]) == ("UPLOADED", "A")
    shop.wait()
    shop.mutate(
        FILE_UPDATE, {"f": [{"id": made["id"], "referencesToAdd": [product_id(one), product_id(two)]}]}
    )
    assert one.media == two.media != []
    shop.mutate(FILE_UPDATE, {"f": [{"id": made["id"], "referencesToRemove": [product_id(one)]}]})
    assert (len(one.media), len(two.media)) == (0, 1)
    delete = "mutation($f: [ID!]!) { fileDelete(fileIds: $f) { deletedFileIds userErrors { code field message } } }"
    assert shop.mutate(delete, {"f": [made["id"]]})["deletedFileIds"] == [made["id"]]
    assert two.media == []
    assert errors_of(shop.refused(delete, {"f": [made["id"]]})) == [
        ("FILE_DOES_NOT_EXIST", "fileIds", f'File id ["{made["id"]}"] does not exist.')
    ]


def test_productset_shows_a_file_that_is_there() -> None:
    shop, made, (one, two) = with_media("a.png", "b.png")
    document = "mutation($id: ID!, $f: [FileSetInput!]) { productSet(identifier: {id: $id}, input: {files: $f}) { product { media(first: 9) { nodes { id } } } userErrors { code field message } } }"
    payload = shop.mutate(
        document, {"id": product_id(made), "f": [{"id": two}, {"originalSource": "https://img.test/c.png"}]}
    )
    nodes = payload["product"]["media"]["nodes"]
    assert nodes[0] == {"id": two}
    assert nodes[1]["id"] not in (one, two)
    assert len(nodes) == 2


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"alt": "x" * 513}, ("ALT_VALUE_LIMIT_EXCEEDED", "files/0/alt", "The alt value exceeds the maximum limit of 512 characters.")),
        ({"filename": "b.jpg"}, ("INVALID_FILENAME_EXTENSION", "files", "The filename extension provided must match the original filename.")),
        ({"previewImageSource": "nowhere"}, ("INVALID_IMAGE_SOURCE_URL", "files/0/previewImageSource", "Invalid image source url value provided")),
        ({"referencesToAdd": [gid("Product", 1)]}, ("REFERENCE_TARGET_DOES_NOT_EXIST", "files", "The reference target does not exist")),
        (
            {"originalSource": "https://a.test/a.png", "previewImageSource": "https://a.test/a.png"},
            ("INVALID", "files/0/originalSource", "Cannot update the preview image and image at the same time because they are one and the same."),
        ),
    ],
)  # fmt: skip
def test_what_a_file_cannot_become(given: dict[str, Any], expected: tuple[str, str, str]) -> None:
    shop, _, (one,) = with_media("a.png")
    assert errors_of(shop.refused(FILE_UPDATE, {"f": [{"id": one, **given}]})) == [expected]


def test_only_ready_files_change_and_missing_ones_are_named() -> None:
    shop, _, (one,) = with_media("a.png", ready=False)
    assert errors_of(shop.refused(FILE_UPDATE, {"f": [{"id": one, "alt": "x"}]})) == [
        ("NON_READY_STATE", "files", "Non-ready files cannot be updated.")
    ]
    ids = [gid("MediaImage", 1), gid("MediaImage", 2)]
    assert errors_of(shop.refused(FILE_UPDATE, {"f": [{"id": ident} for ident in ids]})) == [
        ("FILE_DOES_NOT_EXIST", "files", f'File ids ["{ids[0]}", "{ids[1]}"] do not exist.')
    ]

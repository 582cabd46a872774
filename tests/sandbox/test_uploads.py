from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from sandbox import uploads
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop
from tests.sandbox.edges import BASE, DOMAIN, make_sandbox, only_shop, serving, virtual

LINES = b'{"a": 1}\n'


def asked(**changed: Any) -> dict[str, Any]:
    return {
        "resource": "BULK_MUTATION_VARIABLES",
        "filename": "lines.jsonl",
        "mimeType": "text/jsonl",
        "httpMethod": "POST",
        **changed,
    }


@pytest.fixture
def sandbox() -> Sandbox:
    return make_sandbox()


@pytest.fixture
def shop(sandbox: Sandbox) -> Shop:
    return only_shop(sandbox)


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(sandbox) as made:
        yield made


def target_of(sandbox: Sandbox, shop: Shop, **changed: Any) -> tuple[str, list[tuple[str, str]]]:
    payload = uploads.create_targets(sandbox, shop, [asked(**changed)])
    assert payload["userErrors"] == []
    (target,) = payload["stagedTargets"]
    return target["url"], [(each["name"], each["value"]) for each in target["parameters"]]


async def post(
    client: httpx.AsyncClient, url: str, fields: list[tuple[str, str]], content: bytes = LINES
) -> httpx.Response:
    """A form with its parts in the order given, the file last."""
    parts: list[tuple[str, tuple[str | None, bytes]]] = [
        (name, (None, value.encode())) for name, value in fields
    ]
    return await client.post(url, files=[*parts, ("file", ("lines.jsonl", content))])


async def test_a_form_in_the_order_given_is_answered_with_201(
    sandbox: Sandbox, shop: Shop, client: httpx.AsyncClient
) -> None:
    url, fields = target_of(sandbox, shop)
    response = await post(client, url, fields)
    key = dict(fields)["key"]
    assert response.status_code == 201
    assert f"<Key>{key}</Key>" in response.text
    found = uploads.find(shop, key)
    assert found is not None
    assert found.content == LINES
    assert uploads.find(shop, f"{BASE}/{DOMAIN}/_uploads/{key}") is found


@pytest.mark.parametrize("change", ["reordered", "changed", "missing", "added", "unknown"])
async def test_a_form_that_differs_from_the_policy_is_refused(
    sandbox: Sandbox, shop: Shop, client: httpx.AsyncClient, change: str
) -> None:
    url, fields = target_of(sandbox, shop)
    match change:
        case "reordered":
            fields = fields[::-1]
        case "changed":
            fields = [(name, "public" if name == "acl" else value) for name, value in fields]
        case "missing":
            fields = [field for field in fields if field[0] != "policy"]
        case "added":
            fields = [*fields, ("x", "y")]
        case _:
            fields = [(name, "tmp/other" if name == "key" else value) for name, value in fields]
    response = await post(client, url, fields)
    assert response.status_code == 403
    assert "<Code>AccessDenied</Code>" in response.text
    assert all(upload.content is None for upload in shop.staged_uploads.values())


async def test_the_file_must_be_last(sandbox: Sandbox, shop: Shop, client: httpx.AsyncClient) -> None:
    url, fields = target_of(sandbox, shop)
    parts: list[tuple[str, tuple[str | None, bytes]]] = [("file", ("x", LINES))]
    parts += [(name, (None, value.encode())) for name, value in fields]
    assert (await client.post(url, files=parts)).status_code == 400


async def test_files_have_between_one_byte_and_100_mb(sandbox: Sandbox, shop: Shop) -> None:
    for size, code in ((0, "EntityTooSmall"), (uploads.MAX_BYTES + 1, "EntityTooLarge")):
        _, fields = target_of(sandbox, shop)
        with pytest.raises(uploads.UploadError) as caught:
            uploads.receive_form(sandbox, shop, [*fields, ("file", bytes(size))], "")
        assert (caught.value.status, caught.value.code) == (400, code)
    _, fields = target_of(sandbox, shop)
    uploads.receive_form(sandbox, shop, [*fields, ("file", bytes(uploads.MAX_BYTES))], "")


async def test_a_target_is_good_for_a_day(sandbox: Sandbox, shop: Shop, client: httpx.AsyncClient) -> None:
    url, fields = target_of(sandbox, shop)
    later, others = target_of(sandbox, shop)
    assert (await post(client, url, fields)).status_code == 201
    virtual(sandbox).advance(24 * 3600)
    assert uploads.find(shop, dict(fields)["key"]) is None
    assert (await post(client, later, others)).status_code == 403


async def test_images_can_be_put_and_fetched_by_their_resource_address(
    sandbox: Sandbox, shop: Shop, client: httpx.AsyncClient
) -> None:
    wanted = asked(resource="IMAGE", filename="a b.png", mimeType="image/png")
    del wanted["httpMethod"]
    (target,) = uploads.create_targets(sandbox, shop, [wanted])["stagedTargets"]
    assert [each["name"] for each in target["parameters"]] == ["content_type", "acl"]
    assert (await client.get(target["resourceUrl"])).status_code == 404
    forged = target["url"][:-1] + ("0" if target["url"][-1] != "0" else "1")
    assert (await client.put(forged, content=b"png")).status_code == 403
    assert (await client.put(target["url"], content=b"png")).status_code == 200
    fetched = await client.get(target["resourceUrl"])
    assert (fetched.status_code, fetched.content) == (200, b"png")
    assert fetched.headers["content-type"] == "image/png"


async def test_lines_of_a_bulk_mutation_cannot_be_fetched(
    sandbox: Sandbox, shop: Shop, client: httpx.AsyncClient
) -> None:
    url, fields = target_of(sandbox, shop)
    await post(client, url, fields)
    assert (await client.get(url + dict(fields)["key"])).status_code == 404


def test_targets_that_cannot_be_made_are_told(sandbox: Sandbox, shop: Shop) -> None:
    payload = uploads.create_targets(
        sandbox,
        shop,
        [
            asked(resource="VIDEO", mimeType="video/mp4"),
            asked(resource="MODEL_3D", mimeType="model/gltf-binary"),
            asked(resource="IMAGE", filename="x.exe", mimeType="application/x-msdownload"),
            asked(),
        ],
    )
    assert payload["userErrors"] == [
        {"field": ["input", "0", "fileSize"], "message": "file size is required for video resources"},
        {"field": ["input", "1", "fileSize"], "message": "file size is required for 3D model resources"},
        {
            "field": ["input", "2", "mimeType"],
            "message": "x.exe: (application/x-msdownload) is not a recognized format",
        },
    ]
    assert [target["url"] is None for target in payload["stagedTargets"]] == [True, True, True, False]
    assert payload["stagedTargets"][3]["resourceUrl"] is None


def test_every_target_has_a_key_of_its_own(sandbox: Sandbox, shop: Shop) -> None:
    keys = {dict(target_of(sandbox, shop)[1])["key"] for _ in range(50)}
    assert len(keys) == 50
    assert all(key.endswith("/lines.jsonl") for key in keys)

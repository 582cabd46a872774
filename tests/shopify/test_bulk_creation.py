"""Bulk mutations against the sandbox, and answers that no sandbox gives."""

from collections.abc import Sequence

import httpx
import orjson
import pytest

from backend.errors import InvalidRequest, Unavailable
from backend.shopify.bulk_creation import BulkCreator, Line, creation_line
from backend.shopify.bulk_operation import BulkBusy, Completed, Operation
from backend.shopify.outcome import Complaint
from backend.sync.catalog import InventoryItemId, Product, ProductId, Variant, VariantId
from backend.sync.writes import ChangeId, CreateProduct
from tests.shopify.wire import reply, scripted
from tests.shopify.world import World, a_world

URL = "https://results.test/1?sig=s3cret"


def write(number: int, title: str = "Shirt") -> CreateProduct:
    variant = Variant(VariantId(f"v{number}"), InventoryItemId(""), sku=f"SKU-{number}")
    product = Product(ProductId(f"p{number}"), title=f"{title} {number}", variants=(variant,))
    return CreateProduct(ChangeId(number), product, f"main.myshopify.com/{number}", publish=True)


async def finished(world: World, creator: BulkCreator, operation: Operation) -> Completed:
    for _ in range(100):
        if isinstance(operation, Completed):
            return operation
        await world.clock.run_until(world.clock.sleep(2))
        operation = (await creator.poll([operation.id]))[operation.id]
    raise AssertionError("it never ends")


async def created(world: World, creator: BulkCreator, writes: Sequence[CreateProduct]) -> dict[int, Line]:
    path = await creator.stage_creations("b1", [creation_line(each) for each in writes])
    done = await finished(world, creator, await creator.start_creations("b1", path))
    assert done.url is not None
    return await creator.lines(done.url, size=done.size)


async def test_every_line_is_answered_by_its_number_and_origin() -> None:
    async with a_world() as world:
        creator = BulkCreator(world.client)
        writes = [write(number, "x" * 300 if number == 2 else "Shirt") for number in range(5)]
        lines = await created(world, creator, writes)
        made = {each.title: each for each in world.shop.products}
        assert sorted(lines) == [0, 1, 2, 3, 4]
        assert lines[2].product is None
        assert [each.field for each in lines[2].complaints] == [("input", "title")]
        del lines[2]
        assert {number: line.origin for number, line in lines.items()} == {
            number: f"main.myshopify.com/{number}" for number in lines
        }
        assert {line.product for line in lines.values()} == {
            f"gid://shopify/Product/{each.id}" for each in made.values()
        }
        # The same again, as a retry would send it, makes nothing new.
        again = await created(world, creator, [write(0)])
        assert again[0].product == lines[0].product
        assert len(world.shop.products) == 4


async def test_products_are_published_in_bulk() -> None:
    async with a_world() as world:
        creator = BulkCreator(world.client)
        lines = await created(world, creator, [write(number) for number in range(3)])
        products = [line.product for _, line in sorted(lines.items()) if line.product]
        gone = ProductId("gid://shopify/Product/1")
        publication = await creator.publication()
        operation = await creator.publish("b1", [products[0], gone, products[2]], publication)
        assert set(await creator.find({"SyncPublish_b1", "SyncCreate_b1", "SyncCreate_b2"})) == {
            "SyncPublish_b1",
            "SyncCreate_b1",
        }
        done = await finished(world, creator, operation)
        answers = await creator.lines(done.url or "", size=done.size)
        published = {f"gid://shopify/Product/{each.id}" for each in world.shop.products if each.publications}
    assert published == {products[0], products[2]}
    assert [bool(answers[number].complaints) or answers[number].failed for number in range(3)] == [
        False,
        True,
        False,
    ]


async def test_the_sixth_operation_waits_its_turn() -> None:
    async with a_world() as world:
        creator = BulkCreator(world.client)
        path = await creator.stage_creations("b", [creation_line(write(number)) for number in range(50)])
        for number in range(5):
            await creator.start_creations(f"b{number}", path)
        with pytest.raises(BulkBusy):
            await creator.start_creations("b6", path)


async def test_an_upload_and_a_start_cost_twenty_one_points() -> None:
    async with a_world() as world:
        creator = BulkCreator(world.client)
        await creator.stage_creations("first", [creation_line(write(0))])
        before = world.client.usage.points
        path = await creator.stage_creations("b", [creation_line(write(1))])
        await creator.start_creations("b", path)
        assert world.client.usage.points - before == 21


ID = "gid://shopify/Product/1"
COMPLAINT = {"code": "INVALID", "field": ["input", "title"], "message": "No."}


def line(payload: object, number: int = 0, **other: object) -> bytes:
    return orjson.dumps({"data": {"productSet": payload}, "__lineNumber": number, **other}) + b"\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (line({"product": {"id": ID, "origin": {"value": "o"}}, "userErrors": []}), Line(ProductId(ID), "o")),
        (line({"product": {"id": ID, "origin": None}, "userErrors": []}), Line(ProductId(ID))),
        (
            line({"product": None, "userErrors": [COMPLAINT]}),
            Line(complaints=(Complaint("INVALID", ("input", "title"), "No.", None),)),
        ),
        # Neither a product nor a word against it: nobody knows.
        (line({"product": None, "userErrors": []}), Line(failed=True)),
        (line(None), Line(failed=True)),
        (line({"product": {"id": ID}, "userErrors": []}, errors=[{"message": "x"}]), Line(failed=True)),
        (b'{"errors":[{"message":"Throttled"}],"__lineNumber":0}\n', Line(failed=True)),
        (line({"userErrors": []}), Line()),
    ],
)
async def test_a_line_says_what_was_made_or_why_not_or_nothing(text: bytes, found: Line) -> None:
    client, _ = scripted(httpx.Response(200, content=text))
    assert await BulkCreator(client).lines(URL) == {0: found}


async def test_a_cut_line_is_a_missing_one() -> None:
    whole = line({"product": {"id": ID}, "userErrors": []}, 7)
    client, _ = scripted(httpx.Response(200, content=whole + whole[:-9]))
    assert list(await BulkCreator(client).lines(URL)) == [7]


@pytest.mark.parametrize("text", [b"[]\n", b'{"data":{}}\n', line({"product": {}, "userErrors": []})])
async def test_what_is_no_line_is_no_answer(text: bytes) -> None:
    client, _ = scripted(httpx.Response(200, content=text))
    with pytest.raises(Unavailable) as raised:
        await BulkCreator(client).lines(URL)
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize("answer", [httpx.Response(403), httpx.Response(500), httpx.ReadError("reset")])
async def test_an_upload_that_fails_has_had_no_effect(answer: httpx.Response | Exception) -> None:
    target = {"url": "https://storage.test/", "parameters": [{"name": "key", "value": "tmp/1"}]}
    staged = reply({"stagedUploadsCreate": {"stagedTargets": [target], "userErrors": []}})
    definition = reply(
        {"metafieldDefinition": {"id": "gid://shopify/MetafieldDefinition/1", "type": {"name": "id"}}}
    )
    client, _ = scripted(definition, staged, answer)
    with pytest.raises(Unavailable) as raised:
        await BulkCreator(client).stage_creations("b", [b"{}\n"])
    assert not raised.value.sent


async def test_an_upload_that_is_refused_is_told() -> None:
    refusal = {"field": ["input", "0", "mimeType"], "message": "no format"}
    client, _ = scripted(reply({"stagedUploadsCreate": {"stagedTargets": [], "userErrors": [refusal]}}))
    with pytest.raises(InvalidRequest, match="no format"):
        await BulkCreator(client).publish("b", [ProductId(ID)], "gid://shopify/Publication/1")

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from sandbox import bulk, uploads
from sandbox.catalogue import Recipe, generate
from sandbox.commands.shops import install_app, uninstall_app
from sandbox.ids import gid
from sandbox.place import place
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop
from tests.sandbox.edges import (
    BASE,
    CLIENT_ID,
    DOMAIN,
    ask,
    installed_token,
    make_sandbox,
    only_shop,
    serving,
    virtual,
)

RUN_QUERY = """mutation($query: String!, $group: Boolean = false) {
  bulkOperationRunQuery(query: $query, groupObjects: $group) {
    bulkOperation { id status type query url objectCount } userErrors { field message code } } }"""
RUN_MUTATION = """mutation($mutation: String!, $path: String!, $client: String) {
  bulkOperationRunMutation(mutation: $mutation, stagedUploadPath: $path, clientIdentifier: $client) {
    bulkOperation { id status type url } userErrors { field message code } } }"""
OPERATION = """query($id: ID!) { bulkOperation(id: $id) { id status errorCode objectCount rootObjectCount
  fileSize url partialDataUrl completedAt type } }"""
CANCEL = """mutation($id: ID!) { bulkOperationCancel(id: $id) { bulkOperation { id status }
  userErrors { field message } } }"""
STAGE = """mutation($input: [StagedUploadInput!]!) { stagedUploadsCreate(input: $input) {
  stagedTargets { url resourceUrl parameters { name value } } userErrors { field message } } }"""
PRODUCTS = "{ products { edges { node { id title variants { edges { node { id sku } } } } } } }"


class Caller:
    """The app, calling one shop over HTTP."""

    def __init__(self, sandbox: Sandbox, client: httpx.AsyncClient) -> None:
        self.sandbox, self.client = sandbox, client
        self.shop: Shop = only_shop(sandbox)
        self.token = installed_token(sandbox, self.shop)

    async def ask(self, document: str, **variables: Any) -> Any:
        answer = await ask(self.client, self.token, document, variables)
        assert "errors" not in answer, answer
        return next(iter(answer["data"].values()))

    async def start(self, query: str, **variables: Any) -> str:
        started = await self.ask(RUN_QUERY, query=query, **variables)
        assert started["userErrors"] == []
        assert started["bulkOperation"]["status"] == "CREATED"
        assert started["bulkOperation"]["objectCount"] == "0"
        return str(started["bulkOperation"]["id"])

    async def finish(self, operation: str) -> dict[str, Any]:
        """Let the clock run until the operation has ended."""

        async def ended() -> dict[str, Any]:
            while True:
                found: dict[str, Any] = await self.ask(OPERATION, id=operation)
                if found["status"] not in ("CREATED", "RUNNING", "CANCELING"):
                    return found
                await self.sandbox.clock.sleep(1)

        return await virtual(self.sandbox).run_until(ended())

    async def lines(self, url: str) -> list[dict[str, Any]]:
        response = await self.client.get(url)
        assert response.status_code == 200
        return [json.loads(line) for line in response.content.splitlines()]

    async def stage(self, content: bytes) -> str:
        """Upload the lines of a bulk mutation; answers the path to name them by."""
        wanted = {
            "resource": "BULK_MUTATION_VARIABLES",
            "filename": "lines.jsonl",
            "mimeType": "text/jsonl",
            "httpMethod": "POST",
        }
        staged = await self.ask(STAGE, input=[wanted])
        (target,) = staged["stagedTargets"]
        fields = {each["name"]: each["value"] for each in target["parameters"]}
        response = await self.client.post(target["url"], data=fields, files={"file": ("x", content)})
        assert response.status_code == 201, response.text
        return str(fields["key"])


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    sandbox = make_sandbox()
    async with serving(sandbox) as client:
        yield Caller(sandbox, client)


def fill(shop: Shop, count: int, **recipe: Any) -> None:
    for draft in generate(Recipe(variants=recipe.pop("variants", 2), images=1, **recipe), count):
        place(shop, draft, settled=True)


async def test_a_query_writes_every_object_once_children_naming_their_parents(caller: Caller) -> None:
    fill(caller.shop, 120)
    operation = await caller.finish(await caller.start(PRODUCTS))
    assert operation["status"] == "COMPLETED"
    assert (operation["rootObjectCount"], operation["objectCount"]) == ("120", "360")
    assert (operation["errorCode"], operation["partialDataUrl"]) == (None, None)
    lines = await caller.lines(operation["url"])
    size = len((await caller.client.get(operation["url"])).content)
    assert operation["fileSize"] == str(size)
    expected = {
        gid("Product", product.id): [gid("ProductVariant", variant.id) for variant in product.variants]
        for product in caller.shop.products
    }
    found: dict[str, list[str]] = {line["id"]: [] for line in lines if "__parentId" not in line}
    for line in lines:
        if "__parentId" in line:
            found[line["__parentId"]].append(line["id"])
    assert found == expected
    assert {frozenset(line) for line in lines} == {
        frozenset({"id", "title"}),
        frozenset({"id", "sku", "__parentId"}),
    }


async def test_children_need_not_follow_their_parents_unless_grouped(caller: Caller) -> None:
    fill(caller.shop, 3)

    async def shape(**variables: Any) -> str:
        operation = await caller.finish(await caller.start(PRODUCTS, **variables))
        return "".join("v" if "__parentId" in line else "P" for line in await caller.lines(operation["url"]))

    assert await shape() == "PPPvvvvvv"
    assert await shape(group=True) == "PvvPvvPvv"


async def test_nested_levels_fragments_and_arguments_work(caller: Caller) -> None:
    fill(caller.shop, 4, locations=1)
    wanted = next(iter(caller.shop.products))
    query = """{ products(query: "id:NUMBER") { edges { node { ...P variants { edges { node { id
      inventoryItem { id tracked inventoryLevels { edges { node {
        id quantities(names: ["available"]) { name quantity } } } } } } } } } } } }
    fragment P on Product { id media { edges { node { id ... on MediaImage { alt } } } } }"""
    query = query.replace("NUMBER", str(wanted.id))
    operation = await caller.finish(await caller.start(query))
    lines = await caller.lines(operation["url"])
    assert operation["rootObjectCount"] == "1"
    variants = [line for line in lines if line["id"].startswith("gid://shopify/ProductVariant/")]
    levels = [line for line in lines if line["id"].startswith("gid://shopify/InventoryLevel/")]
    media = [line for line in lines if line["id"].startswith("gid://shopify/MediaImage/")]
    assert [line["id"] for line in variants] == [gid("ProductVariant", each.id) for each in wanted.variants]
    assert [set(line["inventoryItem"]) for line in variants] == [{"id", "tracked"}] * 2
    assert {line["__parentId"] for line in levels} == {line["id"] for line in variants}
    assert [line["quantities"][0]["quantity"] for line in levels] == [
        each.item.available for each in wanted.variants
    ]
    assert [(line["alt"], line["__parentId"]) for line in media] == [
        (wanted.media[0].alt, gid("Product", wanted.id))
    ]


async def test_connections_may_stand_below_plain_objects(caller: Caller) -> None:
    fill(caller.shop, 2)
    query = """{ shop { name products { edges { node { id } } } }
      productVariants { edges { node { id product { title media { edges { node { id } } } } } } } }"""
    operation = await caller.finish(await caller.start(query))
    lines = await caller.lines(operation["url"])
    assert (operation["rootObjectCount"], operation["objectCount"]) == ("6", "10")
    products = [line for line in lines if line["id"].startswith("gid://shopify/Product/")]
    assert [set(line) for line in products] == [{"id"}] * 2
    variants = [line for line in lines if line["id"].startswith("gid://shopify/ProductVariant/")]
    assert [set(line["product"]) for line in variants] == [{"title"}] * 4
    media = [line for line in lines if line["id"].startswith("gid://shopify/MediaImage/")]
    assert [line["__parentId"] for line in media] == [line["id"] for line in variants]


async def test_an_empty_result_has_no_address(caller: Caller) -> None:
    operation = await caller.finish(await caller.start(PRODUCTS))
    assert (operation["status"], operation["url"], operation["fileSize"]) == ("COMPLETED", None, None)
    assert operation["objectCount"] == "0"


async def test_pace_and_delay_decide_how_long_it_takes(caller: Caller) -> None:
    fill(caller.shop, 200, variants=4)
    caller.sandbox.bulk.start_delay_seconds = 3.0
    caller.sandbox.bulk.objects_per_second = 100.0
    started = caller.sandbox.clock.monotonic()
    operation = await caller.start(PRODUCTS)
    virtual(caller.sandbox).advance(2.9)
    assert (await caller.ask(OPERATION, id=operation))["status"] == "CREATED"
    await caller.finish(operation)
    assert 3.0 + 1000 / 100 <= caller.sandbox.clock.monotonic() - started <= 3.0 + 1000 / 100 + 2


async def test_five_run_at_once_for_each_type(caller: Caller) -> None:
    running = [await caller.start(PRODUCTS) for _ in range(5)]
    sixth = await caller.ask(RUN_QUERY, query=PRODUCTS)
    names = ", ".join(running)
    assert sixth == {
        "bulkOperation": None,
        "userErrors": [
            {
                "field": None,
                "code": "OPERATION_IN_PROGRESS",
                "message": f"A bulk query operation for this app and shop is already in progress: {names}.",
            }
        ],
    }
    path = await caller.stage(b'{"id": "gid://shopify/Product/1"}\n')
    other = await caller.ask(RUN_MUTATION, mutation=DELETE, path=path)
    assert other["userErrors"] == []
    for operation in running:
        await caller.finish(operation)
    assert (await caller.ask(RUN_QUERY, query=PRODUCTS))["userErrors"] == []


async def test_cancelling_stops_it_and_keeps_what_was_written(caller: Caller) -> None:
    fill(caller.shop, 300, variants=1)
    caller.sandbox.bulk.start_delay_seconds = 0.0
    caller.sandbox.bulk.objects_per_second = 10.0
    operation = await caller.start(PRODUCTS)

    async def under_way() -> None:
        while (await caller.ask(OPERATION, id=operation))["objectCount"] == "0":
            await caller.sandbox.clock.sleep(0.1)

    await virtual(caller.sandbox).run_until(under_way())
    canceled = await caller.ask(CANCEL, id=operation)
    assert canceled == {"bulkOperation": {"id": operation, "status": "CANCELING"}, "userErrors": []}
    ended = await caller.finish(operation)
    assert (ended["status"], ended["url"]) == ("CANCELED", None)
    assert 0 < len(await caller.lines(ended["partialDataUrl"])) < 600
    again = await caller.ask(CANCEL, id=operation)
    assert again["userErrors"] == [
        {"field": None, "message": "A bulk operation cannot be canceled when it is canceled"}
    ]


async def test_a_finished_one_cannot_be_cancelled_nor_one_that_is_not_there(caller: Caller) -> None:
    operation = await caller.start(PRODUCTS)
    await caller.finish(operation)
    finished = await caller.ask(CANCEL, id=operation)
    assert finished["bulkOperation"] == {"id": operation, "status": "COMPLETED"}
    assert finished["userErrors"] == [
        {"field": None, "message": "A bulk operation cannot be canceled when it is completed"}
    ]
    missing = await caller.ask(CANCEL, id="gid://shopify/BulkOperation/1")
    assert missing == {
        "bulkOperation": None,
        "userErrors": [{"field": ["id"], "message": "Bulk operation does not exist"}],
    }


async def test_missing_scopes_fail_it_with_access_denied(caller: Caller) -> None:
    fill(caller.shop, 2)
    install_app(caller.sandbox, caller.shop, CLIENT_ID, ("read_products",))
    query = "{ locations { edges { node { id } } } }"
    operation = await caller.finish(await caller.start(query))
    assert (operation["status"], operation["errorCode"], operation["url"]) == (
        "FAILED",
        "ACCESS_DENIED",
        None,
    )


async def test_an_uninstalled_app_is_denied_in_the_middle_with_partial_data(caller: Caller) -> None:
    fill(caller.shop, 250, variants=1)
    caller.sandbox.bulk.objects_per_second = 100.0
    started = await caller.start(PRODUCTS)
    number = int(started.rpartition("/")[2])
    operation = caller.shop.bulk_operations[number]

    async def under_way() -> None:
        while operation.object_count == 0:
            await caller.sandbox.clock.sleep(0.1)

    async def over() -> None:
        while operation.completed_at is None:
            await caller.sandbox.clock.sleep(0.1)

    await virtual(caller.sandbox).run_until(under_way())
    uninstall_app(caller.shop, CLIENT_ID)
    await virtual(caller.sandbox).run_until(over())
    assert (operation.status, operation.error_code) == ("FAILED", "ACCESS_DENIED")
    assert operation.url is None
    assert operation.partial_data_url is not None
    assert len(await caller.lines(operation.partial_data_url)) == operation.object_count


async def test_results_are_signed_and_kept_for_seven_days(caller: Caller) -> None:
    fill(caller.shop, 1)
    operation = await caller.finish(await caller.start(PRODUCTS))
    url = operation["url"]
    assert url.startswith(f"{BASE}/{DOMAIN}/_bulk/")
    forged = url[:-1] + ("1" if url.endswith("0") else "0")
    assert (await caller.client.get(forged)).status_code == 403
    assert (await caller.client.get(url.partition("?")[0])).status_code == 403
    virtual(caller.sandbox).advance(7 * 86_400 - 10)
    assert (await caller.client.get(url)).status_code == 200
    virtual(caller.sandbox).advance(11)
    assert (await caller.client.get(url)).status_code == 403


async def test_it_is_charged_for_its_start_alone(caller: Caller) -> None:
    fill(caller.shop, 20)
    answer = await ask(caller.client, caller.token, RUN_QUERY, {"query": PRODUCTS})
    assert answer["extensions"]["cost"]["actualQueryCost"] == 10
    await caller.finish(answer["data"]["bulkOperationRunQuery"]["bulkOperation"]["id"])
    wanted = {"id": answer["data"]["bulkOperationRunQuery"]["bulkOperation"]["id"]}
    poll = await ask(caller.client, caller.token, OPERATION, wanted)
    assert poll["extensions"]["cost"]["actualQueryCost"] == 1
    assert poll["extensions"]["cost"]["throttleStatus"]["currentlyAvailable"] >= 1990


DELETE = """mutation($id: ID!) { productDelete(input: {id: $id}) { deletedProductId
  userErrors { field message } } }"""
CREATE = """mutation($product: ProductCreateInput!) { productCreate(product: $product) { product { id title }
  userErrors { field message } } }"""


async def test_a_mutation_does_every_line_and_answers_out_of_order(caller: Caller) -> None:
    titles = [f"Made {number}" for number in range(60)]
    content = "\n".join(json.dumps({"product": {"title": title}}) for title in titles).encode()
    path = await caller.stage(content)
    started = await caller.ask(RUN_MUTATION, mutation=CREATE, path=path, client="ten-letters")
    assert started["userErrors"] == []
    operation = await caller.finish(started["bulkOperation"]["id"])
    assert (operation["status"], operation["type"]) == ("COMPLETED", "MUTATION")
    assert (operation["objectCount"], operation["rootObjectCount"]) == ("60", "60")
    lines = await caller.lines(operation["url"])
    numbers = [line["__lineNumber"] for line in lines]
    assert sorted(numbers) == list(range(60))
    assert numbers != sorted(numbers)
    for line in lines:
        made = line["data"]["productCreate"]["product"]
        assert made["title"] == titles[line["__lineNumber"]]
    assert {product.title for product in caller.shop.products} == set(titles)


async def test_lines_that_fail_say_so_and_the_others_go_on(caller: Caller) -> None:
    good = json.dumps({"product": {"title": "Good"}})
    blank = json.dumps({"product": {"title": ""}})
    path = await caller.stage(f'{good}\n{blank}\nnot json\n[]\n\n{{"product": 5}}\n'.encode())
    started = await caller.ask(RUN_MUTATION, mutation=CREATE, path=path)
    operation = await caller.finish(started["bulkOperation"]["id"])
    assert operation["status"] == "COMPLETED"
    lines = {line["__lineNumber"]: line for line in await caller.lines(operation["url"])}
    assert set(lines) == {0, 1, 2, 3, 4}
    assert lines[0]["data"]["productCreate"]["userErrors"] == []
    assert lines[1]["data"]["productCreate"]["userErrors"][0]["message"] == "Title can't be blank"
    assert "no JSON" in lines[2]["errors"][0]["message"]
    assert "no JSON object" in lines[3]["errors"][0]["message"]
    assert lines[4]["errors"]
    assert [product.title for product in caller.shop.products] == ["Good"]


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (None, "NO_SUCH_FILE", "The JSONL file could not be found."),
        (b"\n  \n", "INVALID_STAGED_UPLOAD_FILE", "The input file is empty."),
        (
            b"x" * (uploads.MAX_BYTES + 1),
            "INVALID_STAGED_UPLOAD_FILE",
            "The input file size exceeds the maximum allowed size of 100 MB.",
        ),
    ],
    ids=["missing", "empty", "large"],
)
async def test_files_that_cannot_be_used_are_refused(
    caller: Caller, content: bytes | None, code: str, message: str
) -> None:
    path = await caller.stage(b"{}")
    caller.shop.staged_uploads[path].content = content
    answer = await caller.ask(RUN_MUTATION, mutation=DELETE, path=path)
    (error,) = answer["userErrors"]
    assert (answer["bulkOperation"], error["field"], error["code"]) == (None, None, code)
    assert error["message"].startswith(message)


async def test_stopping_the_server_ends_what_runs(caller: Caller) -> None:
    await caller.start(PRODUCTS)
    assert len(caller.sandbox.tasks) == 1
    await bulk.stop(caller.sandbox)
    assert not caller.sandbox.tasks


async def test_a_large_catalogue_is_streamed_to_disk(caller: Caller) -> None:
    fill(caller.shop, 1000, variants=5, metafields=False)
    operation = await caller.finish(await caller.start(PRODUCTS))
    assert operation["objectCount"] == "6000"
    assert caller.sandbox.folder is not None
    number = operation["id"].rpartition("/")[2]
    written = (caller.sandbox.folder / f"{number}.jsonl").stat().st_size
    assert written == int(operation["fileSize"])

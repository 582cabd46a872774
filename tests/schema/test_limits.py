import time

import pytest

from backend.schema.export import sdl
from backend.schema.limits import DEEPEST, MOST_ALIASES, MOST_COST, MOST_FIELDS
from dev.paths import ROOT
from tests.api import Api

SHOP = "bomber"


@pytest.fixture
async def shop(api: Api) -> str:
    return (await api.a_shop(SHOP)).domain


def test_the_committed_schema_is_the_codes() -> None:
    assert (ROOT / "schema.graphql").read_text(encoding="utf-8") == sdl(), "make schema writes it"


def _doubled(levels: int) -> str:
    """Fragments that spread the next one twice: 2 ** levels fields in a few hundred bytes."""
    parts = ["{ jobs { edges { node { ...F0 } } } }"]
    parts += [
        f"fragment F{level} on Job {{ connection {{ lastJob {{ ...F{level + 1} ...F{level + 1} }} }} }}"
        for level in range(levels)
    ]
    return " ".join([*parts, f"fragment F{levels} on Job {{ id }}"])


async def test_doubled_fragments_are_refused_at_once(api: Api, shop: str) -> None:
    started = time.process_time()
    error = await api.error(shop, _doubled(90))
    assert error["code"] == "TOO_MANY"
    assert error["params"] == {"what": "depth", "limit": str(DEEPEST)}
    assert time.process_time() - started < 2


async def test_a_document_may_not_be_too_deep(api: Api, shop: str) -> None:
    nested = "id"
    for _ in range(DEEPEST):
        nested = f"lastJob {{ connection {{ {nested} }} }}"
    error = await api.error(shop, f'{{ connection(id: "x") {{ {nested} }} }}')
    assert error["params"] == {"what": "depth", "limit": str(DEEPEST)}


async def test_aliases_are_limited(api: Api, shop: str) -> None:
    within = " ".join(f"a{index}: app {{ version }}" for index in range(MOST_ALIASES))
    assert len(await api.ask(shop, f"{{ {within} }}")) == MOST_ALIASES
    error = await api.error(shop, f"{{ {within} b: app {{ version }} }}")
    assert error["params"] == {"what": "aliases", "limit": str(MOST_ALIASES)}


async def test_fields_are_counted_after_fragments_are_spread(api: Api, shop: str) -> None:
    spreads = " ".join(["...F"] * (MOST_FIELDS // 10 + 1))
    names = " ".join(["id"] * 10)
    error = await api.error(shop, f"{{ shop {{ {spreads} }} }} fragment F on Shop {{ {names} }}")
    assert error["params"] == {"what": "fields", "limit": str(MOST_FIELDS)}


async def test_pages_within_pages_are_costly(api: Api, shop: str) -> None:
    error = await api.error(
        shop,
        """{ jobs(first: 100) { nodes { changes(first: 100) {
            nodes { location { id } } edges { cursor } } } } }""",
    )
    assert error["params"] == {"what": "cost", "limit": str(MOST_COST)}


async def test_cycles_and_unknown_fragments_end(api: Api, shop: str) -> None:
    for document in (
        "{ shop { ...A } } fragment A on Shop { ...B } fragment B on Shop { ...A }",
        "{ shop { ...Nowhere } }",
    ):
        answer = await api.post(shop, document)
        assert {error["extensions"]["code"] for error in answer.json()["errors"]} == {"INVALID_INPUT"}


async def test_tokens_and_length_are_limited(api: Api, shop: str) -> None:
    many = await api.post(shop, "{ shop { " + "id " * 3_100 + "} }")
    assert many.json()["errors"][0]["extensions"]["code"] == "INVALID_INPUT"
    long = await api.error(shop, '{ job(id: "' + "x" * 100_001 + '") { id } }')
    assert long["params"] == {"what": "length", "limit": "100000"}


async def test_queries_by_get_are_off(api: Api, shop: str) -> None:
    headers = {"Authorization": f"Bearer {api.token(shop)}"}
    answer = await api.http.get("/graphql", params={"query": "{ shop { id } }"}, headers=headers)
    assert answer.status_code >= 400
    assert shop not in answer.text


async def test_a_body_beyond_the_limit_is_refused_with_a_code(api: Api, shop: str) -> None:
    headers = {"Authorization": f"Bearer {api.token(shop)}"}
    answer = await api.http.post("/graphql", content=b"x" * 4_000_001, headers=headers)
    assert answer.status_code == 413
    assert answer.json()["errors"][0]["extensions"] == {"code": "TOO_LONG"}


@pytest.mark.parametrize("cursor", ["", "x", "bm90IGpzb24", "W10", "WzEsMl0", "é", "A" * 5000])
async def test_a_malformed_cursor_is_told_so(api: Api, shop: str, cursor: str) -> None:
    query = "query($after: String) { jobs(after: $after) { edges { cursor } } }"
    error = await api.error(shop, query, {"after": cursor})
    assert (error["code"], error["field"]) == ("INVALID_INPUT", ["after"])


@pytest.mark.parametrize("first", [0, -1, 101])
async def test_a_page_has_a_size(api: Api, shop: str, first: int) -> None:
    error = await api.error(shop, f"{{ jobs(first: {first}) {{ edges {{ cursor }} }} }}")
    assert (error["code"], error["field"]) == ("OUT_OF_RANGE", ["first"])

"""Results of bulk queries in any order, of any size, cut anywhere."""

import random
from pathlib import Path
from typing import Any

import orjson
import pytest

from backend.errors import Unavailable
from backend.shopify.jsonl import PART_BYTES, Spool

SEED = 20261124


def lines() -> tuple[list[bytes], dict[str, dict[str, Any]]]:
    """Products with children in a random order, and what they are together."""
    chance = random.Random(SEED)
    written: list[dict[str, Any]] = []
    expected: dict[str, dict[str, Any]] = {}
    for number in range(50):
        gid = f"gid://shopify/Product/{number}"
        written.append({"id": gid, "title": f"Zwölf\u2028 {number}"})
        expected[gid] = {"metafields": set(), "media": set()}
        for key in range(chance.randrange(4)):
            written.append({"namespace": "custom", "key": f"{key}", "__parentId": gid})
            expected[gid]["metafields"].add(f"{key}")
        for image in range(chance.randrange(3)):
            media = f"gid://shopify/MediaImage/{number}{image}"
            written.append({"id": media, "alt": "x", "mediaContentType": "IMAGE", "__parentId": gid})
            expected[gid]["media"].add(media)
    chance.shuffle(written)
    return [orjson.dumps(each) for each in written], expected


@pytest.mark.parametrize("chunk", [1, 7, 100, 1_000_000])
@pytest.mark.parametrize("parts", [1, 5])
@pytest.mark.parametrize("ending", [b"", b"\n"])
def test_children_find_their_parents_whatever_the_order_and_the_cuts(
    tmp_path: Path, chunk: int, parts: int, ending: bytes
) -> None:
    written, expected = lines()
    content = b"\n".join(written) + ending
    spool = Spool(tmp_path, parts * PART_BYTES)
    for start in range(0, len(content), chunk):
        spool.feed(content[start : start + chunk])
    spool.finish()
    found = {each["id"]: each for each in spool.objects()}
    assert spool.received == len(content)
    assert {
        gid: {
            "metafields": {one["key"] for one in each.get("metafields", {"nodes": []})["nodes"]},
            "media": {one["id"] for one in each.get("media", {"nodes": []})["nodes"]},
        }
        for gid, each in found.items()
    } == expected
    assert list(tmp_path.iterdir()) == []


def test_siblings_keep_their_order(tmp_path: Path) -> None:
    spool = Spool(tmp_path, 0)
    for number in range(5):
        spool.feed(
            orjson.dumps({"namespace": "n", "key": str(number), "__parentId": "gid://shopify/Product/1"})
            + b"\n"
        )
    spool.feed(b'{"id":"gid://shopify/Product/1"}\n')
    spool.finish()
    (product,) = spool.objects()
    assert [each["key"] for each in product["metafields"]["nodes"]] == ["0", "1", "2", "3", "4"]


def test_a_child_without_a_parent_is_left_out(tmp_path: Path) -> None:
    spool = Spool(tmp_path, 0)
    spool.feed(b'{"namespace":"n","__parentId":"gid://shopify/Product/1"}\n')
    spool.finish()
    assert list(spool.objects()) == []


@pytest.mark.parametrize(
    "line", [b'{"id":"gid://shopify/Prod', b"[]", b"1", b"{}", b'{"id":1}', b"<html>", b'{"__parentId":[]}']
)
def test_a_line_that_is_no_object_is_no_result(tmp_path: Path, line: bytes) -> None:
    spool = Spool(tmp_path, 0)
    spool.feed(b'{"id":"gid://shopify/Product/1"}\n' + line)
    with pytest.raises(Unavailable):
        spool.finish()
    spool.close()

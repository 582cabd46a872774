"""Shopify's JSON in texts that a database can hold."""

import orjson
import pytest

from backend.shopify.json_text import loads


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b'{"a": ["x\\u0000y", {"b\\u0001": "\\u0000"}]}', {"a": ["xy", {"b\x01": ""}]}),
        (b'"a backslash and \\\\u0000"', "a backslash and \\u0000"),
        ('"👕 \\ud83d\\ude00 é"'.encode(), "👕 😀 é"),
        (b"[1, 2.5, true, null]", [1, 2.5, True, None]),
    ],
)
def test_texts_lose_what_no_database_takes_and_nothing_else(text: bytes, value: object) -> None:
    assert loads(text) == value


def test_what_is_no_json_raises() -> None:
    with pytest.raises(orjson.JSONDecodeError):
        loads(b"<html>")

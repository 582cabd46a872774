"""JSON as Shopify sends it, in texts that a database can hold."""

from typing import Any

import orjson


def loads(text: bytes) -> Any:
    """Without U+0000, which PostgreSQL stores in no text: shops that were filled by imports have it in titles
    and SKUs. Raises `orjson.JSONDecodeError`."""
    value = orjson.loads(text)
    return _clean(value) if b"\\u0000" in text else value


def _clean(value: Any) -> Any:
    match value:
        case str():
            return value.replace("\0", "")
        case list():
            return [_clean(each) for each in value]
        case dict():
            return {key: _clean(each) for key, each in value.items()}
        case _:
            return value

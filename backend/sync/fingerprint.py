"""Stable hashes of JSON values: what bases, holds, confirmations and checksums compare."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import TypeAlias, Union

Json: TypeAlias = Union[bool, int, str, Sequence["Json"], Mapping[str, "Json"], None]  # noqa: UP007

_encode = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode


def canonical(value: Json) -> str:
    """The one JSON text of a value: sorted keys, no spaces, ASCII. Tuples count as lists."""
    return _encode(value)


def _hash(value: Json) -> str:
    return blake2b(_encode(value).encode(), digest_size=8).hexdigest()


# A catalogue repeats its values (true, "DENY", "", the same few thousand prices), and hashing is the hot
# path of a diff.
# Typed, because True == 1.
_hash_scalar = lru_cache(maxsize=1 << 16, typed=True)(_hash)


def value_hash(value: Json) -> str:
    """16 hexadecimal digits; equal for equal JSON values, whatever the order of an object's keys."""
    if isinstance(value, str):
        return _hash_scalar(value) if len(value) <= 64 else _hash(value)
    if value is None or isinstance(value, int):
        return _hash_scalar(value)
    return _hash(value)

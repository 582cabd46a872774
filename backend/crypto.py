"""Encryption at rest: tokens and connection keys are sealed before they reach the database.

AES-256-GCM. A sealed value names its key, so that keys can be rotated: new values use the first key of the
ring, old ones open with theirs until `python -m backend.rotate_keys` has sealed them anew. The associated
data names the row and column that a value belongs to; a value copied into another row does not open.
"""

import base64
import binascii
import hashlib
import hmac
import os
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12
_FORMAT = 1


class SealError(Exception):
    """The value was sealed with a key that the ring has not got, belongs elsewhere, or was altered."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """`keys` are (id, 32 bytes), the first one seals; `lookup` is the key of `digest`."""

    keys: tuple[tuple[str, bytes], ...] = field(repr=False)
    lookup: bytes = field(repr=False)

    @classmethod
    def parse(cls, keys: str, lookup: str) -> Self:
        """From `id:base64,id:base64` and base64; raises ValueError that shows no secret."""
        parsed: list[tuple[str, bytes]] = []
        for entry in filter(None, (part.strip() for part in keys.split(","))):
            key_id, separator, encoded = entry.partition(":")
            if not separator or not key_id.isalnum() or len(key_id) > 32:
                raise ValueError("every key must read id:base64, the id made of letters and digits")
            parsed.append((key_id, _decode(encoded)))
        if not parsed:
            raise ValueError("at least one key is needed")
        if len({key_id for key_id, _ in parsed}) < len(parsed):
            raise ValueError("the same key id stands twice")
        return cls(tuple(parsed), _decode(lookup))

    @property
    def current(self) -> str:
        """The id of the key that seals."""
        return self.keys[0][0]

    def seal(self, secret: str, context: str) -> bytes:
        """`secret` encrypted for `context` alone, such as `shop_token:<shop id>:access`."""
        key_id, key = self.keys[0]
        nonce = os.urandom(_NONCE_BYTES)
        name = key_id.encode()
        sealed = AESGCM(key).encrypt(nonce, secret.encode(), context.encode())
        return bytes((_FORMAT, len(name))) + name + nonce + sealed

    def open(self, sealed: bytes, context: str) -> str:
        """What `seal` was given; raises SealError."""
        key_id, rest = _split(sealed)
        key = dict(self.keys).get(key_id)
        if key is None:
            raise SealError(f"No key with the id {key_id!r}.")
        try:
            opened = AESGCM(key).decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError) as error:
            raise SealError("The value was altered or belongs elsewhere.") from error
        return opened.decode()

    def needs_resealing(self, sealed: bytes) -> bool:
        return _split(sealed)[0] != self.current

    def digest(self, secret: str) -> bytes:
        """32 bytes by which a secret is found without being readable: HMAC-SHA-256 under the lookup key."""
        return hmac.new(self.lookup, secret.encode(), hashlib.sha256).digest()


def _split(sealed: bytes) -> tuple[str, bytes]:
    if len(sealed) < 2 or sealed[0] != _FORMAT or len(sealed) < 2 + sealed[1] + _NONCE_BYTES:
        raise SealError("Not a sealed value.")
    end = 2 + sealed[1]
    return sealed[2:end].decode("ascii", "replace"), sealed[end:]


def _decode(encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded.strip(), validate=True)
    except binascii.Error as error:
        raise ValueError("a key is not base64") from error
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key must have {KEY_BYTES} bytes")
    return key

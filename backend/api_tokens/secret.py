"""What an API token looks like: recognisable, so that programs which search for leaked secrets find it, and
with a checksum, so that a mistyped one is told apart from an unknown one."""

import secrets
import string
import zlib

PREFIX = "msat_"
_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM, _CHECKSUM = 32, 6
_HINT = 4


def new_token() -> str:
    """`msat_`, 32 random letters and digits (190 bits) and six that are their checksum."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM))
    return PREFIX + body + _checksum(body)


def is_api_token(text: str) -> bool:
    """Whether `text` means to be one; session tokens begin otherwise."""
    return text.startswith(PREFIX)


def is_well_formed(token: str) -> bool:
    body, checksum = token[len(PREFIX) : -_CHECKSUM], token[-_CHECKSUM:]
    return is_api_token(token) and len(body) == _RANDOM and _checksum(body) == checksum


def hint_of(token: str) -> str:
    """The end of a token, by which a person tells it from others: checksum, nothing of the random part."""
    return token[-_HINT:]


def _checksum(body: str) -> str:
    number, digits = zlib.crc32(body.encode()), ""
    for _ in range(_CHECKSUM):
        number, digit = divmod(number, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits

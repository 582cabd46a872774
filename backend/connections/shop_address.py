"""Which shop people mean by what they paste: a pure reading of addresses."""

import re
from urllib.parse import urlsplit

from backend.errors import ErrorCode, UserError

_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com")
_HANDLE = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_HOST = re.compile(r"([^\W_]([\w-]*[^\W_])?\.)+[^\W\d_][\w-]*[^\W_]")
_SHOPIFY = ".myshopify.com"
_ADMIN = "admin.shopify.com"
# What mail programs, chats and documents leave around an address, marks without width among it.
_AROUND = "<>()[]\"'`,;\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u200b\u200e\u2060\ufeff"


def shop_domain(text: str) -> str:
    """The myshopify.com domain that `text` names, in lower case.

    Reads the domain itself, any page of the shop or its admin by that domain, and pages of
    admin.shopify.com/store/…; with or without https. Raises UserError: CUSTOM_DOMAIN where it is another
    domain, by which Shopify doesn't tell which shop it is, else NOT_A_SHOP_ADDRESS.
    """
    host, path = _parts("".join(text.split()).strip(_AROUND).lower())
    if host == _ADMIN:
        match path.split("/"):
            case ["", "store", handle, *_] if _HANDLE.fullmatch(handle):
                return handle + _SHOPIFY
        raise _not_an_address()
    host = host.removeprefix("www.") if host.endswith(_SHOPIFY) else host
    if _DOMAIN.fullmatch(host):
        return host
    if f".{host}".endswith((_SHOPIFY, ".shopify.com")) or not _HOST.fullmatch(host):
        raise _not_an_address()
    raise UserError(ErrorCode.CUSTOM_DOMAIN, "Use the shop's address that ends in .myshopify.com.")


def _parts(address: str) -> tuple[str, str]:
    """Host and path; "" for a host where there is none."""
    try:
        split = urlsplit(address if "//" in address else f"//{address}")
        if split.scheme not in ("", "http", "https") or "@" in split.netloc:
            return "", ""
        return (split.hostname or "").removesuffix("."), split.path
    except ValueError:
        return "", ""


def _not_an_address() -> UserError:
    return UserError(ErrorCode.NOT_A_SHOP_ADDRESS, "This is not the address of a Shopify shop.")

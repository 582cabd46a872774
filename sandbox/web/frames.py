"""The app inside the admin: the address its frame opens, and the secret by which that frame gets session
tokens.
"""

import base64
import hashlib
import hmac
import time
from urllib.parse import parse_qsl, quote, urlencode

from sandbox.session_token import mint, owner
from sandbox.store.app import App
from sandbox.store.shop import Shop
from sandbox.web.server import Server, handle_of

_SECRET_SECONDS = 12 * 3600


def launch_address(app: App, shop: Shop, admin: str, path: str, query: str) -> str:
    """The app's page as Shopify opens it: the launch parameters, signed, and a session token.

    admin is the host of the admin page, path and query what the app is asked for.
    """
    user = owner(shop)
    host = base64.urlsafe_b64encode(f"{admin}/store/{handle_of(shop)}".encode()).decode().rstrip("=")
    parameters = dict(parse_qsl(query, keep_blank_values=True))
    parameters |= {
        "embedded": "1",
        "host": host,
        "id_token": mint(app, shop, user, shop.clock.now()),
        "locale": shop.locale,
        "session": hashlib.sha256(f"{shop.domain}/{user.id}".encode()).hexdigest(),
        "shop": shop.domain,
        "timestamp": str(int(shop.clock.now().timestamp())),
    }
    parameters["hmac"] = sign(app, parameters)
    base = app.url.rstrip("/")
    return f"{base}/{quote(path.lstrip('/'))}?{urlencode(parameters)}"


def sign(app: App, parameters: dict[str, str]) -> str:
    """The hmac parameter: SHA-256 over the others, sorted and joined, keyed by the client secret;
    hexadecimal.
    """
    message = "&".join(f"{name}={value}" for name, value in sorted(parameters.items()) if name != "hmac")
    return hmac.new(app.client_secret.encode(), message.encode(), hashlib.sha256).hexdigest()


def frame_secret(server: Server, shop: Shop) -> str:
    """Known to one rendered admin page only; it is good for half a day."""
    expires = str(int(time.time()) + _SECRET_SECONDS)
    return f"{expires}.{_digest(server, shop, expires)}"


def is_frame_secret(server: Server, shop: Shop, secret: str) -> bool:
    expires, _, digest = secret.partition(".")
    if not expires.isdecimal() or int(expires) < time.time():
        return False
    return hmac.compare_digest(digest, _digest(server, shop, expires))


def _digest(server: Server, shop: Shop, expires: str) -> str:
    return hmac.new(server.secret, f"{shop.domain}/{expires}".encode(), hashlib.sha256).hexdigest()

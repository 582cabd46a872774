import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.sandbox.edges import CLIENT_ID, CLIENT_SECRET

QUERY = """{ productsCount { count } productByIdentifier(identifier: {handle: "clay-plant-pot"}) {
  media(first: 1) { nodes { preview { image { url } } } } } }"""
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A sandbox as a process of its own, on a free port."""
    command = (sys.executable, "-m", "sandbox", "--port", "0", "--products", "20")
    identity = ("--client-id", CLIENT_ID, "--client-secret", CLIENT_SECRET, "--app-url", "http://127.0.0.1:9")
    process = subprocess.Popen([*command, *identity], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    match = re.fullmatch(r"The sandbox is at (http://127\.0\.0\.1:\d+)\n", line)
    assert match is not None, line
    with httpx.HTTPTransport(retries=20) as transport, httpx.Client(transport=transport) as client:
        client.get(match[1])
    yield match[1]
    process.terminate()
    process.stdout.close()
    assert process.wait(timeout=20) in (0, -15)


def test_a_token_is_exchanged_and_used(address: str) -> None:
    shop = "main-shop.myshopify.com"
    with httpx.Client(base_url=address) as client:
        client.post(f"/_control/shops/{shop}/install")
        session = client.post(f"/_control/shops/{shop}/session-token").json()["token"]
        parameters = {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token": session,
            "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
            "requested_token_type": "urn:shopify:params:oauth:token-type:offline-access-token",
            "expiring": 1,
        }
        token = client.post(f"/{shop}/admin/oauth/access_token", json=parameters).json()["access_token"]
        answer = client.post(
            f"/{shop}/admin/api/2026-10/graphql.json",
            headers={"X-Shopify-Access-Token": token},
            json={"query": QUERY},
        ).json()
        assert answer["data"]["productsCount"] == {"count": 20 + 40 + 4}
        (media,) = answer["data"]["productByIdentifier"]["media"]["nodes"]
        picture = client.get(media["preview"]["image"]["url"])
        assert (picture.status_code, picture.text[:4]) == (200, "<svg")


def test_connections_break_on_demand(address: str) -> None:
    shop = "main-shop.myshopify.com"
    rule = {"kind": "reset", "match": "token", "times": 1}
    with httpx.Client(base_url=address) as client:
        assert client.put("/_control/faults", json={"rules": [rule]}).json()["active"]
        with pytest.raises(httpx.ReadError):
            client.post(f"/{shop}/admin/oauth/access_token", json={})
        assert client.post(f"/{shop}/admin/oauth/access_token", json={}).status_code == 401
        assert client.delete("/_control/faults").json()["struck"] == {"reset": 1}


def test_a_port_that_is_taken_is_said_plainly(address: str) -> None:
    port = address.rpartition(":")[2]
    command = [sys.executable, "-m", "sandbox", "--port", port, "--scenario", "empty"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr == f"The sandbox cannot listen on 127.0.0.1:{port}: Address already in use.\n"

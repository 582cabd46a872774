"""The demo's family of shops, connected by the product's own public API as its owners would: a main shop, a
dependent that takes everything, one abroad with prices of its own. A fourth shop is left to the visitor."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import httpx

from dev.errors import DevError

MAIN, NEAR, ABROAD, FRESH = "main-shop", "berlin-outlet", "london-store", "paris-boutique"
SETTINGS: dict[str, dict[str, Any]] = {
    NEAR: {"products": "ALL"},
    ABROAD: {"products": "ALL", "priceRules": {"conversionRate": "0.85", "ending": "0.99"}},
}
# Until the first syncs have ended, or nobody wants to wait any more.
_PATIENCE_SECONDS = 90.0
_POLL_SECONDS = 0.25

_ROLE = "mutation($role: Role!) { chooseRole(role: $role) { shop { connectionKey } userErrors { code } } }"
_CONNECT = "mutation($key: String!) { connectWithKey(key: $key) { connection { id } userErrors { code } } }"
_SETTLE = """
mutation($id: ID!, $input: SyncSettingsInput!) {
    updateSyncSettings(connectionId: $id, input: $input) { job { id } userErrors { code field } }
}
"""
_JOB = "query($id: ID!) { job(id: $id) { state error { message } progress { done total } } }"
_UNDER_WAY = frozenset({"QUEUED", "RUNNING", "WAITING", "CANCELING"})

Note = Callable[[str], None]


class Tour:
    """`sandbox` and `app` are addresses without a trailing slash. Raises DevError in plain words when
    something is refused."""

    def __init__(self, sandbox: str, app: str) -> None:
        self._sandbox = httpx.Client(base_url=f"{sandbox}/_control/shops", timeout=30)
        self._app = httpx.Client(base_url=app, timeout=30)
        self.jobs: dict[str, str] = {}

    def connect(self) -> None:
        """Connect the dependents to main and choose their settings, which begins their first syncs."""
        key = self._open(MAIN, "MAIN")["connectionKey"]
        for handle, settings in SETTINGS.items():
            self._open(handle, "DEPENDENT")
            connection = self._ask(handle, _CONNECT, key=key)["connection"]["id"]
            self.jobs[handle] = self._ask(handle, _SETTLE, id=connection, input=settings)["job"]["id"]

    def wait(self, note: Note = lambda _text: None) -> bool:
        """Until the first syncs have ended; False when that takes too long. Raises DevError when one
        fails."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while under_way := self._under_way():
            if time.monotonic() > deadline:
                return False
            note(", ".join(under_way))
            time.sleep(_POLL_SECONDS)
        return True

    def _under_way(self) -> list[str]:
        found = []
        for handle, number in self.jobs.items():
            job = self._query(handle, _JOB, id=number)["job"]
            done, total = job["progress"]["done"], job["progress"]["total"]
            if job["state"] in _UNDER_WAY:
                found.append(f"{handle} {done} of {total}" if total else handle)
            elif job["state"] == "FAILED":
                raise DevError(f"The first sync of {handle} failed: {(job['error'] or {}).get('message')}")
        return found

    def _open(self, handle: str, role: str) -> dict[str, Any]:
        """Install the app and choose the shop's role."""
        self._control(handle, "install")
        shop: dict[str, Any] = self._ask(handle, _ROLE, role=role)["shop"]
        return shop

    def _ask(self, handle: str, document: str, **variables: Any) -> dict[str, Any]:
        """A mutation's payload."""
        [payload] = self._query(handle, document, **variables).values()
        if payload["userErrors"]:
            raise DevError(f"{handle} was refused: {payload['userErrors']}")
        found: dict[str, Any] = payload
        return found

    def _query(self, handle: str, document: str, **variables: Any) -> dict[str, Any]:
        token = self._control(handle, "session-token")["token"]
        answer = self._app.post(
            "/graphql",
            json={"query": document, "variables": variables},
            headers={"Authorization": f"Bearer {token}"},
        )
        body: dict[str, Any] = answer.json() if answer.is_success else {"errors": answer.status_code}
        if "errors" in body:
            raise DevError(f"{handle} got an error from the API: {body['errors']}")
        data: dict[str, Any] = body["data"]
        return data

    def _control(self, handle: str, what: str) -> dict[str, Any]:
        answer = self._sandbox.post(f"/{handle}.myshopify.com/{what}", json={})
        if not answer.is_success:
            raise DevError(f"The sandbox refused {what} in {handle}: {answer.text}")
        found: dict[str, Any] = answer.json()
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sandbox.close()
        self._app.close()

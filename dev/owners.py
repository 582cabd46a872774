"""What the owners of the sandbox's shops do by hand, done by a program: install the app, choose a role,
connect, save settings. All by the product's own public API, as a person in each shop's admin."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

import httpx

from dev.errors import DevError

UNDER_WAY = frozenset({"QUEUED", "RUNNING", "WAITING", "CANCELING"})
_POLL_SECONDS = 0.25

_ROLE = "mutation($role: Role!) { chooseRole(role: $role) { shop { connectionKey } userErrors { code } } }"
_CONNECT = "mutation($key: String!) { connectWithKey(key: $key) { connection { id } userErrors { code } } }"
_INVITE = """
mutation($urls: [String!]!) {
    inviteShops(urls: $urls) { results { userErrors { code } } userErrors { code } }
}
"""
_SAVE = """
mutation($id: ID!, $input: SyncSettingsInput!) {
    updateSyncSettings(connectionId: $id, input: $input) { job { id } userErrors { code field } }
}
"""
_JOB = "query($id: ID!) { job(id: $id) { state error { message } progress { done total } } }"

Note = Callable[[str], None]


class Owners:
    """`sandbox` and `app` are addresses without a trailing slash; shops are named by their handles. Raises
    DevError in plain words when something is refused."""

    def __init__(self, sandbox: str, app: str) -> None:
        self._sandbox = httpx.Client(base_url=f"{sandbox}/_control", timeout=60)
        self._app = httpx.Client(base_url=app, timeout=60)

    def open(self, handle: str, role: str) -> str:
        """Install the app and choose the shop's role; a main's connection key, of others nothing."""
        self.control("POST", f"shops/{handle}.myshopify.com/install")
        shop = self.ask(handle, _ROLE, role=role)["shop"]
        return str(shop["connectionKey"] or "")

    def join(self, handle: str, key: str) -> str:
        """Make the shop a dependent of the main with that key; the connection's id."""
        self.open(handle, "DEPENDENT")
        return str(self.ask(handle, _CONNECT, key=key)["connection"]["id"])

    def invite(self, main: str, handle: str) -> None:
        """Have the main ask that shop to become a dependent; it may install the app later."""
        [result] = self.ask(main, _INVITE, urls=[f"{handle}.myshopify.com"])["results"]
        if result["userErrors"]:
            raise DevError(f"{main} could not invite {handle}: {result['userErrors']}")

    def save(self, handle: str, connection: str, settings: Mapping[str, Any]) -> str:
        """Save these of the connection's settings; the id of the sync that this begins."""
        return str(self.ask(handle, _SAVE, id=connection, input=settings)["job"]["id"])

    def is_under_way(self, handle: str, job: str) -> tuple[bool, str]:
        """Whether the job still runs, and how far it is. Raises DevError when it has failed."""
        found = self.query(handle, _JOB, id=job)["job"]
        if found["state"] == "FAILED":
            raise DevError(f"The sync of {handle} failed: {(found['error'] or {}).get('message')}")
        done, total = found["progress"]["done"], found["progress"]["total"]
        return found["state"] in UNDER_WAY, f"{handle} {done} of {total}" if total else handle

    def wait(self, jobs: Mapping[str, str], seconds: float, note: Note = lambda _text: None) -> bool:
        """Until these jobs, by their shops, have ended; False when that takes longer than `seconds`."""
        deadline = time.monotonic() + seconds
        left = dict(jobs)
        while left:
            states = {handle: self.is_under_way(handle, job) for handle, job in left.items()}
            left = {handle: job for handle, job in left.items() if states[handle][0]}
            if left and time.monotonic() > deadline:
                return False
            note(", ".join(states[handle][1] for handle in left))
            time.sleep(_POLL_SECONDS if left else 0)
        return True

    def ask(self, handle: str, document: str, **variables: Any) -> dict[str, Any]:
        """A mutation's payload."""
        [payload] = self.query(handle, document, **variables).values()
        if payload["userErrors"]:
            raise DevError(f"{handle} was refused: {payload['userErrors']}")
        found: dict[str, Any] = payload
        return found

    def query(self, handle: str, document: str, **variables: Any) -> dict[str, Any]:
        token = self.control("POST", f"shops/{handle}.myshopify.com/session-token")["token"]
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

    def control(self, method: str, path: str, **values: Any) -> dict[str, Any]:
        """One of the sandbox's control addresses, below /_control."""
        body = None if method == "GET" else values
        answer = self._sandbox.request(method, path, json=body)
        if not answer.is_success:
            raise DevError(f"The sandbox refused {method} {path}: {answer.text}")
        found: dict[str, Any] = answer.json()
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sandbox.close()
        self._app.close()

"""Result files of bulk operations: where they lie, and the signed addresses they are fetched from for
seven days.
"""

import hashlib
import hmac
import shutil
import tempfile
import weakref
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from sandbox.store.operation import BulkOperation
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop

LIFETIME = timedelta(days=7)


def path_for(sandbox: Sandbox, operation: BulkOperation) -> Path:
    """Where the operation writes; the folder goes with the sandbox."""
    if sandbox.folder is None:
        sandbox.folder = Path(tempfile.mkdtemp(prefix="sandbox-bulk-"))
        weakref.finalize(sandbox, shutil.rmtree, sandbox.folder, ignore_errors=True)
    return sandbox.folder / f"{operation.id}.jsonl"


def address(sandbox: Sandbox, shop: Shop, operation: BulkOperation, completed_at: datetime) -> str:
    """Shopify keeps results for seven days after the operation ends."""
    name = f"{operation.id}.jsonl"
    expires = str(int((completed_at + LIFETIME).timestamp()))
    signature = _sign(sandbox, shop, name, expires)
    return f"{sandbox.base_url}/{shop.domain}/_bulk/{name}?Expires={expires}&Signature={signature}"


def find(sandbox: Sandbox, shop: Shop, name: str, query: Mapping[str, str]) -> Path | None:
    """The file behind an address; None when the signature is wrong, the time is over or nothing is there."""
    expires = query.get("Expires", "")
    if not expires.isdecimal() or shop.clock.now().timestamp() >= int(expires):
        return None
    if not hmac.compare_digest(_sign(sandbox, shop, name, expires), query.get("Signature", "")):
        return None
    number = name.removesuffix(".jsonl")
    operation = shop.bulk_operations.get(int(number)) if number.isdecimal() else None
    return None if operation is None else operation.result


def _sign(sandbox: Sandbox, shop: Shop, name: str, expires: str) -> str:
    text = f"{shop.domain}/{name}/{expires}"
    return hmac.new(sandbox.secret, text.encode(), hashlib.sha256).hexdigest()

"""Staged uploads: where an app may put a file, under which signed conditions, and taking the file in.

Shapes as on shopify.dev, "stagedUploadsCreate": a POST target is a form whose parameters come first,
unchanged and in order, the file last; a PUT target is a signed address. Files are kept for a day.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from sandbox.store.operation import StagedUpload
from sandbox.store.sandbox import Sandbox
from sandbox.store.shop import Shop

MAX_BYTES = 100 * 1024 * 1024
LIFETIME = timedelta(hours=24)
_IMAGES = (
    "image/png",
    "image/jpeg",
    "image/jpg",
    "image/gif",
    "image/webp",
    "image/svg+xml",
    "image/heic",
    "image/avif",
)
_FORMATS: dict[str, tuple[str, ...]] = {
    "IMAGE": _IMAGES,
    "PRODUCT_IMAGE": _IMAGES,
    "COLLECTION_IMAGE": _IMAGES,
    "SHOP_IMAGE": _IMAGES,
    "VIDEO": ("video/mp4", "video/quicktime", "video/webm"),
    "MODEL_3D": ("model/gltf-binary", "model/vnd.usdz+zip"),
    "BULK_MUTATION_VARIABLES": ("text/jsonl", "application/jsonl", "text/plain"),
}
_FOLDERS = {"BULK_MUTATION_VARIABLES": "bulk", "IMAGE": "files", "PRODUCT_IMAGE": "products"}
_SIZE_NEEDED = {
    "VIDEO": "file size is required for video resources",
    "MODEL_3D": "file size is required for 3D model resources",
}


@dataclass(frozen=True, slots=True)
class UploadError(Exception):
    """The storage's answer to a file it does not take: status, its error code and message."""

    status: int
    code: str
    message: str


def create_targets(sandbox: Sandbox, shop: Shop, inputs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Payload of stagedUploadsCreate for its `input`; a target that cannot be made is null beside its
    userError.
    """
    errors: list[dict[str, Any]] = []
    targets: list[dict[str, Any] | None] = []
    for index, entry in enumerate(inputs):
        error = _refusal(index, entry)
        if error is not None:
            errors.append(error)
            targets.append({"url": None, "resourceUrl": None, "parameters": []})
            continue
        targets.append(_target(sandbox, shop, entry))
    return {"stagedTargets": targets, "userErrors": errors}


def receive_form(
    sandbox: Sandbox, shop: Shop, parts: Sequence[tuple[str, str | bytes]], path: str
) -> StagedUpload:
    """Take a multipart POST: names and values in the order sent, the file as bytes. Raises UploadError."""
    names = [name for name, _ in parts]
    if not parts or names[-1] != "file" or not isinstance(parts[-1][1], bytes):
        raise UploadError(
            400, "InvalidArgument", "POST requires exactly one file upload per request, as the last field."
        )
    fields = {name: value for name, value in parts[:-1] if isinstance(value, str)}
    upload = shop.staged_uploads.get(fields.get("key", ""))
    if upload is None or upload.http_method != "POST":
        raise UploadError(403, "AccessDenied", "Access denied.")
    expected = _form(sandbox, shop, upload)
    if names[:-1] != [name for name, _ in expected] or fields != dict(expected):
        raise UploadError(403, "AccessDenied", "The fields do not meet the conditions of the policy.")
    if path.strip("/"):
        raise UploadError(400, "InvalidArgument", "The form goes to the bucket's address.")
    _keep(shop, upload, parts[-1][1])
    return upload


def receive_put(sandbox: Sandbox, shop: Shop, key: str, signature: str, content: bytes) -> StagedUpload:
    """Take a PUT to a signed address. Raises UploadError."""
    upload = shop.staged_uploads.get(key)
    if (
        upload is None
        or upload.http_method != "PUT"
        or not hmac.compare_digest(_sign(sandbox, key), signature)
    ):
        raise UploadError(403, "SignatureDoesNotMatch", "The signature of this address is not valid.")
    _keep(shop, upload, content)
    return upload


def find(shop: Shop, path: str) -> StagedUpload | None:
    """The upload that a `stagedUploadPath` (or a resource address) names, if its file has arrived."""
    key = unquote(urlsplit(path).path) if "://" in path else path
    position = key.find("tmp/")
    upload = shop.staged_uploads.get(key[position:] if position > 0 else key)
    if upload is None or upload.content is None or shop.now() >= upload.created_at + LIFETIME:
        return None
    return upload


def _refusal(index: int, entry: Mapping[str, Any]) -> dict[str, Any] | None:
    resource, mime_type = entry["resource"], entry["mimeType"]
    place = ["input", str(index)]
    if resource in _SIZE_NEEDED and entry.get("fileSize") is None:
        return {"field": [*place, "fileSize"], "message": _SIZE_NEEDED[resource]}
    if resource in _FORMATS and mime_type not in _FORMATS[resource]:
        message = f"{entry['filename']}: ({mime_type}) is not a recognized format"
        return {"field": [*place, "mimeType"], "message": message}
    return None


def _target(sandbox: Sandbox, shop: Shop, entry: Mapping[str, Any]) -> dict[str, Any]:
    filename = entry["filename"].replace("/", "_")
    folder = _FOLDERS.get(entry["resource"], "files")
    key = f"tmp/{shop.id}/{folder}/{sandbox.random.getrandbits(128):032x}/{filename}"
    method = entry.get("httpMethod") or "PUT"
    upload = StagedUpload(key, entry["resource"], filename, entry["mimeType"], shop.now(), method)
    shop.staged_uploads[key] = upload
    base = f"{sandbox.base_url}/{shop.domain}/_uploads/"
    address = base + quote(key)
    bulk = entry["resource"] == "BULK_MUTATION_VARIABLES"
    if method == "PUT":
        return {
            "url": f"{address}?signature={_sign(sandbox, key)}",
            "resourceUrl": None if bulk else address,
            "parameters": [
                {"name": "content_type", "value": upload.mime_type},
                {"name": "acl", "value": "private"},
            ],
        }
    parameters = [{"name": name, "value": value} for name, value in _form(sandbox, shop, upload)]
    return {"url": base, "resourceUrl": None if bulk else address, "parameters": parameters}


def _form(sandbox: Sandbox, shop: Shop, upload: StagedUpload) -> list[tuple[str, str]]:
    """The fields that go before the file, in order; the policy names the size it allows."""
    expires: datetime = upload.created_at + LIFETIME
    policy = {
        "expiration": f"{expires:%Y-%m-%dT%H:%M:%SZ}",
        "conditions": [
            ["content-length-range", 1, MAX_BYTES],
            {"Content-Type": upload.mime_type},
            {"success_action_status": "201"},
            {"acl": "private"},
            {"key": upload.key},
        ],
    }
    encoded = base64.b64encode(json.dumps(policy, separators=(",", ":")).encode()).decode()
    return [
        ("Content-Type", upload.mime_type),
        ("success_action_status", "201"),
        ("acl", "private"),
        ("key", upload.key),
        ("x-goog-date", f"{upload.created_at:%Y%m%dT%H%M%SZ}"),
        ("x-goog-credential", f"sandbox@{shop.domain}/{upload.created_at:%Y%m%d}/auto/storage/goog4_request"),
        ("x-goog-algorithm", "GOOG4-RSA-SHA256"),
        ("x-goog-signature", _sign(sandbox, encoded)),
        ("policy", encoded),
    ]


def _keep(shop: Shop, upload: StagedUpload, content: bytes) -> None:
    if shop.now() >= upload.created_at + LIFETIME:
        raise UploadError(403, "ExpiredToken", "The policy has expired.")
    if len(content) > MAX_BYTES:
        raise UploadError(
            400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed object size."
        )
    if not content:
        raise UploadError(
            400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed object size."
        )
    upload.content = content


def _sign(sandbox: Sandbox, text: str) -> str:
    return hmac.new(sandbox.secret, text.encode(), hashlib.sha256).hexdigest()

"""Files as media of products and variants, and as files of the shop."""

import mimetypes
from typing import Any

from sandbox.commands import files
from sandbox.context import Call
from sandbox.ids import gid
from sandbox.plan import Args
from sandbox.resolvers.fields import Fields, always, attr
from sandbox.store.media import File

_CONTENT = {"IMAGE": "IMAGE", "VIDEO": "VIDEO", "EXTERNAL_VIDEO": "EXTERNAL_VIDEO", "MODEL_3D": "MODEL_3D"}


def status(file: File, args: Args, ctx: Call) -> str:
    return files.status(ctx.shop, file)


def _ready(file: File, args: Args, ctx: Call) -> File | None:
    """An image has an address and a size only after it was processed."""
    return file if files.status(ctx.shop, file) == "READY" else None


def _errors(kind: str) -> Any:
    def resolve(file: File, args: Args, ctx: Call) -> list[dict[str, Any]]:
        if files.status(ctx.shop, file) != "FAILED":
            return []
        code = "IMAGE_DOWNLOAD_FAILURE" if file.content_type == "IMAGE" else "UNKNOWN"
        return [
            {
                "code": code,
                "details": "The file could not be fetched.",
                "message": f"{kind} failed to process",
            }
        ]

    return resolve


def _preview(file: File, args: Args, ctx: Call) -> dict[str, Any]:
    return {"status": files.status(ctx.shop, file), "image": _ready(file, args, ctx)}


def _mime(file: File, args: Args, ctx: Call) -> str:
    return mimetypes.guess_type(file.filename)[0] or "image/jpeg"


_FILE: Fields = {
    "id": lambda f, args, ctx: files.file_gid(f),
    "alt": lambda f, args, ctx: f.alt or None,
    "fileStatus": status,
    "fileErrors": _errors("File"),
    "createdAt": attr("created_at"),
    "updatedAt": attr("updated_at"),
    "preview": _preview,
}
_MEDIA: Fields = {
    **_FILE,
    "mediaContentType": lambda f, args, ctx: _CONTENT[f.content_type],
    "status": status,
    "mediaErrors": _errors("Media"),
    "mediaWarnings": always([]),
}
MEDIA_IMAGE: Fields = {
    **_MEDIA,
    "image": _ready,
    "mimeType": _mime,
    "originalSource": lambda f, args, ctx: {"url": f.original_source, "fileSize": 100_000 + f.width},
}
VIDEO: Fields = {
    **_MEDIA,
    "filename": attr("filename"),
    "duration": always(10_000),
    "sources": lambda f, args, ctx: [_source(f)] if _ready(f, args, ctx) else [],
    "originalSource": lambda f, args, ctx: _source(f) if _ready(f, args, ctx) else None,
}
MODEL_3D: Fields = {**VIDEO, "boundingBox": always(None)}
MODEL_3D.pop("duration")
EXTERNAL_VIDEO: Fields = {
    **_MEDIA,
    "originUrl": attr("original_source"),
    "embedUrl": attr("original_source"),
    "embeddedUrl": attr("original_source"),
    "host": lambda f, args, ctx: "VIMEO" if "vimeo" in f.original_source else "YOUTUBE",
}
GENERIC_FILE: Fields = {
    **_FILE,
    "mimeType": _mime,
    "originalFileSize": lambda f, args, ctx: 100_000 + f.width,
    "url": lambda f, args, ctx: f.url if _ready(f, args, ctx) else None,
}


def _source(file: File) -> dict[str, Any]:
    extension = file.filename.rpartition(".")[2] or "bin"
    return {
        "url": file.url,
        "format": extension,
        "mimeType": mimetypes.guess_type(file.filename)[0] or "application/octet-stream",
        "width": file.width,
        "height": file.height,
        "filesize": 1_000_000 + file.width,
        "fileSize": 1_000_000 + file.width,
    }


def _url(file: File, args: Args, ctx: Call) -> str:
    return file.url


IMAGE: Fields = {
    "id": lambda f, args, ctx: gid("ImageSource", f.id),
    "url": _url,
    "src": _url,
    "originalSrc": _url,
    "transformedSrc": _url,
    "altText": lambda f, args, ctx: f.alt or None,
    "width": attr("width"),
    "height": attr("height"),
    "thumbhash": always(None),
}

"""Logging of every process: one line per event, on standard output, and no secret in any of them.

Tracebacks are plain: the renderers that show local variables would show tokens. What looks like a secret all
the same, in the message of somebody else's error for instance, is blacked out on its way.
"""

import logging
import re
import sys
from typing import Any

import structlog
from structlog.types import Processor

_SECRETS = re.compile(
    r"""
    msat_[0-9A-Za-z]+               # API tokens
    | mss_[a-z0-9_]{20,}            # connection keys
    | shp[a-z]{2,4}_[0-9A-Za-z]+    # Shopify's access and refresh tokens
    | eyJ[\w-]+\.[\w-]+\.[\w-]+     # session tokens
    """,
    re.VERBOSE,
)
# Chatty at INFO, and they say nothing that our own lines don't.
_QUIET = ("httpx", "httpcore", "tortoise", "asyncio")


def configure(level: str = "INFO", *, as_json: bool = True) -> None:
    """`as_json` False is for people at a terminal."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    last: Processor = structlog.processors.JSONRenderer()
    if not as_json:
        last = structlog.dev.ConsoleRenderer(
            colors=sys.stdout.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    rendered: list[Processor] = [last, _without_secrets]
    structlog.configure(
        processors=[*shared, *rendered],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *rendered],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _without_secrets(_logger: object, _method: str, line: Any) -> str:
    return _SECRETS.sub("[secret]", line)

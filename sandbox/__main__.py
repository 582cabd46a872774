"""Runs the sandbox: `python -m sandbox --port 8090 --app-url … --client-id … --client-secret …`."""

import argparse
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import uvicorn

from sandbox.app import create_app
from sandbox.clock import RealClock
from sandbox.commands.shops import register_app
from sandbox.demo import SCOPES, add_fresh_shop, build, make_shops
from sandbox.schema import VERSIONS, admin_schema
from sandbox.store.app import App
from sandbox.store.sandbox import Sandbox
from sandbox.web.connection import Protocol
from sandbox.webhook_config import ConfigurationError, configure


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    try:
        listener = socket.create_server((options.host, options.port))
    except OSError as error:
        sys.exit(
            f"The sandbox cannot listen on {options.host}:{options.port}: {os.strerror(error.errno or 0)}."
        )
    base_url = options.base_url or f"http://{options.host}:{listener.getsockname()[1]}"
    sandbox = Sandbox(RealClock(), seed=options.seed, base_url=base_url.rstrip("/"))
    app = register_app(
        sandbox,
        options.client_id,
        options.client_secret
        or os.environ.get("SHOPIFY_API_SECRET", "sandbox-client-secret-for-trials-only"),
        title=options.app_title,
        handle=options.app_title.lower().replace(" ", "-"),
        url=options.app_url,
        scopes=tuple(scope.strip() for scope in options.scopes.split(",") if scope.strip()),
    )
    if options.app_toml is not None:
        _configure(sandbox, app, options.app_toml, options.webhook_url or options.app_url)
    if options.scenario == "empty":
        make_shops(sandbox)
    else:
        build(sandbox, options.products)
    if options.scenario == "tour":
        add_fresh_shop(sandbox)
    admin_schema(VERSIONS[-1])  # half a second that the first request should not have to wait
    config = uvicorn.Config(
        create_app(sandbox, app),
        http=Protocol,
        log_level=options.log_level,
        access_log=False,
        timeout_graceful_shutdown=2,
    )
    sys.stdout.write(f"The sandbox is at {sandbox.base_url}\n")
    sys.stdout.flush()
    uvicorn.Server(config).run(sockets=[listener])


def _configure(sandbox: Sandbox, app: App, path: Path, base_url: str) -> None:
    """Webhooks as the file says; ends the program when it cannot be used."""
    try:
        warnings = configure(sandbox, app, path.read_text("utf-8"), base_url)
    except (OSError, UnicodeDecodeError, ConfigurationError) as error:
        sys.exit(f"{path} cannot be used: {error}")
    for warning in warnings:
        sys.stderr.write(f"{path}: {warning}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m sandbox", description="A stand-in for Shopify.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8090, help="0 takes a free one and says which")
    parser.add_argument("--base-url", help="how clients reach this server (default: http://HOST:PORT)")
    parser.add_argument("--app-url", default="", help="the app's own address, opened in the admin's frame")
    parser.add_argument("--app-toml", type=Path, help="the app's shopify.app.toml: its webhooks are taken")
    parser.add_argument("--webhook-url", default="", help="where the app gets webhooks (default: --app-url)")
    parser.add_argument("--app-title", default="Multi-Store Sync")
    parser.add_argument("--client-id", default="sandbox-client")
    parser.add_argument("--client-secret", help="default: the variable SHOPIFY_API_SECRET")
    parser.add_argument("--scopes", default=",".join(SCOPES), help="what the app asks for, with commas")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scenario", choices=("demo", "tour", "empty"), default="demo")
    parser.add_argument(
        "--products", type=int, default=300, help="generated products of the demo's main shop"
    )
    parser.add_argument("--log-level", default="warning")
    return parser


if __name__ == "__main__":
    main()

"""What the processes write down, and what they never do."""

import logging
from collections.abc import Iterator

import jwt
import orjson
import pytest
import structlog

from backend import logs
from backend.api_tokens.secret import new_token
from backend.connections.role import new_key


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def failing(token: str) -> None:
    secret = token * 2
    raise ValueError(f"after {len(secret)} characters")


@pytest.mark.parametrize("as_json", [True, False])
def test_a_traceback_shows_no_local_variable(as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=as_json)
    try:
        failing("shpat_" + "secret")
    except ValueError as error:
        structlog.get_logger("test").error("job crashed", exc_info=error)
        logging.getLogger("library").exception("failed")
    out = capsys.readouterr().out
    assert out.count("after 24 characters") == 2
    assert "shpat_secret" not in out


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize(
    "secret",
    [
        new_token(),
        new_key(),
        "shpat_" + "0a" * 16,
        "shprt_" + "0a" * 16,
        jwt.encode({"dest": "https://shop.myshopify.com"}, "k" * 32),
    ],
)
def test_what_looks_like_a_secret_is_blacked_out(
    secret: str, as_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(as_json=as_json)
    try:
        raise ValueError(f"cannot read {secret}")
    except ValueError as error:
        structlog.get_logger("test").error("refused", header=f"Bearer {secret}", exc_info=error)
        logging.getLogger("library").exception("refused %s", secret)
    out = capsys.readouterr().out
    assert secret not in out
    assert out.count("cannot read [secret]") == 2
    assert "Bearer [secret]" in out


def test_one_line_of_json_per_event(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure("WARNING")
    structlog.get_logger("test").info("unheard")
    structlog.get_logger("test").warning("lease lost", job="1")
    logging.getLogger("dramatiq").warning("gone")
    first, second = (orjson.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["event"], first["level"], first["job"]) == ("lease lost", "warning", "1")
    assert (second["event"], second["level"]) == ("gone", "warning")

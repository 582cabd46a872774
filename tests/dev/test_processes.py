from dataclasses import replace

from dev.paths import ROOT
from dev.processes import PROCESSES, Facts

FACTS = Facts(
    python="python",
    host="127.0.0.1",
    app_port=8000,
    sandbox_port=8090,
    app_url="http://127.0.0.1:8000",
    page_url="http://127.0.0.1:8000",
    sandbox_url="http://127.0.0.1:8090",
    database_url="postgresql://",
    redis_url="redis://",
    client_id="client",
    client_secret="secret",
    encryption_keys="key",
    lookup_key="key",
    scenario="demo",
    frontend_dist="dist",
)


def arguments(facts: Facts) -> dict[str, str]:
    """The sandbox's options by their names."""
    (sandbox,) = (process for process in PROCESSES if process.name == "sandbox")
    words = [facts.fill(word) for word in sandbox.argv[3:]]
    return dict(zip(words[::2], words[1::2], strict=True))


def test_the_sandbox_is_told_where_the_app_gets_webhooks() -> None:
    developing = replace(FACTS, page_url="http://127.0.0.1:8001")
    options = arguments(developing)
    assert options["--webhook-url"] == "http://127.0.0.1:8000"
    assert options["--app-url"] == "http://127.0.0.1:8001"
    assert (ROOT / options["--app-toml"]).is_file()

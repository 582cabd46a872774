import tomllib

from backend.config import OPTIONAL_SCOPES, REQUIRED_SCOPES
from dev.paths import ROOT


def test_shopify_is_told_the_scopes_that_the_code_needs() -> None:
    scopes = tomllib.loads((ROOT / "shopify.app.toml").read_text(encoding="utf-8"))["access_scopes"]
    assert tuple(scopes["scopes"].split(",")) == REQUIRED_SCOPES
    assert tuple(scopes["optional_scopes"]) == OPTIONAL_SCOPES

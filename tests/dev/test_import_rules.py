"""The import rules bind: a copy of the packages with one violation of each is told so."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from dev.check import IMPORT_RULES
from dev.paths import ROOT

VIOLATIONS = {
    "engine": ("backend/sync/x_rule.py", "import tortoise"),
    "shopify": ("backend/shopify/x_rule.py", "import backend.models.shop"),
    "plans": ("backend/billing/room.py", "import tortoise"),
    "shapes": ("backend/schema/x_rule.py", "import backend.resolvers"),
    "tenants": ("backend/resolvers/x_rule.py", "import backend.database"),
    "queue": ("backend/web/x_rule.py", "import dramatiq"),
    "product": ("backend/x_rule.py", "import sandbox.clock"),
    "stand-in": ("sandbox/x_rule.py", "import backend.clock"),
}


def not_python(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if "." in name and not name.endswith(".py")]


def test_every_rule_is_kept_here_and_broken_by_its_violation(tmp_path: Path) -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert {contract["id"] for contract in contracts} == set(VIOLATIONS)
    for package in ("backend", "sandbox", "dev", "tests"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=not_python)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for file, line in VIOLATIONS.values():
        (tmp_path / file).write_text(f"{line}\n")
    told = subprocess.run([sys.executable, "-c", IMPORT_RULES], cwd=tmp_path, capture_output=True, text=True)
    assert told.returncode == 1, told.stdout + told.stderr
    assert re.findall(r"Contracts: .*", told.stdout) == [f"Contracts: 0 kept, {len(VIOLATIONS)} broken."]

"""Where things lie in the working copy. Standard library only."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
DATA = ROOT / ".data"
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
FRONTEND = ROOT / "frontend"
SPA = FRONTEND / "dist"
SHOPIFY_SCHEMA = CACHE / "shopify-schema"
PLANS = ROOT / "dev" / "plans.json"

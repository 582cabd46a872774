"""The demo's family of shops: a main shop, a dependent that takes everything, one abroad with prices of its
own. A fourth shop is invited and left to the visitor."""

from __future__ import annotations

from typing import Any

from dev.owners import Note, Owners

MAIN, NEAR, ABROAD, FRESH = "main-shop", "berlin-outlet", "london-store", "paris-boutique"
SETTINGS: dict[str, dict[str, Any]] = {
    NEAR: {"products": "ALL"},
    ABROAD: {"products": "ALL", "priceRules": {"conversionRate": "0.85", "ending": "0.99"}},
}
# Then the visitor may look around; the sync goes on.
PATIENCE_SECONDS = 60.0


def connect(owners: Owners) -> dict[str, str]:
    """Connect the dependents to main and choose their settings; the first syncs that this begins, by shop."""
    key = owners.open(MAIN, "MAIN")
    owners.invite(MAIN, FRESH)
    return {
        handle: owners.save(handle, owners.join(handle, key), settings)
        for handle, settings in SETTINGS.items()
    }


def wait(owners: Owners, jobs: dict[str, str], note: Note) -> str:
    """Until the first syncs have ended, within reason; says in a few words what came of it."""
    return "done" if owners.wait(jobs, PATIENCE_SECONDS, note) else "goes on while you look around"

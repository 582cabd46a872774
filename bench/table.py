"""Rows as a table for a person."""

from __future__ import annotations

from bench.row import Row

HEAD = f"{'':4} {'work':66} {'target':48} {'':4} result"


def as_line(row: Row) -> str:
    """Two lines: the result, and how much of the work it was measured on."""
    first = f"{row.id:4} {row.work:66} {row.target:48} {'ok' if row.ok else 'MISS':4} {row.result}"
    return first if not row.size else f"{first}\n{'':4}   {row.size}"

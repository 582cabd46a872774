"""Failures that a person at the terminal can do something about. Standard library only."""

from __future__ import annotations


class DevError(Exception):
    """Something the machine lacks or refuses; `str(error)` says what it is and what to do, in plain words."""

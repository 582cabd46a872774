"""Results as a table for a person and as JSON for a program."""

from __future__ import annotations

from typing import Any

from bench.scenarios import Result

HEAD = (
    f"{'work':42} {'':3} {'target':>18} {'reached':>8} {'points':>7} {'calls':>6} "
    f"{'SQL':>7} {'CPU s':>7} {'virtual s':>9} {'+MiB':>6}"
)


def as_line(result: Result) -> str:
    found = result.measured
    target = f"{result.target:.0f} {result.unit}"
    return (
        f"{found.name:42} {'ok' if result.ok else 'NO':3} {target:>18} {result.reached:8.0f} "
        f"{found.points:7} {found.calls:6} {found.statements:7} {found.cpu_seconds:7.1f} "
        f"{found.seconds:9.1f} {found.peak_mib:6.0f}"
    )


def as_json(result: Result) -> dict[str, Any]:
    found = result.measured
    return {
        "work": found.name,
        "unit": result.unit,
        "target": result.target,
        "reached": result.reached,
        "ok": result.ok,
        "points": found.points,
        "calls": found.calls,
        "statements": found.statements,
        "cpu_seconds": found.cpu_seconds,
        "virtual_seconds": found.seconds,
        "peak_mib": found.peak_mib,
        "traffic": {shop: count.as_json() for shop, count in found.traffic.items()},
        "job": result.job,
    }

"""Run the set-up steps, one working copy at a time. Standard library only."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence

from dev.errors import DevError
from dev.paths import CACHE
from dev.progress import Progress
from dev.steps import STEPS

try:
    import fcntl
except ImportError:  # Windows has no such lock; one set-up at a time is then up to the person
    fcntl = None  # type: ignore[assignment]


def provision(names: Sequence[str]) -> int:
    """Ensure the named steps, or all, in their order; answers the exit status."""
    unknown = [name for name in names if name not in STEPS]
    if unknown:
        print(f"No such step: {', '.join(unknown)}. There are: {', '.join(STEPS)}.", file=sys.stderr)
        return 2
    progress = Progress()
    try:
        CACHE.mkdir(exist_ok=True)
        with _alone(progress):
            for step in STEPS.values():
                if not names or step.name in names:
                    step.ensure(progress)
    except DevError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"\nThe set-up could not write to {error.filename}: {error.strerror}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The next run goes on where this one was.", file=sys.stderr)
        return 130
    return 0


@contextlib.contextmanager
def _alone(progress: Progress) -> Iterator[None]:
    with (CACHE / "setup.lock").open("w") as lock:
        if fcntl is not None:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                progress.say("  Another set-up is running here; waiting for it.")
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield

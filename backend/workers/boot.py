"""What a worker process opens before its first message and closes after its last."""

from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any, TypeVar

import dramatiq
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.middleware import Middleware, MiddlewareError

from backend.config import Settings
from backend.jobs.opening import open_runtime
from backend.jobs.runtime import Runtime

T = TypeVar("T")


class NotBootedError(RuntimeError):
    """An actor ran in a process whose worker was never started."""


_runtime: Runtime | None = None


def runtime() -> Runtime:
    """The runtime of this worker process."""
    if _runtime is None:
        raise NotBootedError("the worker has not been started")
    return _runtime


def _on_loop(work: Coroutine[Any, Any, T]) -> T:
    thread = get_event_loop_thread()
    if thread is None:
        raise NotBootedError("the AsyncIO middleware has to come first")
    return thread.run_coroutine(work)


class Boot(Middleware):
    """Opens the runtime on the loop of the AsyncIO middleware, before the first message: a hook after the
    boot races with messages. Hooks of a shutdown run in reverse, so the loop is still there to close it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stack = AsyncExitStack()

    def before_worker_boot(self, _broker: dramatiq.Broker, _worker: dramatiq.Worker) -> None:
        global _runtime
        try:
            _runtime = _on_loop(open_runtime(self._settings, self._stack)).runtime
        except Exception as error:
            # Any other exception is only logged, and a worker without a runtime would take messages and fail.
            raise MiddlewareError("the worker could not be started") from error

    def after_worker_shutdown(self, _broker: dramatiq.Broker, _worker: dramatiq.Worker) -> None:
        global _runtime
        _runtime = None
        _on_loop(self._stack.aclose())

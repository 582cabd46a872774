"""`python -m backend.worker --queues live` works on jobs until it is told to stop.

SIGTERM and SIGINT let the slices under way end, ten seconds at most, and give back what waits. A worker that
is killed costs nothing but time: its jobs go on elsewhere when their leases run out.
"""

import argparse
import importlib
import os
import signal
import sys
import threading
from collections.abc import Sequence

from dramatiq import Worker

from backend import logs
from backend.config import ConfigError, load
from backend.jobs.queue import Queue
from backend.memory import keep_what_is_loaded
from backend.workers.boot import Boot
from backend.workers.broker import configure

# How often an idle worker looks for messages, in milliseconds: half of it is the usual delay before a job
# begins.
_IDLE_MILLISECONDS = 100
_SHUTDOWN_MILLISECONDS = 30_000
# How far long work gives way to live work and to the API where they share processors.
_NICE = 10


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="backend.worker", description="Works on jobs.")
    parser.add_argument("--queues", nargs="+", choices=[each.value for each in Queue], default=["background"])
    parser.add_argument("--threads", type=int, default=8, help="slices side by side (default: 8)")
    options = parser.parse_args(arguments)
    try:
        settings = load()
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    logs.configure(settings.log_level, as_json=settings.log_json)
    if Queue.LIVE not in options.queues:
        os.nice(_NICE)
    broker = configure(settings.redis_url, Boot(settings))
    # Actors belong to the broker that is set when they are imported.
    importlib.import_module("backend.workers.actors")
    keep_what_is_loaded()
    worker = Worker(
        broker,
        queues={*options.queues, *(f"{each}.DQ" for each in options.queues)},
        worker_threads=options.threads,
        worker_timeout=_IDLE_MILLISECONDS,
    )
    stopping = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stopping.set())
    worker.start()
    stopping.wait()
    worker.stop(timeout=_SHUTDOWN_MILLISECONDS)
    broker.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

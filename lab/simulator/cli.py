"""``python -m lab.simulator``: command line, start and end of the process."""

import argparse
import asyncio
import json
import logging
import os
import signal
import sqlite3
import sys
from collections.abc import Sequence

from .clock import Clock
from .control import Control
from .ledger import Ledger
from .listener import Listener
from .service import Service
from .supervisor import supervise

CANNOT_START = 2


def parser() -> argparse.ArgumentParser:
    result = argparse.ArgumentParser(
        prog="python -m lab.simulator",
        description="A stand-in for the SMART web service. When it listens it prints one line"
        " of JSON with url, control_url and pid.",
    )
    result.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    result.add_argument(
        "--port", type=int, default=8170, help="port of the service, 0: any free (%(default)s)"
    )
    result.add_argument(
        "--control-port",
        type=int,
        default=8171,
        help="port of the control API, 0: any free (%(default)s)",
    )
    result.add_argument("--state", metavar="FILE", help="keep the state here (default: memory)")
    result.add_argument(
        "--respawn", action="store_true", help="start again, with the same state, after a death"
    )
    result.add_argument(
        "--clock-offset",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="how far the service's clock is ahead of this machine's",
    )
    strictness = result.add_mutually_exclusive_group()
    strictness.add_argument(
        "--strict",
        dest="strict",
        action="store_true",
        default=None,
        help="check the manual's contract too (default, unless the state says otherwise)",
    )
    strictness.add_argument(
        "--lenient",
        dest="strict",
        action="store_false",
        help="check only what the running service was seen to check",
    )
    result.add_argument("--quiet", action="store_true", help="do not log calls to stderr")
    result.add_argument("--tied", action="store_true", help=argparse.SUPPRESS)
    return result


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the service until it is told to stop; return the exit status."""
    options = parser().parse_args(arguments)
    if options.respawn:
        return supervise(options)
    logging.basicConfig(
        level=logging.ERROR if options.quiet else logging.INFO,
        format="%(asctime)s %(name)s %(message)s",
    )
    try:
        asyncio.run(_serve(options))
    except OSError as error:
        return _cannot_start(f"cannot listen: {error.strerror or error}")
    except sqlite3.Error as error:
        return _cannot_start(f"cannot use the state file {options.state}: {error}")
    return 0


def _cannot_start(reason: str) -> int:
    print(f"simulator: {reason}", file=sys.stderr)
    return CANNOT_START


async def _serve(options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if options.tied:
        # Standard input is a pipe of the supervisor: it ends when the supervisor does.
        loop.add_reader(sys.stdin.fileno(), stop.set)
    ledger = Ledger(options.state)
    service = Service(ledger, Clock(options.clock_offset))
    if options.strict is not None:
        service.set_strict(options.strict)
    listener = Listener(service.application(), options.host, options.port)
    control = Listener(Control(service, listener).application(), options.host, options.control_port)
    try:
        await listener.start()
        await control.start()
        ready = {"url": listener.url, "control_url": control.url, "pid": os.getpid()}
        print(json.dumps(ready), flush=True)
        await stop.wait()
    finally:
        await control.stop()
        await listener.stop()
        ledger.close()

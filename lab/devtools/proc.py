"""Running other programs, with their output in a log."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

from .say import Failure

# The kinds of lines that tell why a program failed, the most telling first.
TELLING = (
    re.compile(r"^[\w.]*(?:Error|Exception|Invalid\w*|Failure)\b.*"),
    re.compile(r"^(?:E|ERROR|error|fatal|FATAL)\b.*"),
    re.compile(r"^.* (?:CRITICAL|ERROR) .*"),
    re.compile(r".*"),
)


def reason(said):
    """Return the line of a program's output that best tells why it failed."""
    lines = [text.strip() for text in said.splitlines() if text.strip()]
    for kind in TELLING:
        for text in reversed(lines):
            if kind.match(text):
                return text[:200]
    return ""


def run(command, *, what, log, cure="", **options):
    """Run a program to its end, its output appended to a log.

    :param list command: program and arguments
    :param str what: what it does, for the sentence of a failure
    :param Path log: the file that takes its output
    :param str cure: the cure to tell; by default the log is named
    :raises Failure: when it ends with another status than 0
    """
    log = Path(log)
    with log.open("ab") as output:
        output.write(f"$ {shlex.join(map(str, command))}\n".encode())
        output.flush()
        start = output.tell()
        try:
            status = subprocess.run(
                list(map(str, command)),
                stdin=options.pop("stdin", subprocess.DEVNULL),
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                **options,
            ).returncode
        except FileNotFoundError as error:
            raise Failure(f"{what} failed: {error.filename} is not installed", cure) from error
    if status:
        with log.open("rb") as output:
            output.seek(start)
            said = output.read().decode(errors="replace")
        if "No space left on device" in said:
            raise Failure(
                f"{what} failed: the disk is full",
                "free some space, or name a folder on another disk by XDG_CACHE_HOME=…",
            )
        why = reason(said) or f"exit status {status}"
        raise Failure(f"{what} failed ({why})", cure or f"read {log} and run this again")


def output(command, **options):
    """Return what a program prints, or None when it cannot be run or fails."""
    try:
        done = subprocess.run(
            list(map(str, command)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            check=False,
            **options,
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def found(program):
    """Return the path of a program, or None."""
    return shutil.which(program)

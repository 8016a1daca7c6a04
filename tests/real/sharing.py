"""What one of the workers builds, and all of them copy."""

import contextlib
import fcntl
import json
from pathlib import Path


@contextlib.contextmanager
def shared(place, build, remove):
    """Give what was built, building it where nobody has; the last one to leave removes it.

    :param place: path of the file in which it is noted, the same for all workers
    :param build: function that returns it, as JSON can tell it
    :param remove: function of what was built
    """
    with _held(place):
        noted = _read(place) or {"users": 0, "what": build()}
        _write(place, noted["users"] + 1, noted["what"])
    try:
        yield noted["what"]
    finally:
        with _held(place):
            noted = _read(place)
            if noted["users"] > 1:
                _write(place, noted["users"] - 1, noted["what"])
            else:
                place.unlink()
                remove(noted["what"])


@contextlib.contextmanager
def _held(place):
    with open(Path(f"{place}.lock"), "ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _read(place):
    return json.loads(place.read_text("utf-8")) if place.is_file() else None


def _write(place, users, what):
    place.write_text(json.dumps({"users": users, "what": what}), "utf-8")

"""The folder outside the checkout that holds everything downloaded and built."""

import contextlib
import errno
import fcntl
import os
import shutil
from pathlib import Path

from . import say
from .say import Failure

GIB = 1024**3


def free_space(path):
    """Return the bytes free on the file system of a path, which need not exist yet."""
    path = Path(path)
    while not path.exists():
        path = path.parent
    return shutil.disk_usage(path).free


def require_space(path, gib, purpose):
    """Fail unless ``gib`` GiB are free where ``path`` is or will be."""
    free = free_space(path) / GIB
    if free < gib:
        raise Failure(
            f"{purpose} needs {gib:g} GiB free at {path} and there are only {free:.1f}",
            "free some space, or name a folder on another disk by XDG_CACHE_HOME=…",
        )


def write_atomically(path, text, mode=0o644):
    """Replace a file as a whole, so that an interruption never leaves half of it."""
    path = Path(path)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, path)


class Cache:
    """Paths, stamps and locks below one root."""

    def __init__(self, root):
        """Remember the root; nothing is created yet."""
        self.root = Path(root)

    def path(self, *parts):
        """Return a path in the cache whose parent folder exists."""
        path = self.root.joinpath(*parts)
        self.make(path.parent)
        return path

    def folder(self, *parts):
        """Return a folder in the cache, created when missing."""
        return self.make(self.root.joinpath(*parts))

    def make(self, path):
        """Create a folder, or fail with the sentence that fits."""
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise
            raise Failure(
                f"the cache folder {path} cannot be created ({error.strerror})",
                "name a folder that you may write to by XDG_CACHE_HOME=…",
            ) from error
        return path

    def log(self, name):
        """Return the path of a log file."""
        return self.path("logs", f"{name}.log")

    @contextlib.contextmanager
    def lock(self, name, waiting_for):
        """Hold a lock that the kernel lets go when the process dies, however it dies.

        :param str name: name of the lock
        :param str waiting_for: what to tell a user who has to wait
        """
        descriptor = self._open_lock(name)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say.step(f"waiting for {waiting_for}")
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    @contextlib.contextmanager
    def first_free(self, name):
        """Hold the first lock of ``name``, ``name_2``, … that nobody holds; give its name."""
        number = 1
        while True:
            candidate = name if number == 1 else f"{name}_{number}"
            descriptor = self._open_lock(candidate)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                number += 1
                continue
            try:
                yield candidate
            finally:
                os.close(descriptor)
            return

    @contextlib.contextmanager
    def in_use(self, name):
        """Mark something as in use, by any number of processes at a time."""
        descriptor = self._open_lock(name)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            yield
        finally:
            os.close(descriptor)

    def is_locked(self, name):
        """Tell whether a living process holds a lock."""
        descriptor = self._open_lock(name)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def _open_lock(self, name):
        # Close-on-exec (Python's default) keeps children from holding the lock on.
        return os.open(self.path("locks", f"{name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)

"""Rules for the texts of all files: what no file may have, and what each must have."""

import re
import subprocess
from pathlib import Path

MAX_LINES = 450
# Kept in pieces: the rules would otherwise find themselves.
FORBIDDEN = {
    "a token": re.compile(r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}"),
    "a private key": re.compile("-----BEGIN [A-Z ]*PRIVATE" + " KEY-----"),
    "a package mirror": re.compile(
        r"https?://[^\s/'\"]*(?:debian\.org|pypi\.|pythonhosted|npmjs|mirror|artifact|nexus)"
        r"|https?://[^\s'\"]+/(?:simple|dists)/",
    ),
    "a path of one machine": re.compile(r"(?<![\w.$}~/])/(?:root|home/\w+|work|Users)/\w+"),
    "an unfinished merge": re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE),
}
TEXT_SUFFIXES = {
    ".cfg", ".css", ".csv", ".html", ".ini", ".js", ".json", ".md", ".po", ".pot", ".py", ".rst",
    ".scss", ".sh", ".sql", ".toml", ".txt", ".xml", ".yaml", ".yml", "",
}  # fmt: skip


def check(checkout):
    """Return the problems of all files of the repository."""
    problems = []
    for name in files(checkout):
        path = Path(checkout, name)
        if path.suffix not in TEXT_SUFFIXES or not path.is_file() or path.is_symlink():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            problems.append(f"{name}: is not UTF-8")
            continue
        problems += check_text(name, text)
    return problems


def check_text(name, text):
    """Return the problems of one text.

    >>> check_text("notes.txt", "fine\\n")
    []
    """
    problems = []
    for what, pattern in FORBIDDEN.items():
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            problems.append(f"{name}:{line}: {what} ({match[0][:40]})")
    if name.endswith(".py") and (lines := text.count("\n")) > MAX_LINES:
        problems.append(f"{name}: {lines} lines; more than {MAX_LINES} are more than one idea")
    return problems


def files(checkout):
    """Return the files that are in the repository, or would be with the next commit."""
    done = subprocess.run(
        ["git", "-C", str(checkout), "ls-files", "-z", "-co", "--exclude-standard"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode == 0:
        return sorted(filter(None, done.stdout.decode().split("\0")))
    # Not a git checkout, or one that belongs to somebody else.
    return sorted(
        str(path.relative_to(checkout))
        for path in Path(checkout).rglob("*")
        if path.is_file() and ".git" not in path.parts and "__pycache__" not in path.parts
    )

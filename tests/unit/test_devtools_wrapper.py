"""The shell script ``dev`` itself, with Pythons that do not serve."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def programs(tmp_path):
    """Return a folder that is the whole PATH, for somebody who is not root."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "dirname"):
        (folder / name).symlink_to(shutil.which(name))
    script(folder / "id", "echo 1000")
    return folder


def script(path, body):
    path.write_text(f"#!{shutil.which('sh')}\n{body}\n")
    path.chmod(0o755)


def run(tmp_path, programs):
    # The real script names the system's own Python by its path, too.
    text = (CHECKOUT / "dev").read_text().replace("/usr/bin/python3", str(tmp_path / "python3"))
    copy = tmp_path / "dev"
    copy.write_text(text)
    return subprocess.run(
        [str(programs / "sh"), str(copy), "--help"],
        env={**os.environ, "PATH": str(programs)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_any_python_it_says_so_in_one_sentence(tmp_path, programs):
    done = run(tmp_path, programs)
    assert done.returncode == 1
    assert done.stderr == (
        "dev: Odoo 19 needs Python 3.10 to 3.13 and none was found; install one (on Debian, as "
        "root: apt-get install python3 python3-venv), then run this again.\n"
    )


def test_a_python_of_another_version_does_not_count(tmp_path, programs):
    script(programs / "python3", "exit 1")
    assert "and none was found" in run(tmp_path, programs).stderr


def test_a_python_without_venv_is_told_apart(tmp_path, programs):
    script(programs / "python3", 'case "$2" in *ensurepip*) exit 1;; esac')
    done = run(tmp_path, programs)
    assert done.returncode == 1
    assert "python3 has no venv module; install it" in done.stderr


def test_every_command_has_a_help():
    for command in ("demo", "test", "bench", "lint", "i18n", "shell", "odoo", "clean"):
        done = subprocess.run(
            [str(CHECKOUT / "dev"), command, "--help"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0
        assert f"./dev {command}" in done.stdout
        assert "HTTP_PORT" in done.stdout

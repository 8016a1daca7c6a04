"""Folders, locks and space of the cache."""

import subprocess
import sys

import pytest

from lab.devtools import cache as cache_module
from lab.devtools.cache import Cache, require_space, write_atomically
from lab.devtools.say import Failure


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


def test_a_second_run_takes_the_next_free_name(cache):
    with cache.first_free("smart_test") as first, cache.first_free("smart_test") as second:
        assert (first, second) == ("smart_test", "smart_test_2")
    with cache.first_free("smart_test") as again:
        assert again == "smart_test"


def test_a_lock_ends_with_the_process_that_held_it(cache):
    script = (
        "import sys, time\n"
        "from lab.devtools.cache import Cache\n"
        "with Cache(sys.argv[1]).lock('setup', 'x'):\n"
        "    print('held', flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(cache.root)],
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": str(cache_module.Path(cache_module.__file__).parents[2])},
    ) as process:
        assert process.stdout.readline() == b"held\n"
        assert cache.is_locked("setup")
        process.kill()
    assert not cache.is_locked("setup")


def test_what_is_in_use_counts_as_locked(cache):
    with cache.in_use("smart_addon_1"), cache.in_use("smart_addon_1"):
        assert cache.is_locked("smart_addon_1")
    assert not cache.is_locked("smart_addon_1")


def test_too_little_space_is_told_with_the_cure(tmp_path):
    with pytest.raises(Failure, match="GiB free at .*; free some space, or name a folder"):
        require_space(tmp_path / "not" / "there", 10**9, "the first set-up")


def test_a_cache_that_cannot_be_created_is_told_with_the_cure(tmp_path):
    (tmp_path / "cache").write_text("a file in the way")
    with pytest.raises(Failure, match="cannot be created .*XDG_CACHE_HOME"):
        Cache(tmp_path / "cache").folder("logs")


def test_a_file_is_replaced_as_a_whole_and_with_its_mode(tmp_path):
    path = tmp_path / "odoo.conf"
    write_atomically(path, "old", 0o644)
    write_atomically(path, "new", 0o600)
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["odoo.conf"]

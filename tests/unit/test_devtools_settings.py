"""What the environment says, and which Odoo it names."""

import shutil
from dataclasses import replace

import pytest

from lab.devtools import config, odoo_tree, python_env
from lab.devtools.cache import Cache
from lab.devtools.say import Failure, table
from lab.devtools.settings import Settings, bridges


def test_the_cache_is_where_the_desktop_standard_says(tmp_path):
    settings = Settings.from_environ({"XDG_CACHE_HOME": str(tmp_path)})
    assert settings.cache_root == tmp_path / "l10n_ve_edi_smart"


def test_without_choices_postgresql_is_embedded_and_the_port_is_odoos():
    settings = Settings.from_environ({})
    assert (settings.pg_host, settings.pg_user, settings.http_port) == (None, "odoo", 8069)
    assert not settings.is_ci


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "80 "])
def test_a_port_that_is_none_is_told_with_the_cure(port):
    with pytest.raises(Failure, match="is not a port; give a number such as HTTP_PORT=8069"):
        Settings.from_environ({"HTTP_PORT": port})


def make_odoo(site, addons, version="19"):
    (site / "odoo").mkdir(parents=True)
    (site / "odoo" / "release.py").write_text(f"version_info = ({version}, 0, 0, FINAL, 0, '')\n")
    (addons / "account").mkdir(parents=True)


def test_odoo_home_may_be_a_git_checkout(tmp_path):
    make_odoo(tmp_path, tmp_path / "addons")
    (tmp_path / "odoo" / "addons" / "base").mkdir(parents=True)
    tree = odoo_tree.from_home(tmp_path)
    assert tree.site == tmp_path
    assert tree.addons == (tmp_path / "odoo" / "addons", tmp_path / "addons")


def test_odoo_home_may_be_an_installed_tree(tmp_path):
    site = tmp_path / "usr/lib/python3/dist-packages"
    make_odoo(site, site / "odoo" / "addons")
    tree = odoo_tree.from_home(tmp_path)
    assert tree.site == site
    assert tree.addons == (site / "odoo" / "addons",)


def test_odoo_home_of_another_version_is_refused(tmp_path):
    make_odoo(tmp_path, tmp_path / "addons", version="18")
    with pytest.raises(Failure, match="is Odoo 18, not 19"):
        odoo_tree.from_home(tmp_path)


def test_odoo_home_without_odoo_is_refused(tmp_path):
    with pytest.raises(Failure, match="no importable odoo package; name the folder"):
        odoo_tree.from_home(tmp_path)


def make_bridge(checkout, name, requirements=None):
    folder = checkout / "bridges" / name
    folder.mkdir(parents=True)
    (folder / "__manifest__.py").write_text('{"depends": []}')
    if requirements:
        (folder / "requirements.txt").write_text(requirements)
    return folder


def test_bridges_are_found_and_linked_beside_the_addon_under_their_names(tmp_path):
    checkout = tmp_path / "any-name"
    stock, jobs = make_bridge(checkout, "b_stock"), make_bridge(checkout, "a_jobs", "x~=1.0")
    (checkout / "bridges" / "notes").mkdir()
    assert bridges(checkout) == [jobs, stock]
    assert python_env.of_bridges(checkout) == [jobs / "requirements.txt"]
    cache = Cache(tmp_path / "cache")
    settings = replace(Settings.from_environ({}), checkout=checkout)
    folder = config.link_addon(cache, settings)
    assert {path.name: path.resolve() for path in folder.iterdir()} == {
        "l10n_ve_edi_smart": checkout, "a_jobs": jobs, "b_stock": stock,
    }  # fmt: skip
    # One that another branch does not have is gone with it.
    shutil.rmtree(stock)
    assert "b_stock" not in [path.name for path in config.link_addon(cache, settings).iterdir()]


def test_a_failure_reads_as_one_sentence():
    assert str(Failure("port 8069 is taken", "stop that.")) == "port 8069 is taken; stop that."
    assert str(Failure("it is so")) == "it is so."


def test_a_table_aligns_numbers_right():
    assert table(["Name", "Sum"], [["a", 1], ["bcdef", 22]], right={1}) == (
        "Name   Sum\n-----  ---\na        1\nbcdef   22"
    )

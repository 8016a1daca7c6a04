"""The checks of ``./dev lint`` find what they look for."""

import subprocess

import polib
import pytest

from lab.devtools import lint, lint_po, lint_xml, texts

TOKEN = ".".join(["eyJhbGciOiJIUzI1NiJ9", "eyJ1c2VyIjp7ImlkIjoxfX0", "c2lnbmF0dXJlLW9m"])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (TOKEN, "a token"),
        ("-----BEGIN RSA " + "PRIVATE KEY-----", "a private key"),
        ("deb http" + "://ftp.xx.debian.org/debian sid main", "a package mirror"),
        ("index-url = https" + "://pypi.example/simple", "a package mirror"),
        ("see /ho" + "me/somebody/odoo", "a path of one machine"),
        ("<" * 7 + " HEAD\n", "an unfinished merge"),
    ],
)
def test_what_must_not_be_in_the_repository_is_found(text, found):
    (problem,) = texts.check_text("notes.md", f"first line\n{text}\n")
    assert problem.startswith(f"notes.md:2: {found}")


def test_ordinary_text_is_left_alone():
    text = "See https://www.odoo.com and ~/.cache; models/home/order.py; `$HOME/Users/x`.\n"
    assert texts.check_text("notes.md", text) == []


def test_a_long_file_is_found_only_when_it_is_python():
    text = "x\n" * 451
    assert texts.check_text("long.py", text) == [
        "long.py: 451 lines; more than 450 are more than one idea"
    ]
    assert texts.check_text("long.xml", text) == []


def test_untracked_files_are_checked_and_ignored_ones_are_not(tmp_path):
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("*.log\n")
    (tmp_path / "new.py").touch()
    (tmp_path / "server.log").touch()
    assert texts.files(tmp_path) == [".gitignore", "new.py"]


MANIFEST = '{"version": "19.0.1.0.0", "data": ["views/a_views.xml"], "demo": []}'


@pytest.fixture
def addon(tmp_path):
    (tmp_path / "__manifest__.py").write_text(MANIFEST)
    (tmp_path / "views").mkdir()
    (tmp_path / "views" / "a_views.xml").write_text("<odoo/>")
    return tmp_path


def test_a_manifest_that_names_all_its_files_is_fine(addon):
    assert lint.manifest(addon) == []


def test_a_data_file_that_the_manifest_forgot_is_found(addon):
    (addon / "views" / "b_views.xml").write_text("<odoo/>")
    assert lint.manifest(addon) == ["views/b_views.xml: the manifest does not name it"]


def test_a_data_file_that_does_not_exist_is_found(addon):
    (addon / "views" / "a_views.xml").unlink()
    assert lint.manifest(addon) == ["__manifest__.py: views/a_views.xml does not exist"]


@pytest.fixture
def bridge(tmp_path):
    folder = tmp_path / "bridges" / "l10n_ve_edi_smart_x"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "x_data.xml").write_text("<odoo/>")
    (folder / "__manifest__.py").write_text(
        '{"version": "19.0.1.0.0", "auto_install": True, "data": ["data/x_data.xml"]}'
    )
    return folder


def test_a_bridge_that_comes_by_itself_and_names_its_files_is_fine(tmp_path, bridge):
    assert lint.manifests_of_bridges(tmp_path) == []


def test_a_bridge_that_does_not_come_by_itself_or_forgets_a_file_is_found(tmp_path, bridge):
    (bridge / "__manifest__.py").write_text('{"version": "19.0.1.0.0"}')
    where = "bridges/l10n_ve_edi_smart_x"
    assert lint.manifests_of_bridges(tmp_path) == [
        f"{where}/data/x_data.xml: the manifest does not name it",
        f"{where}/__manifest__.py: a bridge is to be installed by itself (auto_install)",
    ]


RULES = """<grammar xmlns="http://relaxng.org/ns/structure/1.0"><start>
<element name="odoo"><zeroOrMore><element name="record"><attribute name="id"/></element>
</zeroOrMore></element></start></grammar>"""


def test_broken_xml_and_data_against_the_rules_are_found(tmp_path):
    rules = tmp_path / ".rules.rng"
    rules.write_text(RULES)
    for folder in ("views", "static", "bridges/b/data"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "bridges/b/data/wrong.xml").write_text("<odoo><record/></odoo>")
    (tmp_path / "views" / "good.xml").write_text('<odoo><record id="a"/></odoo>')
    (tmp_path / "views" / "wrong.xml").write_text("<odoo><record/></odoo>")
    (tmp_path / "static" / "free.xml").write_text("<templates/>")
    (tmp_path / "static" / "broken.xml").write_text("<templates>")
    problems = lint_xml.check(rules, tmp_path, ["data", "views"])
    assert {problem.split(":")[0] for problem in problems} == {
        "bridges/b/data/wrong.xml",
        "static/broken.xml",
        "views/wrong.xml",
    }


def po_file(path, entries):
    file = polib.POFile()
    file.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    for text, translation in entries.items():
        file.append(polib.POEntry(msgid=text, msgstr=translation))
    file.save(str(path))
    return path


@pytest.fixture
def i18n(tmp_path):
    folder = tmp_path / "i18n"
    folder.mkdir()
    po_file(folder / "l10n_ve_edi_smart.pot", {"Issue %(n)s": "", "Total": ""})
    po_file(folder / "es.po", {"Issue %(n)s": "Emitir %(n)s", "Total": "Total"})
    return folder


def fresh(tmp_path, *lines):
    return po_file(tmp_path / "fresh.pot", dict.fromkeys(lines, ""))


def test_complete_translations_are_fine(tmp_path, i18n):
    assert lint_po.check(fresh(tmp_path, "Issue %(n)s", "Total"), i18n) == []


def test_a_new_text_is_missed_in_the_template_and_in_the_translation(tmp_path, i18n):
    problems = lint_po.check(fresh(tmp_path, "Issue %(n)s", "Total", "Annul"), i18n)
    assert problems == [
        "i18n/es.po: lacks “Annul”; run ./dev i18n",
        "i18n/l10n_ve_edi_smart.pot: lacks “Annul”; run ./dev i18n",
    ]


@pytest.mark.parametrize(
    ("translation", "flags", "found"),
    [("", [], "not translated"), ("Emitir", [], "placeholders"), ("x %(n)s", ["fuzzy"], "fuzzy")],
)
def test_a_bad_translation_is_found(tmp_path, i18n, translation, flags, found):
    spanish = polib.pofile(str(i18n / "es.po"))
    spanish[0].msgstr, spanish[0].flags = translation, flags
    spanish.save()
    (problem,) = lint_po.check(fresh(tmp_path, "Issue %(n)s", "Total"), i18n)
    assert found in problem


def test_what_a_bridge_below_the_addon_says_is_not_the_addons(tmp_path, i18n):
    path = fresh(tmp_path, "Issue %(n)s", "Total", "By jobs")
    file = polib.pofile(str(path))
    both = "code:addons/l10n_ve_edi_smart/models/a.py"
    theirs = "code:addons/l10n_ve_edi_smart/bridges/l10n_ve_edi_smart_x/models/b.py"
    for entry in file:
        entry.occurrences = {"By jobs": [(theirs, "0")], "Total": [(both, "0"), (theirs, "0")]}.get(
            entry.msgid, []
        )
    file.save()
    assert lint_po.check(path, i18n) == []
    assert [entry.occurrences for entry in lint_po.read_fresh(path)] == [[], [(both, "0")]]


def test_merging_adds_new_texts_and_drops_what_is_not_used(tmp_path, i18n):
    assert lint_po.merge(fresh(tmp_path, "Issue %(n)s", "Annul"), i18n) == ["Annul"]
    spanish = polib.pofile(str(i18n / "es.po"))
    assert {entry.msgid: entry.msgstr for entry in spanish} == {
        "Issue %(n)s": "Emitir %(n)s",
        "Annul": "",
    }

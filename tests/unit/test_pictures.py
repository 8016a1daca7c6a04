"""The pictures of the guide show what there is."""

from pathlib import Path

import pytest

from lab.pictures import fingerprints
from lab.pictures.shots import SHOTS, Shot

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "images"


def test_the_pictures_are_current():
    stale = fingerprints.stale(PICTURES)
    assert not stale, f"run ./dev screenshots {' '.join(stale)}"


def test_every_picture_is_one_of_a_screen():
    assert {path.stem for path in PICTURES.glob("*.png")} == {shot.name for shot in SHOTS}


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_a_picture_names_files_that_are_there(shot):
    missing = [pattern for pattern in shot.sources if not list(ROOT.glob(pattern))]
    assert not missing


VIEW = """
<odoo>
    <record id="view" model="ir.ui.view"><field name="arch">{}</field></record>
</odoo>
"""
SPANISH = """
#. module: addon
#: model_terms:ir.ui.view,arch_db:addon.{}
msgid "Number"
msgstr "{}"
"""


@pytest.fixture
def picture(tmp_path, monkeypatch):
    """Return the fingerprint of a picture of one view, by how the view is written."""
    monkeypatch.setattr(fingerprints, "ROOT", tmp_path)
    (tmp_path / "__manifest__.py").write_text("{}")
    (tmp_path / "i18n").mkdir()

    def of(arch="<p>Number</p>", view="view", spanish="Número", show=SHOTS[0].show):
        (tmp_path / "view.xml").write_text(VIEW.format(arch))
        (tmp_path / "i18n" / "es.po").write_text(SPANISH.format(view, spanish))
        return fingerprints.of_shot(Shot("one", show, ("view.xml",), "admin", 100, 100))

    return of


def test_a_picture_is_stale_when_what_it_shows_has_changed(picture):
    shown = picture()
    assert picture("<p>Numbers</p>") != shown
    assert picture("<p><b>Number</b></p>") != shown
    assert picture(spanish="N.º") != shown
    assert picture(show=SHOTS[1].show) != shown


def test_a_picture_stays_current_when_nothing_that_it_shows_has_changed(picture):
    shown = picture()
    assert picture("<!-- why -->\n   <p>\n Number\n</p>") == shown
    assert picture(view="another", spanish="Número") == picture(view="another", spanish="N.º")


def test_comments_and_layout_of_code_do_not_count():
    plain = fingerprints._code("def show(visit):\n    visit.open('a')\n")
    told = 'def show(visit):\n    """Why."""\n    # how\n    visit.open("a")'
    assert fingerprints._code(told) == plain
    assert fingerprints._code("def show(visit):\n    visit.open('b')\n") != plain


def test_how_a_formatter_lays_out_javascript_does_not_count(tmp_path):
    path = tmp_path / "a.js"

    def of(text):
        path.write_text(text)
        return fingerprints._script(path)

    plain = of('import { a } from "b";\n\nc({ d: [1, 2], e });\n')
    assert of('import {a} from "b";\nc({\n    d: [1, 2],\n    e,\n});\n') == plain
    assert of('import { a } from "b";\n\nc({ d: [1, 3], e });\n') != plain

"""What the documents say is to be found where they say."""

import re
from pathlib import Path

import pytest

from lab.devtools.settings import bridges, read_manifest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "lab" / "simulator" / "README.md",
    *(path / "README.md" for path in bridges(ROOT)),
]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def anchors(text):
    """Return the anchors of the headings of a document, as forges make them.

    >>> sorted(anchors("# A title, `code`\\n## Odoo's options"))
    ['a-title-code', 'odoos-options']
    """
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(document):
    """Yield the links of a document that lead nowhere; the network is not asked."""
    text = FENCED.sub("", document.read_text(encoding="utf-8"))
    for link in LINK.findall(text):
        if link.startswith(("https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        there = target.exists() and target.is_relative_to(ROOT)
        if not there or (anchor and anchor not in anchors(target.read_text(encoding="utf-8"))):
            yield link


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_of_a_document_leads_somewhere(document):
    assert list(broken(document)) == []


def test_the_readme_leads_to_every_document():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    linked = {link.partition("#")[0] for link in LINK.findall(text)}
    assert {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")} <= linked


def test_the_readme_opens_with_the_two_commands_and_stays_short():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    opening = text.partition("```sh\n")[2].partition("```")[0].splitlines()
    assert [line.partition("#")[0].strip() for line in opening] == ["./dev demo", "./dev test"]
    assert text.index("```sh") < 80
    # Ten minutes of a newcomer's time, tables and all.
    assert len(text.split()) < 1500


def test_every_picture_is_shown_somewhere():
    texts = [path.read_text(encoding="utf-8") for path in DOCUMENTS]
    shown = {Path(link).name for text in texts for link in LINK.findall(text)}
    assert {path.name for path in (ROOT / "docs" / "images").glob("*.png")} <= shown


SHOP = ROOT / "static" / "description"


def test_the_shop_window_shows_its_own_pictures_and_loads_nothing_from_elsewhere():
    text = (SHOP / "index.html").read_text(encoding="utf-8")
    shown = set(re.findall(r'<img[^>]* src="([^"]+)"', text))
    assert shown
    assert all((SHOP / name).is_file() for name in shown)
    assert not re.findall(r"<script|<link|https?://|@import", text)
    manifest = read_manifest(ROOT)
    assert all((ROOT / name).is_file() for name in manifest["images"])
    drawn = {path.name for path in SHOP.glob("*.png")}
    assert drawn == shown | {"icon.png"} | {Path(name).name for name in manifest["images"]}


def test_the_icon_is_one_that_odoo_shows():
    header = (SHOP / "icon.png").read_bytes()[:24]
    assert header.startswith(b"\x89PNG")
    assert header[16:24] == (128).to_bytes(4, "big") * 2

"""The description of a wheel, put together of the fragments in ``readme/`` as OCA has them.

``README.md`` is for who has the repository before them. A wheel has this instead: on PyPI no file
lies beside it.
"""

import re

from .settings import CHECKOUT, read_manifest

#: In this order; what is missing is left out.
FRAGMENTS = {
    "DESCRIPTION": "",
    "CONFIGURE": "Configuration",
    "USAGE": "Usage",
    "CONTRIBUTORS": "Contributors",
}


def described(addon, checkout=CHECKOUT):
    """Return the description of an addon, as Markdown.

    :param Path addon: its folder
    :param Path checkout: has the changelog of all
    """
    manifest = read_manifest(addon)
    parts = [f"# {manifest['name']}", manifest["summary"] + "."]
    for name, heading in FRAGMENTS.items():
        path = addon / "readme" / f"{name}.md"
        if path.is_file():
            parts += [f"## {heading}"] if heading else []
            parts.append(path.read_text(encoding="utf-8").strip())
    if changes := history(checkout, manifest["version"]):
        parts += ["## Changelog", changes]
    return "\n\n".join(parts) + "\n"


def history(checkout, version):
    """Return what the changelog says of a version, its headings one level lower; else "".

    The changelog is that of the addon and of its bridges.
    """
    text = (checkout / "CHANGELOG.md").read_text(encoding="utf-8")
    start = re.search(rf"^## \[{re.escape(version)}\].*$", text, re.MULTILINE)
    if not start:
        return ""
    said = text[start.end() :].partition("\n## ")[0]
    # What it links to is not in a wheel.
    said = re.sub(r"\[([^\]]+)\]\((?!https:)[^)]+\)", r"\1", said)
    said = re.sub(r"^### ", "#### ", said.rstrip(), flags=re.MULTILINE)
    return "#" + re.sub(r"[\[\]]", "", start[0]) + said

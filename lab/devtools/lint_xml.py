"""Checks XML files with lxml; run with the Python that has it. Prints a JSON list."""

import json
import sys
from pathlib import Path

from lxml import etree


def check(rules, checkout, folders):
    """Return the problems of all XML files.

    :param Path rules: Odoo's ``import_xml.rng``
    :param folders: the folders whose files must follow those rules
    """
    schema = etree.RelaxNG(etree.parse(rules))
    problems = []
    for path in sorted(checkout.rglob("*.xml")):
        name = path.relative_to(checkout)
        if name.parts[0].startswith("."):
            continue
        try:
            document = etree.parse(path)
        except etree.XMLSyntaxError as error:
            problems.append(f"{name}:{error.lineno}: {error.msg}")
            continue
        # In a bridge, folders have the names that they have in the addon.
        folder = name.parts[2:] if name.parts[0] == "bridges" else name.parts
        if folder[0] in folders and not schema.validate(document):
            problems += [f"{name}:{error.line}: {error.message}" for error in schema.error_log]
    return problems


if __name__ == "__main__":
    print(json.dumps(check(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])))

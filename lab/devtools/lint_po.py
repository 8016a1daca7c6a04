"""Checks and merges translations with polib; run with the Python that has it.

``check FRESH.pot FOLDER ADDON`` prints the problems, ``merge FRESH.pot FOLDER ADDON`` writes
the template and the translations anew and prints what is not translated: JSON lists.
"""

import json
import re
import sys
from pathlib import Path

import polib

ADDON = "l10n_ve_edi_smart"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdrf]|\{\w*\}|\$\{[^}]*\}")
# They change with every export and say nothing.
DATES = ("POT-Creation-Date", "PO-Revision-Date")


def texts(file):
    """Return the entries in use by what they translate."""
    return {(entry.msgctxt, entry.msgid): entry for entry in file if not entry.obsolete}


def read_fresh(path):
    """Return what Odoo has exported of one addon.

    It reads all that is below the addon's folder; what its bridges say is theirs.
    """
    file = polib.pofile(str(path))
    for entry in list(file):
        theirs = [place for place in entry.occurrences if "/bridges/" in place[0]]
        if theirs and theirs == entry.occurrences:
            file.remove(entry)
        entry.occurrences = [place for place in entry.occurrences if place not in theirs]
    return file


def shorten(text):
    """Return a text on one short line."""
    text = " ".join(text.split())
    return text if len(text) <= 70 else text[:69] + "…"


def check(fresh, folder, addon=ADDON):
    """Return the problems of the template and of every translation."""
    template = folder / f"{addon}.pot"
    cure = "run ./dev i18n"
    wanted = texts(read_fresh(fresh))
    if not template.is_file() or not (folder / "es.po").is_file():
        return [f"i18n: {addon}.pot or es.po is missing; {cure}"]
    problems = []
    known = texts(polib.pofile(str(template)))
    for _context, text in wanted.keys() - known.keys():
        problems.append(f"i18n/{template.name}: lacks “{shorten(text)}”; {cure}")
    for _context, text in known.keys() - wanted.keys():
        problems.append(f"i18n/{template.name}: “{shorten(text)}” is not used; {cure}")
    for path in sorted(folder.glob("*.po")):
        problems += check_translation(f"i18n/{path.name}", polib.pofile(str(path)), wanted)
    return sorted(problems)


def check_translation(name, file, wanted):
    """Return the problems of one translation, which must have all the wanted texts."""
    problems = []
    entries = texts(file)
    for key in set(wanted) - entries.keys():
        problems.append(f"{name}: lacks “{shorten(key[1])}”; run ./dev i18n")
    for entry in file:
        where = f"{name}:{entry.linenum}: “{shorten(entry.msgid)}”"
        if entry.obsolete:
            problems.append(f"{where} is not used any more; run ./dev i18n")
        elif entry.fuzzy:
            problems.append(f"{where} is marked fuzzy")
        elif not entry.msgstr.strip() and not entry.msgstr_plural:
            problems.append(f"{where} is not translated")
        elif sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(PLACEHOLDER.findall(entry.msgstr)):
            problems.append(f"{where} has other placeholders in its translation")
    return problems


def merge(fresh, folder, addon=ADDON):
    """Write the template and es.po anew; return what is not translated."""
    template = read_fresh(fresh)
    old = folder / f"{addon}.pot"
    if old.is_file():
        # Without a change of texts the file stays as it is.
        dates = polib.pofile(str(old)).metadata
        template.metadata.update({key: dates[key] for key in DATES if key in dates})
    template.save(str(old))
    spanish = polib.pofile(str(folder / "es.po"))
    spanish.merge(template)
    for entry in list(spanish):
        if entry.obsolete:
            spanish.remove(entry)
    spanish.metadata.update({"Language": "es", "Content-Type": "text/plain; charset=UTF-8"})
    spanish.save(str(folder / "es.po"))
    return [shorten(entry.msgid) for entry in spanish if not entry.msgstr.strip() or entry.fuzzy]


if __name__ == "__main__":
    command = {"check": check, "merge": merge}[sys.argv[1]]
    print(json.dumps(command(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])))

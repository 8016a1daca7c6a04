"""What came of it, as a table for the terminal and as rows of a document."""

import re

from lab.devtools import proc

HEADERS = ["Addon", "Version", "Result", "Remark"]
START, END = "<!-- rows of ./dev beside -->", "<!-- end of the rows -->"


def cells(outcome):
    """Return the row of one set of addons."""
    names = ", ".join(outcome.addons)
    versions = ", ".join(version or "Odoo" for version in outcome.versions.values())
    return [names, versions, result(outcome), remark(outcome)]


def result(outcome):
    """Tell in a word whether it works, and if not, because of whom."""
    if outcome.ok:
        return "OK"
    return "broken" if outcome.ours else "broken without ours, too"


def remark(outcome):
    """Tell what broke, at which step, in which order."""
    told = {}
    for order, broken in outcome.broken.items():
        told.setdefault((broken["step"], short(broken["why"])), []).append(order)
    said = [f"{step} ({', '.join(orders)}): {why}" for (step, why), orders in told.items()]
    if outcome.without:
        said.append(f"without ours, {outcome.without['step']}: {short(outcome.without['why'])}")
    return "; ".join(said)


def why(said):
    """Return the line that tells why a process failed, with what a heading announces.

    >>> why("odoo.UserError: It cannot be confirmed:\\n\\n- A line has no tax.")
    'UserError: It cannot be confirmed: A line has no tax.'
    """
    reason = proc.reason(said)
    rest = said[said.rfind(reason) + len(reason) :].split("\n")
    if reason.endswith(":"):
        told = next((line for line in rest if line.startswith("-")), "")
        reason = f"{reason} {told.removeprefix('- ')}".strip()
    return re.sub(r"^(?:\w+\.)+(?=\w+:)", "", reason)


def short(text, length=160):
    """Return a line without what differs from run to run.

    >>> short("2026-11-29 10:00:00,1 77 ERROR smart_real_1_2 odoo.registry: it failed")
    'odoo.registry: it failed'
    """
    text = re.sub(r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?:ERROR|CRITICAL) \S+ ", "", text)
    return text if len(text) <= length else text[: length - 1] + "…"


def merged(text, rows):
    """Return a document with rows put into its table; those of other addons stay.

    :param dict rows: cells by the first one
    """
    before, _start, rest = text.partition(START)
    old, _end, after = rest.partition(END)
    known = {}
    for line in old.splitlines():
        if line.startswith("| `"):
            parts = [part.strip() for part in line[2:].removesuffix("|").split(" | ")]
            known[parts[0].strip("`")] = parts[1:]
    for name, *others in rows:
        known[name] = [value.replace("|", "\\|") for value in others]
    lines = ["| " + " | ".join(HEADERS) + " |", "| --- | --- | --- | --- |"]
    # Sets of several come last.
    for name in sorted(known, key=lambda name: ("," in name, name)):
        lines.append(" | ".join([f"| `{name}`", *known[name]]).rstrip() + " |")
    return f"{before}{START}\n\n" + "\n".join(lines) + f"\n\n{END}{after}"

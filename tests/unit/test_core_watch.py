"""What counts as a change of a method of Odoo's, and what is said about it."""

import pytest

from lab.core_watch import WATCHED, fingerprint, reading_list, source

CODE = '''
    @api.model
    def write(self, vals):
        """Write."""
        if vals:
            self.check(f"{ vals } of {self.id}")
            return True  # done
        return False
'''


@pytest.mark.parametrize(
    "same",
    [
        CODE.replace('"""Write."""', "'''Write, and check.\n\n        Longer.'''"),
        CODE.replace("  # done", ""),
        CODE.replace("        if vals:", "\n        # Why.\n\n        if vals:"),
        CODE.replace("(self, vals)", "(self,\n            vals)"),
        CODE.replace("    ", "        "),
    ],
    ids=["docstring", "comment", "blank lines", "line break", "deeper"],
)
def test_what_a_method_looks_like_does_not_count(same):
    assert same != CODE
    assert fingerprint(same) == fingerprint(CODE)


@pytest.mark.parametrize(
    "other",
    [
        CODE.replace("if vals", "if not vals"),
        CODE.replace("@api.model", "@api.private"),
        CODE.replace("            return True", "        return True"),
        CODE.replace("True", "'''True'''"),
    ],
    ids=["condition", "decorator", "moved out of the block", "text that is no docstring"],
)
def test_what_a_method_does_counts(other):
    assert fingerprint(other) != fingerprint(CODE)


def test_the_message_is_a_list_of_what_to_read():
    found = {watched.core: "now" for watched in WATCHED}
    known = {core: {"before": "19.0", "now": "19.0"} for core in found}
    assert reading_list(known, found) == []
    first, second, third, *_others = WATCHED
    known[first.core] = {"before": "19.0"}
    found[second.core] = None
    del known[third.core]
    [changed, gone, unread] = reading_list(known, found)
    assert changed == f"{first.core}\n    {first.ours}: {first.check}"
    assert gone.startswith(f"{second.core} is gone\n")
    assert unread.startswith(third.core)


def test_a_method_that_is_gone_is_not_taken_for_another():
    assert "def getsource" in source("inspect:getsource")
    for gone in ("inspect:nothing", "no.such.module:x", "collections:OrderedDict.nothing"):
        with pytest.raises(LookupError):
            source(gone)

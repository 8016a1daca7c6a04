"""What ``./dev beside`` goes through: here with nobody beside, and with somebody in the way."""

import pytest
import servers
from conftest import checked
from servers import psql, run_script

from lab.beside.trial import BrokenError, Trial

LIFE = "from lab.beside import life\nlife.run(env, *life.LIFE)\ncr.commit(); cr.close()\n"

#: As an addon would be that knows nothing of fiscal documents.
IN_THE_WAY = """
from odoo.exceptions import UserError
def no(self):
    if self:  # Odoo resets nothing at all now and then
        raise UserError("Nobody resets this:\\n\\n- It is reviewed.")
type(env["account.move"]).button_draft = no
"""


def test_the_life_of_a_document_goes_through(database, simulator):
    said = checked(run_script(database, LIFE))
    steps = [line.removeprefix("STEP ") for line in said.splitlines()]
    assert steps == [
        "views", "set up", "confirm", "lock", "pay", "credit note", "debit note", "refuse",
        "reset", "annul", "copy",
    ]  # fmt: skip
    states = "SELECT state, count(*) FROM smart_document GROUP BY 1 ORDER BY 1"
    assert psql(states, database).splitlines() == ["annulled|1", "issued|3"]
    assert len(simulator.documents()) == 4


def test_what_breaks_is_told_with_its_step(database, tmp_path):
    plan = {"addons": ["x"], "versions": {}, "rc": servers.RC, "python": ""}
    trial = Trial(plan, None, tmp_path)
    with pytest.raises(BrokenError) as broken:
        trial._script(database, IN_THE_WAY + LIFE)
    assert (broken.value.step, broken.value.why) == (
        # An issued document is not reset either: but by a sentence, which is all that is asked for.
        "reset",
        "UserError: Nobody resets this: It is reviewed.",
    )
    assert "Nobody resets this" in trial.log.read_text("utf-8")

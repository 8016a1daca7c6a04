import logging

import psycopg2

from odoo import models
from odoo.tools import SQL

from ..base.said import telling
from ..terms import ISSUE, ISSUED, LEGAL, UNKNOWN

_logger = logging.getLogger(__name__)


class SmartDocument(models.Model):
    """A control number is kept even if everything else about its answer fails.

    Settling writes the log, the links of the integrity chain, the footer, the address of the
    printed document. A defect in any of these, or in an addon that extends them, must not lose
    the number.
    """

    _inherit = "smart.document"

    def _settle_bare(self, outcome):
        """Keep the control number of an accepted call that could not be settled as usual.

        :param outcome: a :class:`smart_api.outcomes.Accepted`
        """
        self.ensure_one()
        self._bare_step(lambda: self.env["smart.exchange"]._log(self, outcome))
        number = outcome.answer.control_number
        if self.control_number:
            return
        issued = {
            "state": ISSUED,
            "control_number": number,
            "issued_at": self.sent_at,
            "owner_step": LEGAL,
            "last_error": telling(self.env)._(
                "Only the control number could be kept of SMART's answer; the server's log says "
                "why. The rest of the answer is in SMART's dashboard."
            ),
        }
        if self._bare_step(lambda: self._engine_write(issued), psycopg2.errors.UniqueViolation):
            self._bare_step(lambda: self._chain(ISSUE))
            return
        # sudo is given; the number is the issuer's, and any branch's document may have it
        other = self.search(
            [("lane_id", "=", self.lane_id.id), ("control_number", "=", number)], limit=1
        )
        if not other:
            # Without the ORM, and without addons that extend it.
            self.env.cr.execute(
                SQL(
                    "UPDATE smart_document SET state = %s, control_number = %s,"
                    " issued_at = sent_at, owner_step = %s WHERE id = %s",
                    ISSUED,
                    number,
                    LEGAL,
                    self.id,
                )
            )
            self.invalidate_recordset()
            self._bare_step(lambda: self._chain(ISSUE))
            return
        self._engine_write(
            {
                "state": UNKNOWN,
                "proven_issued": True,
                "last_error": telling(self.env)._(
                    "SMART issued this document with control number %(number)s, which %(other)s "
                    "has here already. Compare both with SMART's dashboard, then record what it "
                    "shows.",
                    number=number,
                    other=other._title(),
                ),
            }
        )

    def _bare_step(self, step, *expected):
        """Run one step by itself; tell whether it worked.

        :param expected: exceptions that are no defect
        """
        try:
            with self.env.cr.savepoint():
                step()
                self.env.flush_all()
        except Exception as error:
            level = logging.INFO if isinstance(error, expected) else logging.CRITICAL
            _logger.log(level, "Fiscal document %s: settling failed", self.id, exc_info=True)
            self.invalidate_recordset(flush=False)
            return False
        return True

from collections import defaultdict

from odoo import models
from odoo.tools import format_date

from ..contingency.account_move_sheets import SheetError
from ..terms import CARACAS, CONTINGENCY


class AccountMove(models.Model):
    """Confirming what is written on numbered paper, while nothing electronic works.

    Whoever confirms has the paper before them: an empty number is that of the next sheet. Where
    nobody stands before the document, no sheet is taken that nobody has typed: it stays a draft,
    with an activity.
    """

    _inherit = "account.move"

    def _smart_post_on_paper(self, post_in_odoo, soft):
        """Confirm drafts of contingency journals, and return what was confirmed.

        :param post_in_odoo: posts moves as Odoo does
        :param bool soft: what lies in the future is not confirmed now
        """
        moves = self.with_context(tz=CARACAS.key)
        if self._smart_is_asked():
            return self.browse(moves._smart_put_on_paper(post_in_odoo, soft).ids)
        self._smart_correct_tomorrow()
        confirmed = self.browse()
        for move in moves._smart_by_day():
            if not move.smart_sheet_control and not (soft and move.date > self._smart_today()):
                move._smart_defer(
                    self.env._(
                        "Nobody was there to say on which sheet of paper this is. Enter its "
                        "control number, then confirm it."
                    )
                )
                continue
            try:
                with self.env.cr.savepoint():
                    confirmed += self.browse(move._smart_put_on_paper(post_in_odoo, soft).ids)
            except SheetError as error:
                move._smart_defer(str(error))
        return confirmed

    def _smart_put_on_paper(self, post_in_odoo, soft):
        """Confirm all of these drafts, or none.

        :raises SheetError: with every problem of every one of them
        """
        today = self._smart_today()
        due = self.filtered(lambda move: not (soft and move.date > today))
        due._smart_propose_origin()
        due._smart_settle_origin()
        due._smart_hold_origins()
        due._smart_date()
        due._smart_settle_on_paper()
        plan = due._smart_plan_sheets()
        for move, (pad, number) in plan.items():
            move.smart_sheet_control = pad._control_number(number)
        posted = post_in_odoo(self)
        if booked := posted & due:
            problems = defaultdict(list)
            booked._smart_check_corrected(problems)
            booked._smart_refuse_sheets(problems)
            booked._smart_take_sheets({move: plan[move] for move in booked})
            for move in booked:
                move._smart_note(
                    self.env._(
                        "Written on the sheet with control number %s. Nothing was sent to SMART.",
                        move.smart_control_number,
                    )
                )
            booked._smart_adopt_reference()
            booked._smart_close_deferred(self.env._("Confirmed."))
        return posted

    def _smart_add_alert_of_paper(self, alerts):
        """Tell, before it is confirmed, on which sheet a draft will be."""
        if self.state != "draft":
            return
        if self.journal_id.smart_channel != CONTINGENCY:
            if words := self._smart_typed_in_vain():
                alerts["smart_paper"] = {"level": "warning", "message": words}
            return
        if not self.smart_sheet_next:
            alerts["smart_paper"] = {
                "level": "danger",
                "message": self.env._(
                    "Contingency: no sheet is left in the journal %(journal)s. %(pads)s",
                    journal=self.journal_id.display_name,
                    pads=self._smart_words_of_pads(self._smart_pads()),
                ),
            }
            return
        message = self.env._(
            "Contingency: this is written by hand on numbered paper, and nothing is sent to SMART. "
            "The next sheet is %(number)s; enter another one if you have it before you.",
            number=self.smart_sheet_next,
        )
        if self.invoice_date and self.invoice_date != self._smart_today():
            message += " " + self.env._(
                "It is dated %s: as on the paper?", format_date(self.env, self.invoice_date)
            )
        alerts["smart_paper"] = {"level": "warning", "message": message}

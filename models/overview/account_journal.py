from odoo import models
from odoo.tools import SQL, format_datetime

from ..terms import CONTINGENCY, QUEUED, REFUSED, SENDING, UNKNOWN

#: So few control numbers are few: there is time to order more.
FEW_NUMBERS = 100


class AccountJournal(models.Model):
    _inherit = "account.journal"

    def _get_journal_dashboard_data_batched(self):
        # EXTENDS 'account': how the documents of a journal get on at SMART
        data = super()._get_journal_dashboard_data_batched()
        journals = self.filtered(lambda journal: journal.type == "sale")
        counts = journals._smart_counts()
        for journal in journals:
            if journal.smart_enabled or counts.get(journal.id):
                data[journal.id]["smart"] = journal._smart_card(counts.get(journal.id, {}))
            if journal.smart_channel == CONTINGENCY:
                pads = self.env["smart.pad"].search([("journal_id", "=", journal.id)])
                data[journal.id]["smart_paper"] = {
                    "next": next(filter(None, pads.mapped("next_number")), False)
                }
        return data

    def _smart_counts(self):
        """Count what is not settled: journal's id -> state -> (how many, since when).

        In one query over all journals; each half is served by an index of its own.
        """
        if not self:
            return {}
        self.env["smart.document"].flush_model(["state", "queued_at", "move_id"])
        half = """
            SELECT move.journal_id, document.state, count(*), min(document.queued_at)
              FROM smart_document AS document
              JOIN account_move AS move ON move.id = document.move_id
             WHERE move.journal_id = ANY(%s) AND document.state IN %s
          GROUP BY move.journal_id, document.state
        """
        rows = self.env.execute_query(
            SQL(
                f"{half} UNION ALL {half}",
                self.ids,
                (QUEUED, SENDING, UNKNOWN),
                self.ids,
                (REFUSED,),
            )
        )
        found = {}
        for journal_id, state, count, since in rows:
            found.setdefault(journal_id, {})[state] = (count, since)
        return found

    def _smart_card(self, counts):
        """Return what the card of a journal shows.

        :param dict counts: state -> (how many, since when)
        """
        self.ensure_one()
        # sudo: who sees the card of a journal sees its issuer's queue; it may be a parent company
        issuer = self.company_id.sudo().smart_issuer_id
        lane = issuer.env["smart.lane"].search(
            [("issuer_id", "=", issuer.id), ("environment", "=", issuer.smart_environment)], limit=1
        )
        waiting = [counts[state] for state in (QUEUED, SENDING) if state in counts]
        oldest = min((since for _count, since in waiting if since), default=None)
        left = lane._numbers_left() if lane else None
        outage = lane._outage() if lane else False
        return {
            "waiting": sum(count for count, _since in waiting),
            "oldest": oldest and format_datetime(self.env, oldest, dt_format="short"),
            "unknown": counts.get(UNKNOWN, (0,))[0],
            "refused": counts.get(REFUSED, (0,))[0],
            # sudo: of the queue only why it has stopped
            "stopped": bool(lane.blocked) and str(lane.with_env(self.env).sudo().reason or ""),
            "next_attempt": not lane.blocked and bool(lane) and lane._next_attempt_words(),
            "outage": outage and format_datetime(self.env, outage, dt_format="short"),
            "left": left,
            "few_left": left is not None and left < FEW_NUMBERS,
        }

    def action_smart_open_invoices(self):
        """Link of the card: its invoices in some states (``smart_states`` of the context)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_out_invoice")
        return {
            **action,
            "name": self.env._("%s: at SMART", self.name),
            "domain": [
                ("journal_id", "=", self.id),
                ("smart_state", "in", self.env.context["smart_states"]),
            ],
            "context": {"default_journal_id": self.id},
            "views": [(False, "list"), (False, "form")],
        }

    def action_smart_open_queue(self):
        """Link of the card: the queue of its issuer, with the cause and the way on."""
        self.ensure_one()
        # sudo: for the ids; whether the user may open the queue is asked when it is opened
        issuer = self.company_id.sudo().smart_issuer_id
        lane = self.env["smart.lane"].search(
            [("issuer_id", "=", issuer.id), ("environment", "=", issuer.smart_environment)], limit=1
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_ve_edi_smart.smart_lane_action"
        )
        if lane:
            action |= {"res_id": lane.id, "views": [(False, "form")]}
        return action

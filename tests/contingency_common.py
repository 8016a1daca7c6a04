from odoo import Command

from .common import SmartCommon

PRINTER = "J-30984512-8"


def make_pad(journal, **values):
    """Return a pad of a hundred sheets of a journal on numbered paper."""
    return journal.env["smart.pad"].create(
        {
            "journal_id": journal.id,
            "number_from": 1,
            "number_to": 100,
            "printer_name": "Imprenta La Estrella, C.A.",
            "printer_rif": PRINTER,
            **values,
        }
    )


class ContingencyCommon(SmartCommon):
    """A company with a journal on numbered paper and a pad of a hundred sheets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.on_paper = cls.env["account.journal"].create(
            {
                "name": "Talonario",
                "code": "TAL",
                "type": "sale",
                "company_id": cls.company.id,
                "smart_channel": "contingency",
                "default_account_id": cls.company_data["default_account_revenue"].id,
            }
        )
        cls.pad = cls.make_pad()
        cls.cashier = cls.new_user("smart_cashier", "account.group_account_invoice")
        cls.boss = cls.new_user("smart_boss", "account.group_account_manager")

    @classmethod
    def make_pad(cls, **values):
        return make_pad(cls.on_paper, **values)

    def make_paper(self, *lines, **values):
        """Return a draft in the journal on paper."""
        return self.make_invoice(*lines, **{"journal_id": self.on_paper.id, **values})

    def write_paper(self, *lines, **values):
        """Return what was confirmed on paper, as a cashier does."""
        return self.put(self.make_paper(*lines, **values))

    def put(self, *moves, user=None):
        moves = moves[0].union(*moves[1:])
        moves.with_user(user or self.cashier).action_post()
        self.commit()
        return moves

    def explain(self, first, last=None, state="spoilt", reason="Se mojó", user=None, pad=None):
        wizard = (
            self.env["smart.sheet.explain"]
            .with_user(user or self.cashier)
            .create(
                {
                    "pad_id": (pad or self.pad).id,
                    "number_from": first,
                    "number_to": last or first,
                    "state": state,
                    "reason": reason,
                }
            )
        )
        wizard.action_explain()
        self.env.flush_all()

    def annul(self, move, reason="Cliente equivocado", unreconcile=False, user=None):
        action = move.with_user(user or self.boss).action_smart_annul_sheet()
        wizard = self.env[action["res_model"]].with_user(user or self.boss).browse(action["res_id"])
        wizard.write({"reason": reason, "unreconcile": unreconcile})
        wizard.action_annul()
        self.commit()

    def assert_planned_in_as_many_queries(self, make):
        """See that the sheets of many drafts take no more queries than those of a few.

        :param make: function that returns a draft
        """
        few = self.env["account.move"].union(*(make() for _n in range(2)))
        many = self.env["account.move"].union(*(make() for _n in range(12)))
        counts = []
        for moves in (few, few, many):
            self.env.flush_all()
            moves.invoice_line_ids.tax_ids.mapped("smart_tax_kind")
            moves.commercial_partner_id.mapped("vat")
            before = self.env.cr.sql_log_count
            moves._smart_plan_sheets()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1])

    def nothing_sent(self):
        """Tell that SMART was called for nothing, and that nothing waits for it."""
        self.send_in_background()
        return not self.simulator.calls() and not self.env["smart.document"].search_count(
            [("issuer_id", "=", self.company.id)]
        )

    def line(self, price=100.0, kind="general"):
        return Command.create(
            {"name": "Line", "price_unit": price, "tax_ids": [Command.set(self.taxes[kind].ids)]}
        )

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_ve_edi_smart.tests.test_auditor import AuditorCommon

#: What OCA's addon keeps, and who else might like to say it.
FORGED = {
    "l10n_ve_control_number": "00-99999999",
    "l10n_ve_control_date": "2020-01-01",
    "l10n_ve_fiscal_data_locked": False,
    "l10n_ve_emission_medium": "free",
}
#: Keys of the context by which OCA's addon knows its own code; clients have no such objects.
KEYS = {
    "l10n_ve_fiscal_document_posting": True,
    "l10n_ve_fiscal_document_control_assignment": True,
}


@tagged("post_install", "-at_install")
class TestAttackFiscalData(AuditorCommon):
    """OCA's fields, written by whoever, on documents in every state."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls.new_user("clerk", "account.group_account_invoice")
        cls.manager = cls.new_user("manager", "account.group_account_manager")

    def told(self):
        self.send_waiting()
        self.env["smart.document"]._tell_owners(self.registry)
        self.env.invalidate_all()

    def issued(self):
        invoice = self.confirm()
        self.told()
        self.assertTrue(invoice.l10n_ve_fiscal_data_locked)
        return invoice

    def data(self, move):
        self.env.invalidate_all()
        return [move[name] for name in (*FORGED, "state", "smart_state")]

    def assert_refused(self, move, call, error=UserError):
        before = self.data(move)
        with mute_logger("odoo.models", "odoo.addons.base"), self.assertRaises(error):
            call()
            self.env.flush_all()
        self.assertEqual(self.data(move), before)

    def test_nobody_writes_on_what_is_issued(self):
        invoice = self.issued()
        for user in (self.clerk, self.manager, self.env.user):
            for context in ({}, KEYS):
                mine = invoice.with_user(user).with_context(**context)
                for name, value in FORGED.items():
                    with self.subTest(user=user.login, context=context, name=name):
                        self.assert_refused(
                            invoice, lambda mine=mine, n=name, v=value: mine.write({n: v})
                        )
                for call in (mine.button_draft, mine.button_cancel, mine.unlink):
                    self.assert_refused(invoice, call)

    def test_nobody_gives_a_number_to_what_waits_for_one(self):
        self.simulator.fault("refuse", seconds=60)
        waiting = self.confirm()
        draft = self.make_invoice()
        for move in (waiting, draft):
            for user in (self.clerk, self.manager, self.env.user):
                for context in ({}, KEYS):
                    mine = move.with_user(user).with_context(**context)
                    with self.subTest(state=move.state, user=user.login, context=context):
                        self.assert_refused(
                            move,
                            lambda mine=mine: mine.write({"l10n_ve_control_number": "00-99999999"}),
                        )
        self.simulator.control("DELETE", "/faults")
        self.env["smart.lane"].sudo().search([])._resume()
        self.told()
        self.assertEqual(waiting.l10n_ve_control_number, waiting.smart_control_number)

    def test_a_new_invoice_has_none_of_it_whoever_makes_it(self):
        line = {"name": "Line", "price_unit": 1.0, "tax_ids": self.taxes["exempt"].ids}
        values = {
            "move_type": "out_invoice",
            "partner_id": self.customer.id,
            "invoice_line_ids": [Command.create(line)],
        }
        moves = self.env["account.move"].with_user(self.clerk)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            moves.create({**values, "l10n_ve_control_number": "00-99999999"})
        default = {f"default_{name}": value for name, value in FORGED.items()}
        with self.assertRaises(UserError), self.env.cr.savepoint():
            moves.with_context(**default, **KEYS).create(values)

    def test_only_who_keeps_journals_says_what_medium_one_has_and_not_that_of_smart(self):
        journal = self.company_data["default_journal_sale"]
        for user, error in ((self.clerk, AccessError), (self.manager, UserError)):
            for context in ({}, KEYS):
                mine = journal.with_user(user).with_context(**context)
                with mute_logger("odoo.models"), self.assertRaises(error):
                    mine.write({"l10n_ve_emission_medium": "free"})
                    self.env.flush_all()
                self.env.invalidate_all()
        self.assertEqual(journal.l10n_ve_emission_medium, "digital")

    def test_an_auditor_changes_nothing(self):
        invoice = self.issued()
        mine = self.as_auditor(invoice)
        journal = self.as_auditor(invoice.journal_id)
        for call in (
            lambda: mine.write(FORGED),
            lambda: mine.with_context(**KEYS).write(FORGED),
            mine.button_draft,
            mine.button_cancel,
            mine.action_post,
            mine.unlink,
            mine.copy,
            lambda: journal.write({"l10n_ve_emission_medium": "free"}),
        ):
            self.assert_refused(invoice, call, AccessError)

"""The IGTF: added by its wizard, owed to the treasury, and never a line of the document."""

import json

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import SmartCommon


class IgtfCase(SmartCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.smart_collects_igtf = True
        cls.bookkeeper = cls.new_user("igtf_bookkeeper", "account.group_account_invoice")

    def wizard(self, move, **values):
        Wizard = self.env["smart.igtf"].with_user(self.bookkeeper)
        return Wizard.create({"move_id": move.id, **values})

    def apply(self, move, **values):
        self.wizard(move, **values).action_apply()
        self.env.invalidate_all()

    def wire(self, move):
        self.assertEqual(move.smart_state, "issued", move.smart_last_error)
        return json.loads(move.smart_document_id.request_body)

    def pay(self, move, amount, currency=None):
        """Register a payment through Odoo's wizard."""
        register = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=move.ids)
            .create({"amount": amount, "currency_id": (currency or move.currency_id).id})
        )
        return register._create_payments()


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestIgtf(IgtfCase):
    def test_it_is_owed_to_the_treasury_and_neither_revenue_nor_subject_to_vat(self):
        draft = self.make_invoice(("general", 100.0), currency_id=self.usd.id)
        revenue = draft.invoice_line_ids.account_id
        self.apply(draft)
        line = draft._smart_igtf_lines()
        self.assertEqual((line.price_subtotal, draft.amount_total), (3.48, 119.48))
        self.assertEqual(line.account_id.internal_group, "liability")
        self.assertFalse(line.tax_ids)
        wire = self.wire(self.confirm(draft))
        self.assertEqual(
            [wire[key] for key in ("tasaigtf", "baseigft", "baseigtf", "impuestoigtf", "total")],
            [3, 116, 116, 3.48, 119.48],
        )
        self.assertEqual((wire["subtotal"], wire["baseg"], wire["impuestog"]), (100, 100, 16))
        self.assertEqual(len(wire["cuerpofactura"]), 1)
        booked = draft.line_ids.filtered(lambda one: one.account_id == revenue)
        self.assertEqual(sum(booked.mapped("amount_currency")), -100)

    def test_the_account_is_made_with_the_first_igtf(self):
        self.assertFalse(self.company.smart_igtf_account_id)
        first, second = self.make_invoice(), self.make_invoice()
        self.apply(first)
        self.apply(second)
        account = self.company.smart_igtf_account_id
        self.assertEqual(account.account_type, "liability_current")
        self.assertEqual(first._smart_igtf_lines().account_id, account)
        self.assertEqual(second._smart_igtf_lines().account_id, account)
        self.assertEqual(set(self.confirm(first + second).mapped("state")), {"posted"})

    def test_what_is_paid_in_bolivares_is_not_in_its_base(self):
        draft = self.make_invoice(("general", 1000.0))
        self.apply(draft, currency_id=self.usd.id, amount_paid=10)
        wire = self.wire(self.confirm(draft))
        self.assertEqual((wire["baseigft"], wire["impuestoigtf"]), (405.65, 12.17))
        self.assertEqual(wire["total"], 1172.17)

    def test_the_form_proposes_the_whole_document_in_foreign_currency(self):
        draft = self.make_invoice(("general", 1000.0))
        with Form(self.env["smart.igtf"].with_context(default_move_id=draft.id)) as form:
            self.assertEqual(form.currency_id, self.usd)
            self.assertEqual(form.amount_paid, 28.6)
            self.assertEqual((form.base, form.tax, form.total), (1160, 34.8, 1194.8))
            form.amount_paid = 10
            self.assertEqual((form.base, form.tax, form.total), (405.65, 12.17, 1172.17))

    def test_it_is_computed_as_the_service_does_on_a_half_cent(self):
        draft = self.make_invoice(("exempt", 100.5), currency_id=self.usd.id)
        self.apply(draft)
        self.assertEqual(self.wire(self.confirm(draft))["impuestoigtf"], 3.01)

    def test_applied_again_it_is_replaced_and_with_nothing_paid_it_goes(self):
        draft = self.make_invoice(currency_id=self.usd.id)
        for paid, igtf in ((116, 3.48), (50, 1.5), (0, 0)):
            self.apply(draft, amount_paid=paid)
            self.assertEqual(sum(draft._smart_igtf_lines().mapped("price_subtotal")), igtf)
            self.assertAlmostEqual(draft.amount_total, 116 + igtf)
        self.assertFalse(draft._smart_igtf_lines())
        self.assertFalse(draft.smart_igtf_base)
        self.assertEqual(self.wire(self.confirm(draft))["impuestoigtf"], 0)

    def test_a_document_that_was_refused_is_sent_with_it(self):
        move = self.make_invoice(currency_id=self.usd.id)
        move.action_post()
        # What only the service can know: the number of a document that it does not have.
        document = move.smart_document_id.sudo()
        self.make_refusable(document)
        self.commit()
        self.assertEqual(move.smart_state, "refused")
        name = move.name
        self.apply(move)
        self.assertEqual((move.state, move.name, move.smart_state), ("posted", name, "queued"))
        self.commit()
        self.assertEqual(self.wire(move)["impuestoigtf"], 3.48)
        self.assertEqual(len(self.simulator.documents()), 1)

    def test_a_document_that_waits_is_sent_with_it_once(self):
        self.simulator.fault("refuse", seconds=600)
        move = self.confirm(self.make_invoice(currency_id=self.usd.id))
        self.assertEqual(move.smart_state, "queued")
        self.apply(move)
        self.simulator.control("DELETE", "/faults")
        move.action_smart_send()
        self.commit()
        self.assertEqual(self.wire(move)["impuestoigtf"], 3.48)
        self.assertEqual(self.simulator.issued(), ["00000001"])

    def test_payments_stay_with_the_document_that_waits(self):
        self.simulator.fault("refuse", seconds=600)
        move = self.confirm(self.make_invoice(currency_id=self.usd.id))
        payment = self.pay(move, 50.0)
        self.assertEqual(move.amount_residual, 66)
        self.apply(move, amount_paid=50)
        self.assertEqual((move.amount_total, move.amount_residual), (117.5, 67.5))
        self.assertIn(move, payment.reconciled_invoice_ids)

    def test_an_issued_document_cannot_get_it_any_more(self):
        move = self.confirm(self.make_invoice(currency_id=self.usd.id))
        with self.assertRaisesRegex(UserError, "was issued: its IGTF can no longer be changed"):
            self.apply(move)
        self.assertEqual(move.amount_total, 116)

    def test_a_company_that_does_not_collect_it_says_so(self):
        self.company.smart_collects_igtf = False
        with self.assertRaisesRegex(UserError, "does not collect the IGTF"):
            self.apply(self.make_invoice(currency_id=self.usd.id))

    def test_bolivares_are_not_subject_to_it(self):
        with self.assertRaisesRegex(UserError, "paid in bolívares is not subject"):
            self.apply(self.make_invoice(), currency_id=self.bolivar.id, amount_paid=10)

    def test_more_than_the_document_or_less_than_nothing_cannot_be_paid(self):
        draft = self.make_invoice(currency_id=self.usd.id)
        for amount in (116.02, -1):
            with self.assertRaisesRegex(UserError, "between zero and the total of the document"):
                self.apply(draft, amount_paid=amount)

    def test_a_currency_without_a_rate_is_an_error_in_words(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        euro.rate_ids.unlink()
        with self.assertRaisesRegex(UserError, "no exchange rate for EUR"):
            self.apply(self.make_invoice(), currency_id=euro.id, amount_paid=10)

    def test_a_line_added_afterwards_is_told_where_the_base_no_longer_fits(self):
        draft = self.make_invoice(currency_id=self.usd.id)
        self.apply(draft)
        product = draft.invoice_line_ids.filtered("tax_ids")
        product.price_unit = 50.0
        [checked] = self.env["smart.payload"]._check(draft)
        self.assertEqual([problem.field for problem in checked.errors], ["smart_igtf_base"])
        self.apply(draft)
        self.assertEqual(self.wire(self.confirm(draft))["impuestoigtf"], 1.74)

    def test_a_branch_issues_it_in_the_name_of_its_parent(self):
        branch = self.env["res.company"].create(
            {
                "name": "Sucursal Valencia",
                "parent_id": self.company.id,
                "country_id": self.env.ref("base.ve").id,
                "street": "Av. Bolívar",
                "city": "Valencia",
                "smart_branch_code": "VAL",
                "smart_collects_igtf": True,
            }
        )
        self.cr.precommit.run()  # the branch gets its accounts by its parent's chart
        journal = self.company_data["default_journal_sale"].copy(
            {"name": "Valencia", "code": "VAL", "company_id": branch.id}
        )
        journal.default_account_id = self.company_data["default_account_revenue"]
        self.env.user.company_ids += branch
        self.bookkeeper.company_ids += branch
        draft = self.make_invoice(journal_id=journal.id, currency_id=self.usd.id)
        self.assertEqual(draft.company_id, branch)
        self.apply(draft)
        wire = self.wire(self.confirm(draft))
        self.assertEqual((wire["impuestoigtf"], wire["sucursal"]), (3.48, "VAL"))
        self.assertIn("Av. Bolívar", wire["direccionsucursal"])
        self.assertEqual(wire["rif"], self.company.smart_holder_rif)
        self.assertEqual(draft.smart_document_id.issuer_id, self.company)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestIgtfOfACompanyInDollars(IgtfCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.currency.rate"].search([("company_id", "=", cls.company.id)]).unlink()
        cls.company.currency_id = cls.usd
        cls.env["res.currency.rate"].create(
            {
                "currency_id": cls.bolivar.id,
                "company_id": cls.company.id,
                "name": "2020-01-01",
                "company_rate": 40.5647,
            }
        )

    def test_on_an_invoice_in_dollars(self):
        draft = self.make_invoice(currency_id=self.usd.id)
        self.apply(draft)
        self.assertEqual(self.wire(self.confirm(draft))["impuestoigtf"], 3.48)

    def test_on_an_invoice_in_bolivares(self):
        draft = self.make_invoice(("general", 1000.0))
        self.apply(draft, currency_id=self.usd.id, amount_paid=10)
        wire = self.wire(self.confirm(draft))
        self.assertEqual((wire["baseigft"], wire["impuestoigtf"]), (405.65, 12.17))
        self.assertAlmostEqual(sum(draft.line_ids.mapped("balance")), 0)

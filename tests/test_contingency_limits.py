from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..models.contingency.account_move_sheets import SheetError
from .contingency_common import PRINTER, ContingencyCommon, make_pad


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestContingencyLimits(ContingencyCommon):
    """What paper does not take, who else writes on it, and what holds it to what was written."""

    # -- what a document on paper is -------------------------------------------------------

    def test_it_is_not_dated_in_the_future(self):
        tomorrow = self.env["account.move"]._smart_today() + timedelta(days=1)
        with self.assertRaisesRegex(SheetError, "future"), self.env.cr.savepoint():
            self.write_paper(invoice_date=tomorrow)

    def test_a_tax_that_the_book_has_no_column_for_is_refused(self):
        tax = self.env["account.tax"].create(
            {"name": "12 %", "amount": 12, "type_tax_use": "sale", "company_id": self.company.id}
        )
        draft = self.make_paper()
        draft.invoice_line_ids.tax_ids = tax
        with self.assertRaisesRegex(SheetError, "12 %.*none of the rates"), self.env.cr.savepoint():
            self.put(draft)

    def test_a_total_that_is_rounded_is_whole_in_the_book(self):
        accounts = {
            "profit_account_id": self.company_data["default_account_revenue"].id,
            "loss_account_id": self.company_data["default_account_expense"].id,
        }
        for strategy in ("add_invoice_line", "biggest_tax"):
            with self.subTest(strategy):
                rounding = self.env["account.cash.rounding"].create(
                    {"name": "1", "rounding": 1.0, "strategy": strategy, **accounts}
                )
                invoice = self.write_paper(("general", 100.3), invoice_cash_rounding_id=rounding.id)
                self.assertEqual(invoice.amount_total, 116)
                self.assertAlmostEqual(invoice.smart_sheet_id.amount_total_signed, 116)
        book = self.env["smart.book"].create({"environment": "custom"})
        report = self.env["report.l10n_ve_edi_smart.report_smart_book"]
        content = report._get_report_values(book.ids)["content"](book)
        self.assertFalse(content["ledger"]["differences"])

    # -- which sheet -----------------------------------------------------------------------

    def test_a_prefix_that_is_typed_counts(self):
        self.pad.number_to = 500
        for typed, number in (
            ("00-12", 12), ("0-12", 12), ("00 - 12", 12), ("0000000012", 12), ("12", 12),
            ("1.2", 12), ("01-12", 0), ("1-12", 0), ("0100000012", 0), ("-12", 0), ("", 0),
        ):  # fmt: skip
            with self.subTest(typed):
                self.assertEqual(self.pad._understand(typed), number)
        with self.assertRaisesRegex(UserError, "not sheets of the pad"):
            self.explain("01-12")

    def test_a_sheet_that_is_left_again_is_explained_before_later_ones(self):
        self.explain("1", "3")
        self.write_paper()
        taken_back = self.pad.sheet_ids.filtered(lambda sheet: sheet.number == 2)
        taken_back.with_user(self.boss).action_take_back()
        self.env.invalidate_all()
        draft = self.make_paper(smart_sheet_control="7")
        self.assertEqual(draft.smart_sheet_gap, "00-00000002, 00-00000005 – 00-00000006")
        with self.assertRaisesRegex(SheetError, "00-00000002, 00-0"), self.env.cr.savepoint():
            self.put(draft)
        for asked in ("00-00000002", "00-00000005"):
            action = draft.with_user(self.cashier).action_smart_explain_sheets()
            wizards = self.env["smart.sheet.explain"].with_user(self.cashier)
            form = Form(wizards.with_context(**action["context"]))
            self.assertEqual(form.number_from, asked)
            form.state, form.reason = "lost", "No aparece"
            form.save().action_explain()
        self.put(draft)
        self.assertEqual(draft.smart_control_number, "00-00000007")

    def test_the_document_number_of_a_spoilt_sheet_is_used(self):
        self.pad.document_from = "C-00000001"
        self.explain("1")
        with self.assertRaisesRegex(SheetError, "C-00000001 is used"), self.env.cr.savepoint():
            self.write_paper(smart_sheet_number="C-00000001")
        notes = self.make_pad(number_from=201, number_to=209, document_type="credit_note",
                              document_from="N-1", sequence=1)  # fmt: skip
        self.explain("201", pad=notes)
        self.write_paper(smart_sheet_number="N-1")  # an invoice may well have it

    def test_a_sheet_whose_document_number_is_used_elsewhere_is_not_explained(self):
        self.pad.document_from = "C-00000001"
        invoice = self.write_paper(smart_sheet_number="C-00000003")
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            self.explain("2", "4")
        said = str(caught.exception)
        self.assertIn("00-00000003", said)
        self.assertIn(invoice.smart_sheet_id.display_name, said)
        self.assertEqual(self.pad.sheet_count, 1)
        self.explain("2")
        # Of another type, or another printing house, it is another number.
        notes = self.make_pad(number_from=201, number_to=209, document_type="credit_note",
                              document_from="C-00000003")  # fmt: skip
        self.explain("201", pad=notes)
        elsewhere = self.make_pad(printer_rif="J-41256789-6", document_from="C-00000003")
        self.explain("1", pad=elsewhere)
        invoices = self.make_pad(number_from=301, number_to=309, document_type="invoice",
                                 document_from="C-00000002")  # fmt: skip
        with self.assertRaisesRegex(UserError, "00-00000301.*00-00000002"):
            self.explain("301", pad=invoices)

    def test_many_take_as_many_queries_as_few_to_find_their_sheets(self):
        self.pad.document_from = "C-00000001"
        self.assert_planned_in_as_many_queries(self.make_paper)

    # -- who -------------------------------------------------------------------------------

    def test_where_smart_is_not_set_up_a_draft_waits_all_the_same(self):
        self.company.write({"smart_environment": "disabled", "smart_token": False})
        draft = self.make_paper()
        draft.with_user(self.env.ref("base.user_root")).sudo().action_post()
        self.assertEqual(draft.state, "draft")
        self.assertIn("Nobody was there", draft.activity_ids.note)
        self.put(draft)
        self.assertEqual(draft.smart_control_number, "00-00000001")

    def test_who_only_reads_invoices_sees_which_sheet_is_next(self):
        for name in ("account.move", "account.move.line"):
            self.env["ir.model.access"].create(
                {
                    "name": "As salespeople have it",
                    "model_id": self.env["ir.model"]._get_id(name),
                    "group_id": self.env.ref("base.group_user").id,
                    "perm_read": True,
                }
            )
        draft = self.make_paper(smart_sheet_control="00-00000002")
        self.env.flush_all()
        self.env.invalidate_all()
        seen = draft.with_user(self.new_user("smart_reader", "base.group_user"))
        self.assertEqual(seen.smart_sheet_next, "00-00000001")
        self.assertEqual(seen.smart_sheet_gap, "00-00000001")
        self.assertIn("00-00000001", seen.alerts["smart_paper"]["message"])

    def make_branch(self, **values):
        """Return a branch of the company, somebody who invoices there, and that one's draft."""
        branch = self.env["res.company"].create(
            {"name": "Sucursal Valencia", "parent_id": self.company.id, **values}
        )
        self.cr.precommit.run()  # load the chart of accounts
        clerk = self.new_user("smart_branch", "account.group_account_invoice", company=branch)
        draft = (
            self.env["account.move"]
            .with_user(clerk)
            .with_company(branch)
            .create(
                {
                    "move_type": "out_invoice",
                    "company_id": branch.id,
                    "journal_id": self.on_paper.id,
                    "partner_id": self.customer.id,
                    "currency_id": self.bolivar.id,
                    "invoice_line_ids": [self.line()],
                }
            )
        )
        return branch, clerk, draft

    def test_a_branch_with_a_rif_of_its_own_writes_on_no_other_paper(self):
        branch, _clerk, draft = self.make_branch(vat="J-50112233-4")
        branch.write(
            {
                "smart_environment": "custom",
                "smart_base_url": self.simulator.url,
                "smart_token": self.simulator.mint("J-50112233-4")["token"],
            }
        )
        self.assertEqual(branch.smart_issuer_id, branch)
        self.assertFalse(draft.smart_sheet_next)
        with self.assertRaises(SheetError):
            draft.action_post()
        self.assertFalse(self.pad.sheet_ids)

    def test_pads_do_not_overlap_when_their_issuer_changes(self):
        branch, _clerk, _draft = self.make_branch(vat="J-50112233-4")
        own = {
            "smart_environment": "custom",
            "smart_base_url": self.simulator.url,
            "smart_token": self.simulator.mint("J-50112233-4")["token"],
        }
        branch.write(own)
        journal = self.on_paper.copy({"code": "VAL", "company_id": branch.id})
        theirs = make_pad(journal, number_from=51, number_to=150)
        self.assertEqual((theirs.issuer_id, self.pad.issuer_id), (branch, self.company))
        with self.assertRaises(ValidationError) as caught, self.env.cr.savepoint():
            branch.write({"smart_environment": "disabled", "smart_token": False})
            self.env.flush_all()
        for pad in (theirs, self.pad):
            self.assertIn(pad.display_name, str(caught.exception))
        self.env.invalidate_all()
        self.assertEqual(theirs.issuer_id, branch)
        theirs.write({"number_from": 101})
        branch.write({"smart_environment": "disabled", "smart_token": False})
        self.env.flush_all()
        self.assertEqual(theirs.issuer_id, self.company)

    def test_nobody_reads_the_paper_of_another_company_in_a_report(self):
        self.write_paper()
        other = self.env["res.company"].sudo().create({"name": "Otra, C.A."})
        stranger = self.new_user("smart_other", "account.group_account_invoice", company=other)
        day = self.env["account.move"]._smart_today()
        values = {"company_id": self.company.id, "date_from": day, "date_to": day, "cause": "x"}
        reports = self.env["smart.contingency"].with_user(stranger)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            reports.create(values).action_pdf()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            reports.with_context(allowed_company_ids=self.company.ids).create(values).action_pdf()

    def test_the_report_of_a_taxpayer_has_the_documents_of_its_branches(self):
        branch, _clerk, draft = self.make_branch()
        draft.action_post()
        self.write_paper()
        self.env.flush_all()
        self.env.invalidate_all()
        day = self.env["account.move"]._smart_today()
        report = (
            self.env["smart.contingency"]
            .with_user(self.boss)
            .with_company(self.company)
            .create(
                {
                    "company_id": self.company.id,
                    "date_from": day,
                    "date_to": day,
                    "started_at": fields.Datetime.now(),
                    "cause": "Sin servicio",
                }
            )
        )
        told = (
            self.env["report.l10n_ve_edi_smart.report_smart_contingency"]
            .with_user(self.boss)
            ._get_report_values(report.ids)["content"]
        )
        # Neither are they shown to whoever is in none of them, nor left out in silence.
        with self.assertRaisesRegex(UserError, "1 sheets of the period are of branches"):
            told(report)
        self.boss.company_ids += branch
        content = told(report)
        self.assertEqual(
            [row["control_number"] for row in content["documents"]],
            ["00-00000001", "00-00000002"],
        )

    def test_a_branch_writes_on_the_paper_of_its_company(self):
        branch, clerk, draft = self.make_branch()
        self.explain("1", user=clerk)
        draft.action_post()
        self.assertEqual(draft.smart_control_number, "00-00000002")
        self.assertEqual(draft.smart_sheet_id.sudo().company_id, branch)
        self.env.flush_all()
        self.env.invalidate_all()
        # Who does not see the branch is held by its sheets all the same.
        self.env["smart.sheet"].search([("move_id", "=", False)]).with_user(
            self.boss
        ).action_take_back()
        pad = self.pad.with_user(self.boss).with_company(self.company)
        self.assertEqual((pad.sheet_count, pad.left), (1, 99))
        with self.assertRaisesRegex(UserError, "stays as it is"):
            pad.write({"number_to": 50})
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            pad.unlink()
        self.assertFalse(self.pad.with_user(clerk).has_access("write"))
        typed = self.make_paper(smart_sheet_control="2")
        with self.assertRaisesRegex(SheetError, "Invoice 00-00000002 is used"):
            self.put(typed, user=self.boss)

    # -- what stays ------------------------------------------------------------------------

    def test_a_pad_belongs_to_whom_its_journal_belongs(self):
        other = self.env["res.company"].sudo().create({"name": "Otra, C.A."})
        values = {
            "journal_id": self.on_paper.id, "number_from": 1, "number_to": 100,
            "printer_name": "Otra", "printer_rif": PRINTER,
        }  # fmt: skip
        pads = self.env["smart.pad"].with_user(self.boss)
        for name in ("issuer_id", "company_id"):
            for attempt in (
                lambda name=name: pads.create({**values, name: other.id}),
                lambda name=name: pads.with_context(**{f"default_{name}": other.id}).create(values),
                lambda name=name: self.pad.with_user(self.boss).write({name: other.id}),
            ):
                with (
                    self.subTest(name),
                    self.assertRaises(ValidationError),
                    self.env.cr.savepoint(),
                ):
                    attempt()

    def test_a_journal_of_sheets_stays_a_sales_journal_of_its_company(self):
        self.explain("1")
        other = self.env["res.company"].create({"name": "Otra, C.A."})
        for values in ({"type": "general"}, {"company_id": other.id}):
            with (
                self.subTest(values),
                self.assertRaisesRegex(UserError, "type and company stay"),
                self.env.cr.savepoint(),
            ):
                self.on_paper.write(values)

    def test_a_tax_on_paper_stays_as_it_is(self):
        self.write_paper()
        for values in ({"amount": 8.0}, {"name": "IVA"}):
            with (
                self.subTest(values),
                self.assertRaisesRegex(UserError, "numbered paper"),
                self.env.cr.savepoint(),
            ):
                self.taxes["general"].with_user(self.boss).write(values)

    def test_its_sheet_and_its_number_stay(self):
        invoice = self.write_paper()
        boss = invoice.with_user(self.boss)
        sheet = invoice.smart_sheet_id
        wizard = (
            self.env["account.resequence.wizard"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"ordering": "keep", "first_name": "TAL/2026/00099"})
        )
        for attempt in (
            wizard.resequence,
            lambda: boss.write({"smart_sheet_ids": [Command.clear()]}),
            lambda: boss.write({"smart_sheet_ids": [Command.delete(sheet.id)]}),
            lambda: boss.write({"smart_sheet_ids": [Command.set([])]}),
            lambda: self.make_paper().write({"smart_sheet_ids": [Command.link(sheet.id)]}),
            lambda: self.make_paper(state="posted"),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                attempt()

    def test_it_is_reconciled_with_a_line_of_the_bank_and_freed_again(self):
        invoice = self.write_paper()
        received = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "amount": 116.0,
                "payment_ref": "Transferencia",
                "partner_id": self.customer.id,
                "date": invoice.date,
            }
        )
        due = invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        _liquidity, suspense, _other = received._seek_for_lines()
        suspense.account_id = due.account_id
        (due + suspense).reconcile()
        self.assertEqual(invoice.payment_state, "paid")
        (due + suspense).remove_move_reconcile()
        self.assertEqual(invoice.payment_state, "not_paid")

    def test_what_is_left_follows_what_is_entered(self):
        self.assertEqual((self.pad.left, self.pad.next_number), (100, "00-00000001"))
        self.pad.write({"number_to": 50, "prefix": "01"})
        self.assertEqual((self.pad.left, self.pad.next_number), (50, "01-00000001"))

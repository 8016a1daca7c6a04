from odoo import Command
from odoo.tests import tagged

from .notes_common import NotesCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestLegalNumber(NotesCommon):
    """An issued document has one number in everybody's eyes: the legal one."""

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("es_VE")

    def pay(self, invoice, **values):
        action = invoice.action_register_payment()
        wizard = self.env[action["res_model"]].with_context(**action["context"]).create(values)
        return wizard._create_payments()

    def credit_note(self, invoice):
        return self.confirm(self.created(self.reversal(invoice).refund_moves()))

    def debit_note(self, invoice):
        return self.confirm(self.created(self.debit(invoice, copy_lines=True).create_debit()))

    def spanish(self, record):
        return record.with_context(lang="es_VE")

    # -- what it is called -----------------------------------------------------------------

    def test_each_kind_is_known_by_type_and_number_in_the_language_of_who_reads(self):
        invoice = self.confirm()
        debit, credit = self.debit_note(invoice), self.credit_note(invoice)
        for move, english, spanish in (
            (invoice, "Invoice 00000001", "Factura 00000001"),
            (debit, "Debit Note 00000001", "Nota de débito 00000001"),
            (credit, "Credit Note 00000001", "Nota de crédito 00000001"),
        ):
            with self.subTest(english):
                self.assertEqual(move.smart_number, english)
                self.assertEqual(self.spanish(move).smart_number, spanish)
                self.assertTrue(move.display_name.startswith(english), move.display_name)
                self.assertTrue(self.spanish(move).display_name.startswith(spanish))
                document = self.spanish(move).smart_document_id
                self.assertEqual(document.display_name, f"{spanish} · {move.smart_control_number}")

    def test_a_document_that_waits_has_odoos_name_marked_as_provisional(self):
        invoice = self.make_invoice()
        self.assertNotIn("provisional", invoice.display_name)
        invoice.action_post()
        self.assertEqual(invoice.smart_state, "queued")
        self.assertEqual(invoice.display_name, f"{invoice.name} (provisional number)")
        self.assertEqual(invoice.smart_number, invoice.name)
        self.assertFalse(invoice.smart_legal_name)

    def test_what_others_book_is_called_as_before(self):
        bill = self.init_invoice("in_invoice", partner=self.partner_a, amounts=[50], post=True)
        self.assertEqual(bill.smart_number, bill.name)
        self.assertEqual(bill._get_move_display_name(), bill.name)

    def test_an_annulled_one_keeps_its_number(self):
        invoice = self.confirm()
        invoice.smart_document_id.sudo()._engine_write({"state": "annulled"})
        self.assertEqual(invoice.smart_number, "Invoice 00000001")

    def test_the_customer_in_the_portal_sees_the_same_number(self):
        invoice = self.confirm()
        user = self.new_user("customer", "base.group_portal")
        user.partner_id = invoice.partner_id
        as_customer = invoice.with_user(user)
        self.assertEqual(as_customer.smart_number, "Invoice 00000001")
        self.assertEqual(as_customer.display_name, "Invoice 00000001")

    # -- how it is found -------------------------------------------------------------------

    def test_it_is_found_by_any_of_its_numbers(self):
        first, second = self.confirm(), self.confirm()
        credit = self.credit_note(first)
        Move = self.env["account.move"]

        def found(text, operator="ilike"):
            return Move.search(
                [("smart_number", operator, text), ("company_id", "=", self.company.id)]
            )

        for text in ("00000002", "Invoice 2", "invoice 00000002", "00-00000002", second.name):
            with self.subTest(text):
                self.assertEqual(found(text), second)
        self.assertEqual(set(found("00000001")), {first, credit})
        self.assertEqual(found("Credit Note 1", "="), credit)
        self.assertEqual(
            self.spanish(Move).search([("smart_number", "=", "Nota de crédito 1")]), credit
        )
        self.assertFalse(found("00000009"))
        self.assertFalse(found("Debit Note 1"))
        self.assertNotIn(second, found("Invoice 2", "not ilike"))
        self.assertIn(first, found("Invoice 2", "not ilike"))

    def test_cards_of_activities_and_of_invoices_show_it(self):
        for kind in ("activity", "kanban"):
            arch = self.env["account.move"].get_views([(False, kind)])["views"][kind]["arch"]
            self.assertIn('name="smart_number"', arch)
            self.assertNotIn('name="name"', arch)

    def test_filters_of_odoo_that_look_for_a_beginning_find_it(self):
        invoice = self.confirm()
        for operator, text in (("=ilike", "0000%"), ("=like", "%1"), ("=ilike", "00-%")):
            with self.subTest(operator=operator, text=text):
                found = self.env["account.move"].search([("smart_number", operator, text)])
                self.assertEqual(found, invoice)

    def test_choosing_one_by_typing_its_number_works(self):
        invoice = self.confirm()
        for text in ("00000001", "Invoice 1", "00-00000001", invoice.name):
            with self.subTest(text):
                found = dict(self.env["account.move"].name_search(text, limit=None))
                self.assertIn(invoice.id, found)
                self.assertTrue(found[invoice.id].startswith("Invoice 00000001"))

    def test_a_list_is_sorted_by_the_number_that_it_shows(self):
        moves = self.confirm() + self.confirm() + self.confirm()
        domain = [("id", "in", moves.ids)]
        self.assertEqual(self.env["account.move"].search(domain, order="smart_number"), moves)
        self.assertEqual(
            self.env["account.move"].search(domain, order="smart_number desc"), moves[::-1]
        )
        self.assertTrue(
            self.env["account.move"].fields_get(["smart_number"])["smart_number"]["sortable"]
        )

    # -- payments --------------------------------------------------------------------------

    def test_customers_quote_the_legal_number(self):
        invoice = self.confirm()
        self.do_errands()
        self.assertEqual(invoice.payment_reference, "Invoice 00000001")
        term = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.assertEqual(term.name, "Invoice 00000001")
        self.assertEqual(self.pay(invoice).memo, "Invoice 00000001")

    def test_a_reference_that_somebody_chose_stays(self):
        invoice = self.make_invoice(payment_reference="PEDIDO 7")
        self.confirm(invoice)
        self.do_errands()
        self.assertEqual(invoice.payment_reference, "PEDIDO 7")

    def test_what_odoo_has_hashed_keeps_its_reference_and_its_hash(self):
        invoice = self.make_invoice()
        invoice.action_post()
        invoice.journal_id.restrict_mode_hash_table = True
        invoice.button_hash()
        self.commit()
        self.do_errands()
        self.assertTrue(invoice.inalterable_hash)
        self.assertEqual(invoice.payment_reference, invoice.name)
        self.assertEqual(invoice.smart_number, "Invoice 00000001")
        report = self.company._check_hash_integrity()["results"]
        self.assertNotIn("corrupted", {row["status"] for row in report})

    def test_a_payment_made_in_between_stays_and_is_shown_with_the_legal_number(self):
        invoice = self.make_invoice()
        invoice.action_post()
        payment = self.pay(invoice)
        self.assertEqual(payment.memo, invoice.name)
        self.send_waiting()
        self.do_errands()
        self.assertEqual(invoice.smart_state, "issued")
        self.assertEqual(invoice.amount_residual, 0)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "account.report_payment_receipt", payment.ids
        )[0]
        self.assertTrue(b"Invoice 00000001" in html)
        self.assertFalse(invoice.name.encode() in html)

    def test_what_settles_an_invoice_is_called_by_its_number(self):
        invoice = self.confirm()
        note = self.credit_note(invoice)
        shown = invoice.invoice_payments_widget["content"]
        self.assertEqual(len(shown), 1)
        self.assertTrue(shown[0]["ref"].startswith("Credit Note 00000001"), shown[0]["ref"])
        self.assertEqual(shown[0]["move_id"], note.id)

    def test_what_could_settle_an_invoice_is_called_by_its_number(self):
        note = self.credit_note(self.confirm())
        note.line_ids.remove_move_reconcile()
        invoice = self.confirm()
        offered = invoice.invoice_outstanding_credits_debits_widget["content"]
        self.assertIn(
            "Credit Note 00000001",
            {entry["journal_name"].split(" (")[0] for entry in offered},
        )

    # -- notes -----------------------------------------------------------------------------

    def test_a_note_names_the_document_by_its_number(self):
        invoice = self.confirm()
        invoice.partner_id.lang = "es_VE"
        credit, debit = self.credit_note(invoice), self.debit_note(invoice)
        for note in (credit, debit):
            self.assertIn("Factura 00000001", note.ref)
            self.assertNotIn(invoice.name, note.ref)

    def test_an_invoice_leads_to_its_notes_and_back(self):
        invoice = self.confirm()
        debit, credit = self.debit_note(invoice), self.credit_note(invoice)
        self.assertEqual(invoice.smart_note_count, 2)
        action = invoice.action_smart_open_notes()
        self.assertEqual(self.env["account.move"].search(action["domain"]), debit | credit)
        self.assertEqual(credit.action_smart_open_origin()["res_id"], invoice.id)
        self.assertEqual(credit.smart_origin_number, "Invoice 00000001")

    def test_a_list_of_notes_shows_their_legal_numbers(self):
        invoice = self.confirm()
        self.debit_note(invoice)
        self.credit_note(invoice)
        action = invoice.action_smart_open_notes()
        views = self.env["account.move"].get_views(action["views"])["views"]
        self.assertIn('name="smart_number"', views["list"]["arch"])

    def test_a_debit_note_is_told_from_an_invoice_before_it_is_issued(self):
        invoice = self.confirm()
        draft = self.make_invoice(debit_origin_id=invoice.id)
        self.assertTrue(draft.smart_is_debit_note)
        self.assertEqual(draft.type_name, "Debit Note")
        self.assertFalse(invoice.smart_is_debit_note)

    # -- numbers that move -----------------------------------------------------------------

    def test_a_refused_document_is_provisional_until_it_is_issued_under_another_number(self):
        refused = self.make_invoice()
        refused.action_post()
        self.make_refusable(refused.smart_document_id.sudo())
        self.commit()
        self.assertEqual(refused.smart_state, "refused")
        self.assertIn("provisional", refused.display_name)
        self.assertEqual(self.confirm().smart_number, "Invoice 00000001")

    def test_documents_of_several_journals_share_one_numbering(self):
        first = self.confirm()
        journal = self.company_data["default_journal_sale"].copy(
            {
                "code": "FAC2",
                "default_account_id": self.company_data["default_account_revenue"].id,
            }
        )
        second = self.confirm(self.make_invoice(journal_id=journal.id))
        self.assertEqual(
            (first.smart_number, second.smart_number), ("Invoice 00000001", "Invoice 00000002")
        )
        self.assertNotEqual(first.journal_id, second.journal_id)

    def test_many_numbers_cost_as_many_queries_as_one(self):
        moves = self.confirm() + self.confirm() + self.confirm()
        self.env.invalidate_all()
        with self.assertQueryCount(4):
            moves.mapped("smart_number")
            moves.mapped("display_name")

    def test_a_line_is_called_by_the_number_of_its_document(self):
        invoice = self.make_invoice()
        invoice.invoice_line_ids = [
            Command.update(invoice.invoice_line_ids.id, {"name": "Servicio"})
        ]
        self.confirm(invoice)
        self.assertEqual(invoice.invoice_line_ids.display_name, "Invoice 00000001 Servicio")

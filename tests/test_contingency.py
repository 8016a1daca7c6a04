from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models.contingency.account_move_sheets import SheetError
from .contingency_common import ContingencyCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestContingency(ContingencyCommon):
    # -- the channel -----------------------------------------------------------------------

    def test_the_channel_and_the_switch_say_one_thing(self):
        journal = self.company_data["default_journal_sale"]
        self.assertEqual(journal.smart_channel, "digital")
        journal.smart_enabled = False
        self.assertEqual(journal.smart_channel, "other")
        journal.smart_channel = "contingency"
        self.assertFalse(journal.smart_enabled)
        journal.smart_enabled = True
        self.assertEqual(journal.smart_channel, "digital")
        journal.smart_channel = "other"
        self.assertFalse(journal.smart_enabled)
        self.assertFalse(self.on_paper.smart_enabled)
        self.assertEqual(self.on_paper.smart_channel, "contingency")
        self.assertFalse(self.company_data["default_journal_bank"].smart_channel)
        with self.assertRaises(ValidationError):
            self.company_data["default_journal_bank"].smart_channel = "contingency"
        with Form(journal) as form:
            form.smart_channel = "digital"
        self.assertTrue(journal.smart_enabled)

    # -- which sheet -----------------------------------------------------------------------

    def test_confirming_takes_the_next_sheet_and_sends_nothing(self):
        draft = self.make_paper()
        self.assertEqual(draft.smart_sheet_next, "00-00000001")
        self.assertIn("00-00000001", draft.alerts["smart_paper"]["message"])
        self.assertNotIn("smart_journal", draft.alerts)
        self.put(draft)
        second = self.write_paper()
        self.assertEqual(
            (draft + second).mapped("smart_control_number"), ["00-00000001", "00-00000002"]
        )
        self.assertEqual(draft.state, "posted")
        self.assertEqual(draft.smart_sheet_id.user_id, self.cashier)
        self.assertEqual(draft.smart_sheet_id.state, "used")
        self.assertTrue(self.nothing_sent())

    def test_it_is_known_by_the_number_of_the_paper(self):
        invoice = self.write_paper()
        self.assertEqual(invoice.smart_legal_name, "Invoice 00-00000001")
        self.assertEqual(invoice.smart_number, "Invoice 00-00000001")
        self.assertTrue(invoice.display_name.startswith("Invoice 00-00000001"))
        self.assertEqual(invoice.payment_reference, "Invoice 00-00000001")
        self.assertNotIn(invoice.name, invoice.display_name)
        Move = self.env["account.move"]
        issued = self.confirm()
        for typed in ("1", "00-00000001", "00000001", "Invoice 1", "0000000001"):
            with self.subTest(typed):
                self.assertIn(invoice, Move.search([("smart_number", "ilike", typed)]))
        self.assertEqual(
            Move.search(
                [("smart_control_number", "!=", False), ("id", "in", (invoice + issued).ids)],
                order="smart_control_number, id",
            ),
            (invoice + issued).sorted("id"),
        )
        self.assertFalse(
            Move.search([("smart_control_number", "=", False), ("id", "=", invoice.id)])
        )
        ordered = Move.search([("id", "in", (invoice + issued).ids)], order="smart_number desc")
        self.assertEqual(len(ordered), 2)
        groups = Move.formatted_read_group(
            [("id", "=", invoice.id)], ["smart_control_number"], ["__count"]
        )
        self.assertEqual(groups[0]["smart_control_number"], "00-00000001")

    def test_a_document_number_of_its_own(self):
        self.pad.document_from = "C-00000501"
        first = self.write_paper()
        second = self.write_paper(smart_sheet_number="C-00000777")
        self.assertEqual(first.smart_number, "Invoice C-00000501")
        self.assertEqual(second.smart_number, "Invoice C-00000777")
        self.assertIn(second, self.env["account.move"].search([("smart_number", "ilike", "777")]))
        with self.assertRaisesRegex(SheetError, "C-00000777 is used"), self.env.cr.savepoint():
            self.write_paper(smart_sheet_number="C-00000777")
        twice = [self.make_paper(smart_sheet_number="C-00000900") for _n in range(2)]
        with self.assertRaisesRegex(SheetError, "C-00000900 is used"), self.env.cr.savepoint():
            self.put(*twice)

    def test_a_typed_number_is_read_in_any_spelling(self):
        for number, typed in enumerate(("00-00000001", "2", "0000000003", "00 00000004"), start=1):
            invoice = self.write_paper(smart_sheet_control=typed)
            self.assertEqual(invoice.smart_control_number, f"00-{number:08d}")
            self.assertEqual(invoice.smart_sheet_control, f"00-{number:08d}")

    def test_a_wrong_number_is_refused_with_every_problem_at_once(self):
        self.write_paper()
        nobody = self.customer.copy({"vat": False})
        drafts = [
            self.make_paper(smart_sheet_control="00-00000001"),
            self.make_paper(smart_sheet_control="00-00000101"),
            self.make_paper(smart_sheet_control="01-00000002"),
            self.make_paper(smart_sheet_control="abc"),
            self.make_paper(smart_sheet_control="00-00000002", partner_id=nobody.id),
            self.make_paper(smart_sheet_control="00-00000002"),
            self.make_paper(smart_sheet_control="00-00000005"),
        ]
        with self.assertRaises(SheetError) as caught, self.env.cr.savepoint():
            self.put(*drafts)
        words = str(caught.exception)
        for said in (
            "Invoice 00-00000001 is used already",
            "“00-00000101” is on no pad",
            "“01-00000002” is on no pad",
            "“abc” is on no pad",
            "00-00000002 is entered twice",
            "00-00000003 – 00-00000004",
            "RIF or cédula",
        ):
            self.assertIn(said, words)
        self.assertEqual({move.state for move in drafts}, {"draft"})
        self.assertEqual(len(self.pad.sheet_ids), 1)
        self.assertEqual(len(caught.exception.owners), 7)

    def test_a_pad_that_is_used_up_gives_way_to_the_next(self):
        self.pad.number_to = 2
        self.make_pad(number_from=101, number_to=101, document_type="credit_note")
        last = self.make_pad(number_from=201, number_to=201)
        moves = self.put(*(self.make_paper() for _n in range(3)))
        self.assertEqual(
            moves.mapped("smart_control_number"), ["00-00000001", "00-00000002", "00-00000201"]
        )
        self.assertEqual(last.left, 0)
        with self.assertRaisesRegex(SheetError, "No sheet is left"), self.env.cr.savepoint():
            self.write_paper()
        note = self.write_paper(move_type="out_refund", smart_note_origin_id=moves[0].id)
        self.assertEqual(note.smart_number, "Credit Note 00-00000101")

    def test_the_database_itself_holds_each_number_to_one_use(self):
        invoice = self.write_paper()
        sheet = invoice.smart_sheet_id
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            sheet.sudo()._engine_create(
                [sheet._vals_of_pad(self.pad, 1) | {"state": "spoilt", "reason": "x"}]
            )

    # -- gaps ------------------------------------------------------------------------------

    def test_skipped_sheets_are_explained_first(self):
        draft = self.make_paper(smart_sheet_control="00-00000004")
        self.assertEqual(draft.smart_sheet_gap, "00-00000001 – 00-00000003")
        with self.assertRaisesRegex(SheetError, "Explain skipped sheets"), self.env.cr.savepoint():
            self.put(draft)
        action = draft.with_user(self.cashier).action_smart_explain_sheets()
        form = Form(
            self.env["smart.sheet.explain"]
            .with_user(self.cashier)
            .with_context(**action["context"])
        )
        self.assertEqual((form.number_from, form.number_to), ("00-00000001", "00-00000003"))
        self.assertEqual(form.count, 3)
        form.state = "lost"
        form.reason = "Extraviadas en el traslado"
        form.save().action_explain()
        self.put(draft)
        self.assertEqual(draft.smart_control_number, "00-00000004")
        explained = self.pad.sheet_ids - draft.smart_sheet_id
        self.assertEqual(set(explained.mapped("state")), {"lost"})
        self.assertEqual(explained.user_id, self.cashier)
        self.assertEqual(self.write_paper().smart_control_number, "00-00000005")

    def test_numbers_confirmed_together_leave_no_gap_whatever_their_order(self):
        moves = self.put(
            self.make_paper(smart_sheet_control="3"),
            self.make_paper(smart_sheet_control="1"),
            self.make_paper(),
        )
        self.assertEqual(
            moves.mapped("smart_control_number"), ["00-00000003", "00-00000001", "00-00000002"]
        )

    def test_an_explanation_is_complete_and_of_sheets_that_are_left(self):
        self.write_paper()
        for values, said in (
            ({"first": "1"}, "accounted for already"),
            ({"first": "2", "reason": "   "}, "Enter in at most"),
            ({"first": "101"}, "not sheets of the pad"),
            ({"first": "5", "last": "3"}, "not sheets of the pad"),
            ({"first": "x"}, "not sheets of the pad"),
        ):
            with (
                self.subTest(values),
                self.assertRaisesRegex(UserError, said),
                self.env.cr.savepoint(),
            ):
                self.explain(**values)

    def test_a_manager_takes_an_explanation_back_and_the_pad_remembers(self):
        self.explain("1", "2", state="lost", reason="No aparecen")
        sheets = self.pad.sheet_ids
        with self.assertRaises(AccessError):
            sheets.with_user(self.cashier).action_take_back()
        sheets.with_user(self.boss).action_take_back()
        self.env.invalidate_all()
        self.assertFalse(self.pad.sheet_ids)
        self.assertIn("No aparecen", self.pad.message_ids[:1].body)
        invoice = self.write_paper()
        self.assertEqual(invoice.smart_control_number, "00-00000001")
        with self.assertRaisesRegex(UserError, "A document is on the sheet"):
            invoice.smart_sheet_id.with_user(self.boss).action_take_back()

    # -- pads ------------------------------------------------------------------------------

    def test_a_pad_says_what_the_printing_house_has_printed(self):
        for values, error in (
            ({"number_from": 50, "number_to": 150}, ValidationError),
            ({"number_from": 300, "number_to": 200}, IntegrityError),
            ({"number_from": 0, "number_to": 9}, IntegrityError),
            ({"number_from": 200, "number_to": 200200}, ValidationError),
            ({"number_from": 200, "number_to": 201, "prefix": "A1"}, ValidationError),
            ({"number_from": 200, "number_to": 201, "printer_rif": "J-1"}, ValidationError),
            ({"number_from": 200, "number_to": 201, "document_from": "C-"}, ValidationError),
            (
                {
                    "number_from": 200,
                    "number_to": 201,
                    "journal_id": self.company_data["default_journal_sale"].id,
                },
                ValidationError,
            ),
        ):
            with (
                self.subTest(values),
                self.assertRaises(error),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.make_pad(**values)
                self.env.flush_all()
        other = self.make_pad(printer_rif="j412567896")
        self.assertEqual(other.printer_rif, "J-41256789-6")

    def test_a_used_pad_stays_as_it_was_printed(self):
        self.write_paper()
        for values in ({"number_to": 50}, {"prefix": "01"}, {"printer_name": "Otra"}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "stays as it is"):
                self.pad.write(values)
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            self.pad.unlink()
        self.pad.write({"sequence": 3, "number_to": 100})
        self.pad.active = False
        with self.assertRaisesRegex(SheetError, "Pads of Numbered Paper"), self.env.cr.savepoint():
            self.write_paper()

    def test_sheets_are_written_by_nobody(self):
        sheet = self.write_paper().smart_sheet_id
        for attempt in (
            lambda: sheet.with_user(self.boss).write({"control_number": "00-00000099"}),
            lambda: sheet.write({"state": "lost"}),
            lambda: sheet.unlink(),
            lambda: sheet.copy(),
            lambda: sheet.move_id.with_user(self.boss).write({"smart_sheet_id": False}),
            lambda: sheet.move_id.with_user(self.boss).write(
                {"smart_sheet_ids": [(1, sheet.id, {"number": 7})]}
            ),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                attempt()

    def test_the_date_is_that_of_the_paper(self):
        day = self.env["account.move"]._smart_today() - timedelta(days=3)
        draft = self.make_paper(invoice_date=day)
        self.assertIn("as on the paper", draft.alerts["smart_paper"]["message"])
        self.put(draft)
        self.assertEqual(draft.smart_sheet_id.issue_date, day)
        without = self.write_paper(invoice_date=False)
        self.assertEqual(without.invoice_date, self.env["account.move"]._smart_today())

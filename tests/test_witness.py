import base64
import hashlib
import json
from datetime import datetime, timedelta
from unittest.mock import patch

import requests

from odoo import fields
from odoo.tests import freeze_time, tagged
from odoo.tools import html2plaintext

from ..models.witness import sight as witness_sight
from ..models.witness.document import MOST_ATTEMPTS, MOST_NUMBERS
from ..models.witness.sight import address_of
from .test_pauses import jitter
from .witness_common import WitnessCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestWitness(WitnessCommon):
    def test_a_doubt_is_settled_by_the_print_that_fits_it(self):
        before = self.confirm()
        invoice = self.unknown()
        self.confirm()
        self.look()
        self.assert_settled(invoice, "00-00000002")
        document = invoice.smart_document_id.sudo()
        content = base64.b64decode(document.document_file)
        self.assertTrue(content.startswith(b"%PDF-"))
        self.assertEqual(
            document.document_url, before.smart_document_url.replace("00000001", "00000002")
        )
        self.assertEqual(
            html2plaintext(document.legal_footer), html2plaintext(before.smart_legal_footer)
        )
        [there] = [one for one in self.simulator.documents() if one["control_number"][-1] == "2"]
        moment = fields.Datetime.to_string(document.issued_at - timedelta(hours=4))
        self.assertEqual(moment, there["issued_at"], "as it is printed, in Caracas")
        self.assertFalse(document.last_error or document.owner_step)
        # What is kept of it, for ever.
        witness = document.witness_id
        self.assertEqual((witness.verdict, witness.about), ("proof", "issue"))
        self.assertEqual(witness.file_sha256, hashlib.sha256(content).hexdigest())
        self.assertEqual(base64.b64decode(witness.file), content)
        self.assertEqual({witness[f"{fact}_finding"] for fact in ("total", "customer")}, {"found"})
        exchange = document.exchange_ids.sorted("id")[-1]
        self.assertEqual((exchange.operation, exchange.outcome), ("witness", "accepted"))
        for words in (exchange.message, invoice.message_ids[0].body):
            self.assertIn("00-00000002", words)
            self.assertIn(witness.file_sha256, words)
        self.assertFalse(self.finding())
        self.assertEqual(
            self.links("resolution", "issue", "file")
            .filtered(lambda link: link.document_id == document)
            .mapped("kind"),
            ["resolution", "issue", "file"],
        )
        self.assertIn(witness.file_sha256, self.links("resolution").content)

    def test_the_last_of_the_sequence_needs_no_later_one_and_the_queue_goes_on(self):
        self.connect(enforce_numbering=True)
        self.confirm()
        self.simulator.fault("drop_after")
        invoice = self.confirm()
        self.assertEqual(invoice.smart_state, "unknown")
        self.look()
        self.assert_settled(invoice, "00-00000002")
        lane = self.env["smart.lane"].search([("issuer_id", "=", self.company.id)])
        self.assertFalse(lane._stopped())
        later = self.confirm()
        self.assert_settled(later, "00-00000003")
        self.assertEqual(later.smart_internal_number, "00000003")

    def test_a_document_that_is_proven_issued_gets_its_number(self):
        self.connect(enforce_numbering=True)
        self.confirm()
        self.simulator.fault("drop_after")
        invoice = self.confirm()
        self.env["smart.lane"].sudo().search([])._resume()
        self.send_in_background()
        self.assertTrue(invoice.smart_document_id.proven_issued)
        self.assert_settled(self.confirm(), "00-00000003")
        self.look()
        self.assert_settled(invoice, "00-00000002")
        self.assertFalse(invoice.smart_document_id.proven_issued)

    def test_several_in_a_row_share_a_gap_and_each_gets_its_own(self):
        self.confirm()
        invoices = [self.unknown(), self.unknown()]
        lost = self.unknown("drop_before")
        self.look()
        self.assert_settled(invoices[0], "00-00000002")
        self.assert_settled(invoices[1], "00-00000003")
        self.assertEqual(lost.smart_state, "unknown")
        self.assertNotIn("other", lost.smart_document_id.sudo().witness_ids.mapped("verdict"))
        # The next one closes the gap: nothing is missing in it.
        self.assert_settled(self.confirm(), "00-00000004")
        self.assertEqual(lost.smart_document_id._missing_numbers(), [])

    def test_every_layout_is_read(self):
        for number, layout in enumerate(("plain", "dotted", "below", "columns")):
            with self.subTest(layout):
                self.simulator.control("POST", "/prints", {"layout": layout})
                self.confirm()
                self.simulator.fault("drop_after")
                invoice = self.confirm(
                    self.make_invoice(("general", 1234.5), ("exempt", 1_000_000))
                )
                self.look()
                self.assert_settled(invoice, f"00-{2 * number + 2:08d}")

    def test_notes_are_settled_too(self):
        for enforced in (True, False):
            with self.subTest(enforced=enforced):
                self.connect(enforce_numbering=enforced)
                invoice = self.confirm()
                note = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
                self.simulator.fault("drop_after")
                self.confirm(note)
                self.assertEqual(note.smart_state, "unknown")
                self.look()
                self.assertEqual(note.smart_state, "issued", self.latest(note).read())

    def test_a_print_that_comes_late_settles_late(self):
        self.confirm()
        invoice = self.unknown()
        self.simulator.print("00-00000002", missing=2)
        self.assert_in_doubt(invoice, "missing", looks=2)
        self.assertEqual(len(self.latest(invoice).document_id.witness_ids), 1, "nothing new")
        self.look()
        self.assert_settled(invoice, "00-00000002")

    def test_a_print_that_never_comes_is_looked_for_with_growing_pauses_and_given_up(self):
        self.confirm()
        invoice = self.unknown()
        self.simulator.print("*", missing=-1)
        document = invoice.smart_document_id.sudo()
        start = fields.Datetime.now() + timedelta(seconds=5)
        for attempt, seconds in enumerate((5, 10, 20, 40), start=1):
            with freeze_time(start), jitter(0.5):
                self.look_if_due()
                self.assertEqual(document.witness_attempts, attempt)
                self.assertEqual(document.witness_next_at - start, timedelta(seconds=seconds))
                self.look_if_due()
                self.assertEqual(document.witness_attempts, attempt, "not before its time")
            start = document.witness_next_at
        document._engine_write({"witness_attempts": MOST_ATTEMPTS - 1})
        self.look()
        self.assertFalse(document.witness_next_at)
        self.look_if_due()
        self.assertEqual(document.witness_attempts, MOST_ATTEMPTS)
        self.assertEqual(invoice.smart_state, "unknown")

    def test_what_is_issued_next_makes_it_look_again_once(self):
        self.confirm()
        invoice = self.unknown()
        self.simulator.print("*", missing=-1)
        document = invoice.smart_document_id.sudo()

        def attempts():
            self.look_if_due()
            return document.witness_attempts

        far = fields.Datetime.now() + timedelta(days=1)
        attempts()
        document._engine_write({"witness_next_at": far})
        looked = attempts()
        self.confirm()
        self.assertEqual(attempts(), looked + 1)
        document._engine_write({"witness_next_at": far})
        self.confirm()
        self.assertEqual(attempts(), looked + 1, "the gap is closed already")

    def test_it_is_looked_for_some_seconds_after_the_doubt(self):
        cron = self.company.smart_errands_action_id
        self.confirm()
        now = fields.Datetime.now() + timedelta(seconds=1)
        later = [("cron_id", "=", cron.id), ("call_at", ">", now)]
        self.assertFalse(self.env["ir.cron.trigger"].search(later))
        self.unknown()
        trigger = self.env["ir.cron.trigger"].search(later)
        self.assertLess(trigger[:1].call_at - now, timedelta(seconds=10))

    def test_no_transaction_is_open_while_the_network_is_waited_for(self):
        self.in_gap()
        opened = []
        cursor = self.registry.cursor

        def counted(*args, **kwargs):
            cr = cursor(*args, **kwargs)
            opened.append(cr)
            return cr

        def fetch(*args, **kwargs):
            # The first is that of the scheduled action, which has committed.
            self.assertTrue(all(cr._closed for cr in opened[1:]))
            seen.append(len(opened))
            return fetch_pdf(*args, **kwargs)

        seen, fetch_pdf = [], witness_sight.fetch_pdf
        with (
            patch.object(self.registry, "cursor", counted),
            patch.object(witness_sight, "fetch_pdf", fetch),
        ):
            self.look()
        self.assertTrue(seen and seen[0] > 1)

    def test_nothing_is_recorded_while_documents_are_being_sent(self):
        invoice = self.in_gap()
        document = invoice.smart_document_id.sudo()
        with patch.object(type(document), "_decide_apart", lambda *_args, **_options: False):
            self.look()
        self.assertEqual(invoice.smart_state, "unknown")
        self.assertLess(
            document.witness_next_at, fields.Datetime.now() + timedelta(seconds=15), "soon again"
        )
        self.look()
        self.assert_settled(invoice, "00-00000002")

    def test_what_a_person_resolved_meanwhile_stays(self):
        invoice = self.in_gap()
        document = invoice.smart_document_id.sudo()
        decide = type(document)._decide_by_witness

        def late(document, sight):
            document._decide_issued("00-00000009", document.sent_at, "Seen")
            decide(document, sight)

        with patch.object(type(document), "_decide_by_witness", late):
            self.look()
        self.assert_settled(invoice, "00-00000009")
        self.assertFalse(document.witness_id)

    def test_what_smart_processed_late_has_a_number_behind_later_documents(self):
        self.confirm()
        self.simulator.fault("drop_before")
        invoice = self.confirm()
        self.confirm()
        # What the service does once its client has gone.
        request = json.loads(invoice.smart_document_id.sudo().request_body)
        answer = requests.post(
            f"{self.simulator.url}/facturacion",
            json=request,
            headers={"Authorization": f"Bearer {self.simulator.token}"},
            timeout=60,
        )
        self.assertEqual(answer.status_code, 200)
        self.confirm()
        self.look()
        self.assert_settled(invoice, "00-00000003")

    def test_with_many_in_doubt_only_a_few_numbers_are_tried_for_each(self):
        self.confirm()
        invoices = [self.unknown() for _number in range(MOST_NUMBERS + 2)]
        self.simulator.print("*", missing=-1)
        self.look()
        for invoice in invoices:
            numbers = invoice.smart_document_id.sudo().witness_ids.mapped("control_number")
            self.assertEqual(sorted(numbers), [f"00-{n:08d}" for n in range(2, MOST_NUMBERS + 2)])

    def test_the_address_is_that_of_a_neighbour_with_another_number(self):
        known = "https://x.example/archivos/J-1-9/2026-11/J-1-900-00000001"
        for address, expected in (
            (known, "https://x.example/archivos/J-1-9/2026-12/J-1-900-00000002"),
            (known + "?a=1", None),
            (known.replace("00000001", "00000007"), None),
            (known.replace("2026-11/J-1-9", "2026-11/J-2-9"), None),
            (known.replace("2026-11", "11-2026"), None),
            ("", None),
        ):
            found = address_of(address, "00-00000001", "00-00000002", "2026-12", "J-1-9")
            self.assertEqual(found, expected, address)

    def test_about_midnight_at_the_end_of_a_month_both_months_are_tried(self):
        invoice = self.in_gap()
        document = invoice.smart_document_id.sudo()

        def months(sent_at):
            with patch.object(type(document), "_first_doubt", lambda _self: sent_at):
                document._engine_write({"sent_at": sent_at})
                [(_number, urls)] = document._witness_addresses(1, "J-41256789-6")
                return [url.split("/")[-2] for url in urls]

        self.assertEqual(months(datetime(2026, 12, 1, 3, 50)), ["2026-11", "2026-12"])
        self.assertEqual(months(datetime(2026, 12, 1, 4, 10)), ["2026-11", "2026-12"])
        self.assertEqual(months(datetime(2026, 12, 1, 5, 10)), ["2026-12"])
        self.assertEqual(months(datetime(2026, 11, 28, 5, 10)), ["2026-11"])

    def test_without_an_earlier_answer_there_is_no_witness(self):
        invoice = self.unknown()
        self.look()
        self.assertEqual(invoice.smart_state, "unknown")
        self.assertFalse(invoice.smart_document_id.sudo().witness_ids)

    def test_the_chatter_speaks_the_issuers_language(self):
        self.env["res.lang"]._activate_lang("es_VE")
        self.company.partner_id.lang = "es_VE"
        invoice = self.in_gap()
        hearings = []
        document = invoice.smart_document_id.sudo()
        decide = type(document)._decide_by_witness

        def noted(document, sight):
            hearings.append(document.env.lang)
            decide(document, sight)

        with patch.object(type(document), "_decide_by_witness", noted):
            self.look()
        self.assertEqual(hearings, ["es_VE"])

    def test_a_branch_sees_the_evidence_about_its_own_documents_alone(self):
        branch = self.env["res.company"].create(
            {"name": "Sucursal", "parent_id": self.company.id, "currency_id": self.bolivar.id}
        )
        invoice = self.in_gap()
        self.simulator.print("00-00000002", values={"internal_number": "00000077"})
        self.look()
        witness = self.latest(invoice)
        self.assertEqual(witness.company_id, self.company)
        user = self.new_user("smart_branch", "account.group_account_manager", branch)
        self.assertFalse(self.env["smart.witness"].with_user(user).search([]))
        reader = self.new_user("smart_reader", "account.group_account_readonly")
        self.assertEqual(self.env["smart.witness"].with_user(reader).search([]), witness)
        auditor = self.new_user("smart_auditor", "l10n_ve_edi_smart.group_smart_auditor")
        self.assertEqual(self.env["smart.witness"].with_user(auditor).search([]), witness)

    def test_a_document_of_several_customers_is_settled_by_its_own(self):
        other = self.customer.copy({"vat": "J-00041312-6", "name": "Otra, C.A."})
        self.confirm()
        self.simulator.fault("drop_after", count=2)
        first = self.confirm()
        second = self.confirm(self.make_invoice(partner_id=other.id))
        self.assertEqual((first + second).mapped("smart_state"), ["unknown", "unknown"])
        self.look()
        self.assert_settled(first, "00-00000002")
        self.assert_settled(second, "00-00000003")

from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..models.witness import sight as witness_sight
from ..smart_api.document_file import FileError, FileProblem
from .witness_common import WitnessCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestWitnessLies(WitnessCommon):
    """A print that is not clearly that of the document settles nothing, and is kept to be seen."""

    def findings(self, invoice):
        witness = self.latest(invoice)
        facts = ("control_number", "internal_number", "document_type", "customer", "total")
        return {fact for fact in facts if witness[f"{fact}_finding"] != "found"}

    def test_the_print_of_another_customer_with_the_same_total(self):
        invoice = self.in_gap()
        request = {"rifcedulacliente": "J-31111111-1"}
        self.simulator.print("00-00000002", values={"request": request})
        self.assert_in_doubt(invoice, "other")
        self.assertEqual(self.findings(invoice), {"customer"})
        self.assertTrue(self.latest(invoice).file, "a person can open it")

    def test_the_right_customer_and_another_internal_number(self):
        invoice = self.in_gap()
        self.simulator.print("00-00000002", values={"internal_number": "00000077"})
        self.assert_in_doubt(invoice, "other")
        self.assertEqual(self.findings(invoice), {"internal_number"})

    def test_another_total(self):
        invoice = self.in_gap()
        self.simulator.print("00-00000002", values={"request": {"total": 1116}})
        self.assert_in_doubt(invoice, "partial")
        self.assertEqual(self.findings(invoice), {"total"})

    def test_a_file_that_is_made_anew_and_says_the_same_is_kept_once(self):
        invoice = self.in_gap()
        for remark in ("one", "two", "three"):
            request = {"total": 1116, "observacion": remark}
            self.simulator.print("00-00000002", values={"request": request})
            self.assert_in_doubt(invoice, "partial")
        self.assertEqual(len(self.latest(invoice).document_id.witness_ids), 1)

    def test_another_type(self):
        for kind in (2, 3, 4, 5):
            with self.subTest(kind):
                invoice = self.in_gap()
                number = invoice.smart_document_id._missing_numbers()[0]
                self.simulator.print(number, values={"document_type": kind})
                self.assert_in_doubt(invoice, "other")
                self.assertEqual(self.findings(invoice), {"document_type"})
                invoice.smart_document_id.sudo()._engine_write({"state": "refused"})

    def test_two_prints_that_fit(self):
        self.confirm()
        invoice = self.unknown()
        other = self.unknown()
        self.confirm()
        # The second number shows the first document as well, with the number asked for.
        self.simulator.print(
            "00-00000003", shows="00-00000002", values={"control_number": "00-00000003"}
        )
        self.assert_in_doubt(invoice, "ambiguous")
        self.assertEqual(
            sorted(invoice.smart_document_id.sudo().witness_ids.mapped("control_number")),
            ["00-00000002", "00-00000003"],
        )
        self.assertEqual(other.smart_state, "unknown")
        # Nor does the one that is left, once the other has gone.
        self.simulator.print("00-00000003", missing=-1)
        self.look()
        self.assertEqual(invoice.smart_state, "unknown")

    def test_one_print_that_fits_two_documents(self):
        self.confirm()
        first, second = self.unknown(), self.unknown()
        second.smart_document_id.sudo()._engine_write(
            {"request_body": first.smart_document_id.request_body}
        )
        self.simulator.print("00-00000003", missing=-1)
        self.look()
        for invoice in (first, second):
            self.assertEqual(invoice.smart_state, "unknown")
            verdicts = invoice.smart_document_id.sudo().witness_ids.mapped("verdict")
            self.assertIn("ambiguous", verdicts)

    def test_a_print_that_says_the_number_of_a_document_that_is_here(self):
        invoice = self.in_gap()
        self.simulator.print("00-00000002", values={"control_number": "00-00000001"})
        self.assert_in_doubt(invoice, "other")
        self.assertEqual(self.findings(invoice), {"control_number"})

    def test_a_number_that_another_document_gets_meanwhile(self):
        invoice = self.in_gap()
        document = invoice.smart_document_id.sudo()
        decide = type(document)._decide_by_witness
        other = self.confirm(self.make_invoice()).smart_document_id.sudo()

        def late(document, sight):
            other._engine_write({"control_number": sight.control_number})
            other.flush_recordset()
            decide(document, sight)

        with patch.object(type(document), "_decide_by_witness", late):
            self.assert_in_doubt(invoice, "ambiguous")

    def test_an_address_that_is_that_of_another_companys_document(self):
        invoice = self.in_gap()
        other = self.env["smart.document"].sudo().search([("state", "=", "issued")], limit=1)
        lane = other.lane_id.browse(other.lane_id._make(self.company.id, "test"))
        url = other.document_url.replace(other.control_number, "00-00000002")
        other._engine_write(
            {
                "lane_id": lane.id,
                "environment": "test",
                "control_number": "00-00000002",
                "document_url": url,
            }
        )
        other.flush_recordset()
        self.assert_in_doubt(invoice, "ambiguous")

    def test_what_cannot_be_read_or_is_no_pdf(self):
        invoice = self.in_gap()
        for content in ("%PDF-1.4 and nothing else", "<html>404</html>", ""):
            with self.subTest(content):
                self.simulator.print("00-00000002", content=content)
                self.assert_in_doubt(invoice, "unreadable")

    def test_an_address_on_a_foreign_host(self):
        invoice = self.in_gap()
        issued = self.env["smart.document"].sudo().search([("state", "=", "issued")])
        for document in issued:
            url = document.document_url.replace("127.0.0.1", "elsewhere.invalid")
            document._engine_write({"document_url": url})
        self.assert_in_doubt(invoice, "unreadable")
        self.assertFalse(self.latest(invoice).file)

    def test_a_service_that_is_out_of_reach_settles_nothing_and_proves_nothing(self):
        self.confirm()
        invoice = self.unknown()
        self.unknown()
        fetch_pdf = witness_sight.fetch_pdf

        def fetch(url, *args, **kwargs):
            if url.endswith("3"):
                raise FileError(FileProblem.NOT_REACHED)
            return fetch_pdf(url, *args, **kwargs)

        with patch.object(witness_sight, "fetch_pdf", fetch):
            self.look()
        self.assertEqual(invoice.smart_state, "unknown")
        self.assertFalse(invoice.smart_document_id.sudo().witness_ids)
        self.assertGreater(invoice.smart_document_id.sudo().witness_next_at, fields.Datetime.now())

    def test_a_host_that_is_too_slow_for_all_settles_nothing(self):
        invoice = self.in_gap()
        with patch.object(witness_sight, "MOST_SECONDS", -1):
            self.look()
        self.assertEqual(invoice.smart_state, "unknown")
        self.look()
        self.assert_settled(invoice, "00-00000002")

    def test_two_notations_are_read_as_what_they_are(self):
        self.confirm()
        self.simulator.fault("drop_after")
        invoice = self.confirm(self.make_invoice(("exempt", 1234.56)))
        for layout, total in (("dotted", 1.23), ("plain", 123456), ("dotted", 11234.56)):
            with self.subTest(layout, total=total):
                request = {"total": total, "subtotal": 1, "exento": 1, "cuerpofactura": []}
                self.simulator.print("00-00000002", layout=layout, values={"request": request})
                self.assert_in_doubt(invoice, "partial")
        self.simulator.print("00-00000002", layout="dotted")
        self.look()
        self.assert_settled(invoice, "00-00000002")

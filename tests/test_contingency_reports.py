"""What is told of paper: the book, the contingency report, the proposal to go on with paper."""

import io
import json
import zipfile
from datetime import timedelta
from unittest.mock import patch

import openpyxl

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .. import fiscal_archive
from .contingency_common import ContingencyCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestContingencyReports(ContingencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.smart_responsible_id = cls.boss
        cls.today = cls.env["account.move"]._smart_today()

    def outage(self):
        """Have an issued document, and four sheets: two documents, one annulled, one lost."""
        self.issued = self.confirm(self.make_invoice(("general", 1000.0)))
        self.first = self.write_paper(("general", 100.0), ("exempt", 50.0), ("reduced", 10.0))
        self.wrong = self.write_paper()
        self.annul(self.wrong)
        self.explain("00-00000003", state="lost", reason="Extraviada")
        self.note = self.write_paper(
            ("general", 20.0), move_type="out_refund", smart_note_origin_id=self.first.id
        )

    def book(self, **values):
        return self.env["smart.book"].create({"environment": "custom", **values})

    def content(self, book):
        values = self.env["report.l10n_ve_edi_smart.report_smart_book"]._get_report_values(book.ids)
        return values["content"](book)

    # -- the book --------------------------------------------------------------------------

    def test_the_book_has_paper_in_a_part_of_its_own_and_in_its_totals(self):
        self.outage()
        content = self.content(self.book())
        rows = [row for rows in content["paper_tables"] for row in rows]
        self.assertEqual(
            [(row["control_number"], row["total"]) for row in rows],
            [("00-00000001", 176.8), ("00-00000002", 0.0), ("00-00000004", -23.2)],
        )
        self.assertEqual(rows[0]["general_base"], 100)
        self.assertEqual((rows[0]["exempt"], rows[0]["reduced_tax"]), (50, 0.8))
        self.assertIn("Cliente equivocado", rows[1]["note"])
        self.assertEqual([row["line"] for row in rows], [1, 2, 3])
        digital = [row for rows in content["tables"] for row in rows]
        self.assertEqual([row["total"] for row in digital], [1160.0])
        self.assertAlmostEqual(content["paper"]["totals"]["total"], 153.6)
        self.assertAlmostEqual(content["totals"]["total"], 1160.0)
        self.assertAlmostEqual(content["totals_of_all"]["total"], 1313.6)
        self.assertEqual(
            [(row["control_number"], row["reason"]) for row in content["paper"]["unused"]],
            [("00-00000003", "Extraviada")],
        )
        # What is on paper is in ledger and book alike.
        self.assertFalse(content["ledger"]["differences"])
        self.assertAlmostEqual(content["ledger"]["totals"]["general_tax"], 160 + 16 - 3.2)
        self.assertAlmostEqual(content["ledger"]["book"]["general_tax"], 160 + 16 - 3.2)
        only = self.content(self.book(document_type="credit_note"))
        self.assertAlmostEqual(only["totals_of_all"]["total"], -23.2)

    def test_the_book_says_when_ledger_and_paper_part(self):
        invoice = self.write_paper()
        sheet = invoice.smart_sheet_id.sudo()
        sheet._engine_write({"amounts": {**sheet.amounts, "general_tax": 17.0}})
        [found] = self.content(self.book())["ledger"]["differences"]
        self.assertEqual(found["control_number"], "00-00000001")
        self.assertIn("on the paper", found["cause"])
        sheet._engine_write({"issue_date": self.today - timedelta(days=60)})
        [found] = self.content(self.book())["ledger"]["differences"]
        self.assertIn("outside of the period", found["cause"])

    def test_the_book_on_the_screen_and_as_a_workbook(self):
        self.outage()
        book = self.book()
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("l10n_ve_edi_smart.report_smart_book", book.ids)[0]
            .decode()
        )
        self.assertIn("Documents on Numbered Paper (Contingency)", html)
        self.assertIn("Extraviada", html)
        workbook = openpyxl.load_workbook(io.BytesIO(book._workbook()))
        sheet = workbook["Contingency"]
        cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
        self.assertTrue(any("00-00000004" in row for row in cells))
        [totals] = [row for row in cells if "Totals of Both Channels" in row]
        self.assertIn(1313.6, [round(one, 2) for one in totals if isinstance(one, float)])

    def test_a_book_without_paper_says_nothing_of_it(self):
        self.confirm()
        book = self.book()
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("l10n_ve_edi_smart.report_smart_book", book.ids)[0]
            .decode()
        )
        self.assertNotIn("Contingency", html)
        self.assertNotIn("Contingency", openpyxl.load_workbook(io.BytesIO(book._workbook())))

    # -- the contingency report ------------------------------------------------------------

    def report(self, user=None, **values):
        return (
            self.env["smart.contingency"]
            .with_user(user or self.cashier)
            .create({"cause": "la interrupción del servicio eléctrico", **values})
        )

    def told(self, report):
        Report = report.env["report.l10n_ve_edi_smart.report_smart_contingency"]
        return Report._get_report_values(report.ids)["content"](report)

    def test_the_report_lists_the_documents_the_gaps_and_the_letters(self):
        self.outage()
        report = self.report(
            started_at="2026-11-28 13:30:00",
            ended_at="2026-11-29 01:15:00",
            responsible_name="Ana Pérez",
            responsible_number="V-12345678",
        )
        told = self.told(report)
        self.assertEqual(
            [(row["type"], row["control_number"], row["total"]) for row in told["documents"]],
            [
                ("Factura", "00-00000001", 176.8),
                ("Factura", "00-00000002", 0.0),
                ("Nota de crédito", "00-00000004", -23.2),
            ],
        )
        self.assertIn("Anulada: Cliente equivocado", told["documents"][1]["state"])
        self.assertEqual(told["documents"][0]["vat"], "J-30984512-8")
        self.assertEqual((told["count"], round(told["total"], 2)), (2, 153.6))
        self.assertEqual(
            [(row["control_number"], row["state"]) for row in told["unused"]],
            [("00-00000003", "Extraviada")],
        )
        self.assertIn("00-00000001 – 00-00000004", told["pads"][0]["used"])
        seniat, printer = told["letters"]
        self.assertIn("SENIAT", " ".join(seniat["to"]))
        self.assertIn("SMART", " ".join(printer["to"]))
        for letter in (seniat, printer):
            words = " ".join(letter["paragraphs"])
            for said in (
                "Ana Pérez",
                "V-12345678",
                self.company.name,
                "J-41256789-6",
                "28 de noviembre de 2026 a las 09:30",
                "28 de noviembre de 2026 a las 21:15",
                "la interrupción del servicio eléctrico",
                "SNAT/2024/000102",
                "Imprenta La Estrella, C.A.",
                "emitieron 2 documentos",
                "Bs. 153,60",
                "2 corresponden a formatos anulados",
            ):
                self.assertIn(said, words)

    def test_the_report_of_an_outage_that_goes_on_and_of_no_documents(self):
        told = self.told(self.report())
        words = " ".join(told["letters"][0]["paragraphs"])
        self.assertIn("hasta la fecha de esta comunicación", words)
        self.assertIn("no se emitió ningún documento", words)

    def test_a_sheet_that_nobody_explains_any_more_is_named(self):
        self.explain("1")
        self.write_paper()
        self.pad.sheet_ids.filtered(lambda one: not one.move_id).with_user(
            self.boss
        ).action_take_back()
        [row] = self.told(self.report())["unused"]
        self.assertEqual((row["control_number"], row["state"]), ("00-00000001", "Sin explicar"))

    def test_an_auditor_prints_the_report(self):
        self.outage()
        auditor = self.new_user("fiscal", "l10n_ve_edi_smart.group_smart_auditor")
        report = self.report(auditor)
        self.env.invalidate_all()
        self.assertTrue(self.told(report)["documents"])
        self.assertEqual(report.action_pdf()["type"], "ir.actions.report")

    def test_the_report_prints_in_spanish_and_checks_its_dates(self):
        self.outage()
        report = self.report()
        html = (
            report.env["ir.actions.report"]
            ._render_qweb_html("l10n_ve_edi_smart.report_smart_contingency", report.ids)[0]
            .decode()
        )
        for said in ("Reporte de contingencia", "Formatos sin documento", "Atentamente,"):
            self.assertIn(said, html)
        with self.assertRaises(ValidationError):
            self.report(date_from="2026-11-29", date_to="2026-11-01")
        other = self.on_paper.copy({"code": "TA2", "smart_channel": "contingency"})
        self.assertFalse(self.told(self.report(journal_ids=[(6, 0, other.ids)]))["documents"])
        action = report.action_pdf()
        self.assertEqual(action["report_type"], "qweb-pdf")

    def test_what_is_on_paper_is_kept_when_the_addon_goes(self):
        self.outage()
        fiscal_archive.archive(self.env(su=True))
        kept = self.env["ir.attachment"].search(
            [("mimetype", "=", "application/zip"), ("name", "like", self.company.name)],
            order="id desc",
            limit=1,
        )
        with zipfile.ZipFile(io.BytesIO(kept.raw)) as archive:
            rows = json.loads(archive.read("paper.json"))
        self.assertEqual(
            [row["control_number"] for row in rows],
            [f"00-{number:08d}" for number in range(1, 5)],
        )
        self.assertEqual(rows[0]["amounts"]["general_base"], 100)
        self.assertEqual(rows[2]["reason"], "Extraviada")

    # -- a queue that is down --------------------------------------------------------------

    def lane(self):
        return self.env["smart.lane"].search([("issuer_id", "=", self.company.id)])

    def proposals(self):
        kind = self.env.ref("l10n_ve_edi_smart.mail_activity_type_outage")
        return self.lane().activity_ids.filtered(lambda one: one.activity_type_id == kind)

    def try_at(self, moment):
        with patch.object(fields.Datetime, "now", lambda: moment):
            self.lane().sudo()._engine_write({"paused_until": moment})  # the pause is over
            self.send_in_background()

    def test_a_queue_that_is_down_for_long_proposes_paper_once(self):
        self.simulator.fault("refuse", seconds=600)
        now = fields.Datetime.now()
        invoice = self.confirm()
        self.assertTrue(self.lane().down_since)
        self.try_at(now + timedelta(hours=1))
        self.assertFalse(self.proposals())
        self.try_at(now + timedelta(hours=2, minutes=1))
        activity = self.proposals()
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.boss)
        self.assertIn("Talonario", activity.note)
        card = self.company_data["default_journal_sale"]
        with patch.object(fields.Datetime, "now", lambda: now + timedelta(hours=3)):
            data = (card + self.on_paper)._get_journal_dashboard_data_batched()
        self.assertTrue(data[card.id]["smart"]["outage"])
        self.assertEqual(data[self.on_paper.id]["smart_paper"]["next"], "00-00000001")
        activity.with_user(self.boss).action_feedback(feedback="Vamos con papel")
        self.try_at(now + timedelta(hours=4))
        self.assertFalse(self.proposals(), "once per outage")
        self.simulator.control("DELETE", "/faults")
        self.try_at(now + timedelta(hours=5))
        self.assertEqual(invoice.smart_state, "issued")
        self.assertFalse(self.lane().down_since)
        self.simulator.fault("refuse", seconds=600)
        with patch.object(fields.Datetime, "now", lambda: now + timedelta(hours=6)):
            self.confirm()
        self.try_at(now + timedelta(hours=9))
        self.assertEqual(len(self.proposals()), 1, "the next outage")
        self.simulator.control("DELETE", "/faults")
        self.try_at(now + timedelta(hours=10))
        self.assertFalse(self.proposals(), "settled")

    def test_a_blocked_queue_is_down_as_well(self):
        self.simulator.control("PATCH", "/issuers/J-41256789-6", {"lot_to": 1})
        now = fields.Datetime.now()
        self.confirm()
        self.confirm()
        self.assertTrue(self.lane().blocked)
        self.try_at(now + timedelta(hours=3))
        self.assertEqual(len(self.proposals()), 1)

    def test_it_is_told_in_the_persons_language_and_not_where_it_is_switched_off(self):
        self.env["res.lang"]._activate_lang("es_419")
        self.boss.lang = "es_419"
        self.company.smart_outage_hours = 0
        self.simulator.fault("refuse", seconds=600)
        now = fields.Datetime.now()
        self.confirm()
        self.try_at(now + timedelta(hours=30))
        self.assertFalse(self.proposals())
        self.company.smart_outage_hours = 24
        self.try_at(now + timedelta(hours=31))
        self.assertIn("papel", self.proposals().summary)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.company.smart_outage_hours = -1

    def test_nothing_waits_so_nothing_is_proposed(self):
        self.simulator.fault("refuse", seconds=600)
        now = fields.Datetime.now()
        waiting = self.confirm()
        waiting.button_draft()
        self.try_at(now + timedelta(hours=3))
        self.assertFalse(self.proposals())

    def test_an_outage_that_somebody_ended_is_not_the_beginning_of_the_next(self):
        self.simulator.fault("refuse", seconds=600)
        now = fields.Datetime.now()
        self.confirm().button_draft()
        since = self.lane().down_since
        self.lane().sudo()._resume()
        with patch.object(fields.Datetime, "now", lambda: now + timedelta(minutes=10)):
            waiting = self.confirm()
        self.assertEqual(self.lane().down_since, since, "tried again in vain")
        waiting.button_draft()
        self.lane().sudo()._resume()
        with patch.object(fields.Datetime, "now", lambda: now + timedelta(days=9)):
            self.confirm()
            self.assertFalse(self.lane()._outage())
        self.assertEqual(self.lane().down_since, now + timedelta(days=9))

    def test_a_manager_sets_it_in_the_window(self):
        window = self.env["smart.settings.window"].with_user(self.boss).create({})
        with Form(window) as form:
            form.smart_outage_hours = 4.0
        self.assertEqual(self.company.smart_outage_hours, 4.0)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.env["smart.settings.window"].with_user(self.cashier).create({})

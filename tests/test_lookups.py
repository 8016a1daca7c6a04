import io
import json
from datetime import timedelta

from lxml import etree
from openpyxl import load_workbook

from odoo import http
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools.safe_eval import safe_eval

from .test_auditor import AuditorCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestLookups(AuditorCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.first = self.confirm().smart_document_id
        self.second = self.confirm(
            self.make_invoice(("general", 200.0), ("reduced", 50.0), ("exempt", 7.0))
        ).smart_document_id
        self.Document = self.as_auditor(self.env["smart.document"])

    def found(self, *leaf):
        return self.Document.search([leaf])

    def test_a_control_number_is_found_in_any_spelling(self):
        for text in ("1", "001", "00000001", "0000000001", "00-00000001", " 00 00000001 "):
            for operator in ("ilike", "="):
                with self.subTest(text, operator=operator):
                    self.assertEqual(
                        self.found("control_number_lookup", operator, text), self.first
                    )
        for text in ("3", "01-00000001", "0100000001", "11", "0", "x", "1' OR 1=1"):
            with self.subTest(text):
                self.assertFalse(self.found("control_number_lookup", "ilike", text))
        self.assertEqual(
            self.found("control_number_lookup", "in", ["1", "2"]), self.second + self.first
        )

    def test_a_lot_is_told_from_another_when_it_is_typed(self):
        self.second.sudo()._engine_write({"control_number": "01-00000001"})
        self.assertEqual(self.found("control_number_lookup", "=", "1"), self.second + self.first)
        self.assertEqual(self.found("control_number_lookup", "=", "0100000001"), self.second)
        self.assertEqual(self.found("control_number_lookup", "=", "0000000001"), self.first)

    def test_the_look_up_by_number_uses_its_index(self):
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        query = self.Document.sudo()._search([("control_number_lookup", "=", "123")])
        self.env.cr.execute(query.select("id").code, query.select("id").params)
        sql = self.env.cr.mogrify(query.select("id").code, query.select("id").params).decode()
        self.env.cr.execute(f"EXPLAIN {sql}")
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        self.assertIn("control_number_lookup_index", plan)

    def test_a_rif_is_found_in_any_spelling(self):
        for text in ("J-30984512-8", "j309845128", "30984512", "309845", "J 30984512 8"):
            with self.subTest(text):
                self.assertEqual(
                    self.found("customer_vat_lookup", "ilike", text), self.second + self.first
                )
        for text in ("J-30984512-9", "%", "_", "J_30984512"):
            with self.subTest(text):
                self.assertFalse(self.found("customer_vat_lookup", "ilike", text))

    def search_bar(self, field, value):
        """Return what typing ``value`` for a field of the search bar finds."""
        arch = etree.fromstring(self.Document.get_view(view_type="search")["arch"])
        node = arch.find(f"field[@name='{field}']")
        domain = node.get("filter_domain") or f"[({field!r}, '=', self)]"
        return self.Document.search(safe_eval(domain, {"self": value}))

    def test_a_document_is_found_by_its_amount(self):
        self.assertEqual(self.search_bar("amount_total", 293), self.second)
        self.assertEqual(self.search_bar("amount_total", self.first.amount_total), self.first)
        self.assertFalse(self.search_bar("amount_total", 293.01))
        wizard = self.env["account.move.reversal"].create(
            {"move_ids": self.second.move_id.ids, "journal_id": self.second.move_id.journal_id.id}
        )
        wizard.reverse_moves()
        note = self.confirm(wizard.new_move_ids).smart_document_id
        self.assertEqual(note.amount_total_signed, -293)
        self.assertEqual(self.search_bar("amount_total", 293), note + self.second)
        dollars = self.confirm(
            self.make_invoice(("exempt", 3.0), currency_id=self.usd.id)
        ).smart_document_id
        self.assertEqual(self.search_bar("amount_total", 3), dollars)
        self.assertEqual(self.search_bar("amount_total", dollars.amount_total_signed), dollars)

    def test_a_document_is_found_by_its_day_of_issue_in_caracas(self):
        self.first.sudo()._engine_write({"issue_date": self.second.issue_date - timedelta(days=40)})
        self.assertEqual(self.search_bar("issue_date", self.first.issue_date), self.first)
        self.assertEqual(self.search_bar("issue_date", self.second.issue_date), self.second)
        self.assertFalse(self.search_bar("issue_date", self.second.issue_date - timedelta(days=39)))
        arch = etree.fromstring(self.Document.get_view(view_type="search")["arch"])
        self.assertEqual(arch.find("filter[@name='issued_at']").get("date"), "issue_date")

    def test_documents_are_grouped_by_day_type_currency_branch_and_rate(self):
        for groupby in (
            "issue_date:day",
            "document_type",
            "currency_id",
            "branch_code",
            "exchange_rate",
            "state",
        ):
            with self.subTest(groupby):
                rows = self.Document.formatted_read_group(
                    [], [groupby], ["__count", "amount_total_signed:sum"]
                )
                self.assertEqual(sum(row["__count"] for row in rows), 2)
                self.assertAlmostEqual(
                    sum(row["amount_total_signed:sum"] for row in rows),
                    self.first.amount_total + self.second.amount_total,
                )

    def test_the_sales_book_is_exported_without_formulas(self):
        self.first.sudo()._engine_write({"customer_name": "@SUM(1)"})
        formula = '=HYPERLINK("http://evil.example.com")'
        self.second.sudo()._engine_write({"customer_name": formula})
        preset = self.as_auditor(self.env.ref("l10n_ve_edi_smart.export_sales_book"))
        names = preset.export_fields.mapped("name")
        info = self.Document.fields_get()
        for name in names:
            self.assertIn(name.split("/")[0], info)
        self.authenticate("smart_auditor", "smart_auditor")
        answer = self._export("xlsx", names)
        rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
        column = names.index("customer_name")
        self.assertEqual(
            [row[column] for row in rows[1:]],
            ['\'=HYPERLINK("http://evil.example.com")', "'@SUM(1)"],
        )
        number = names.index("control_number")
        self.assertEqual([row[number] for row in rows[1:]], ["00-00000002", "00-00000001"])
        self.assertNotRegex(self._export("csv", names).text, r'"[=@]')

    def _export(self, kind, names):
        request = json.dumps(
            {
                "model": "smart.document",
                "fields": [{"name": name, "label": name, "type": "char"} for name in names],
                "ids": False,
                "domain": [],
                "import_compat": False,
                "context": {"allowed_company_ids": self.company.ids},
            }
        )
        answer = self.url_open(
            f"/web/export/{kind}",
            data={"data": request, "csrf_token": http.Request.csrf_token(self)},
        )
        answer.raise_for_status()
        return answer

    def test_who_may_not_read_documents_exports_none(self):
        employee = self.make_auditor("employee", self.company, "base.group_user")
        with self.assertRaises(UserError):
            self.env["smart.document"].with_user(employee).export_data(["name"])

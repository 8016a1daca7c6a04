"""What customers typed is no formula in an exported workbook; other apps' exports are theirs."""

import io
import json

from openpyxl import load_workbook

from odoo import http
from odoo.tests import HttpCase, tagged

FORMULA = "=1+1"


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestSpreadsheet(HttpCase):
    def form(self, data):
        return {"data": json.dumps(data), "csrf_token": http.Request.csrf_token(self)}

    def cells(self, response):
        sheet = load_workbook(io.BytesIO(response.content)).active
        return {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value}

    def pivot(self, model):
        self.authenticate("admin", "admin")
        data = {
            "title": "Pivot",
            "model": model,
            "measure_count": 1,
            "origin_count": 1,
            "col_group_headers": [[{"title": "", "width": 1, "height": 1}]],
            "measure_headers": [{"title": "Count", "width": 1, "height": 1, "is_bold": False}],
            "origin_headers": [],
            "rows": [{"title": FORMULA, "indent": 0, "values": [{"value": 1}]}],
        }
        response = self.url_open("/web/pivot/export_xlsx", data=self.form(data))
        response.raise_for_status()
        return self.cells(response)

    def grouped(self, model, field):
        self.authenticate("admin", "admin")
        data = {
            "model": model,
            "fields": [{"name": field, "label": field, "type": "char"}],
            "ids": False,
            "domain": [(field, "=", FORMULA)],
            "groupby": [field],
            "import_compat": False,
            "context": {},
        }
        response = self.url_open("/web/export/xlsx", data=self.form(data))
        response.raise_for_status()
        return self.cells(response)

    def test_a_pivot_of_fiscal_documents_has_no_formula(self):
        cells = self.pivot("smart.document")
        self.assertIn("'" + FORMULA, cells)
        self.assertNotIn(FORMULA, cells)

    def test_a_pivot_of_another_app_is_left_alone(self):
        cells = self.pivot("res.partner")
        self.assertIn(FORMULA, cells)
        self.assertNotIn("'" + FORMULA, cells)

    def test_a_grouped_export_of_another_app_is_left_alone(self):
        self.env["res.partner"].create({"name": "x", "ref": FORMULA})
        cells = self.grouped("res.partner", "ref")
        self.assertTrue(any(cell.startswith(FORMULA) for cell in cells), cells)

    def test_a_grouped_export_of_fiscal_documents_has_no_formula(self):
        company = self.env.company
        lane = self.env["smart.lane"].sudo()._of_issuer(company, "test")
        self.env["smart.document"].sudo()._engine_create(
            [
                {
                    "company_id": company.id,
                    "issuer_id": company.id,
                    "environment": "test",
                    "lane_id": lane.id,
                    "document_type": "invoice",
                    "customer_name": FORMULA,
                }
            ]
        )
        cells = self.grouped("smart.document", "customer_name")
        self.assertTrue(cells)
        self.assertFalse([cell for cell in cells if cell.startswith("=")], cells)

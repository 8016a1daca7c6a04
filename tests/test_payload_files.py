"""Whole requests, compared with files that were checked by hand.

``SMART_WRITE_PAYLOADS=1`` writes them anew; then read the difference before it is committed.
"""

import json
import os
from datetime import date
from pathlib import Path

from odoo import Command
from odoo.tests import tagged

from .common import SmartCommon
from .payload_cases import CASES, invoice, one

FOLDER = Path(__file__).parent / "data" / "payloads"


class PayloadCase(SmartCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["decimal.precision"].search([("name", "=", "Product Unit")]).digits = 6
        cls.eur = cls.env.ref("base.EUR")
        cls.eur.active = True
        cls.add_euros()
        account = cls.env["account.account"].create(
            {"name": "IGTF por pagar", "code": "2172099", "account_type": "liability_current"}
        )
        cls.company.write({"smart_igtf_account_id": account.id, "smart_collects_igtf": True})

    @classmethod
    def add_euros(cls):
        cls.env["res.currency.rate"].create(
            {
                "currency_id": cls.eur.id,
                "company_id": cls.company.id,
                "name": "2020-01-01",
                "inverse_company_rate": 44.1234,
            }
        )

    def add_igtf(self, move, paid=None):
        wizard = self.env["smart.igtf"].create({"move_id": move.id})
        if paid:
            wizard.amount_paid = paid
        wizard.action_apply()

    def compare(self, name, move):
        if move.state == "draft":
            move.action_post()
            body = move.smart_document_id.request_body
        else:
            [conversion] = self.env["smart.payload"]._convert(move)
            body = conversion.request.to_json()
        found = json.loads(body)
        if "fechavence" in found:
            due = date.fromisoformat(found["fechavence"])
            found["fechavence"] = f"{(due - move.invoice_date).days} days later"
        path = FOLDER / f"{name}.json"
        if os.environ.get("SMART_WRITE_PAYLOADS"):
            text = json.dumps(found, ensure_ascii=False, indent=1)
            path.write_text(text + "\n", encoding="utf-8")
        self.maxDiff = None
        self.assertEqual(found, json.loads(path.read_text("utf-8")))
        if name != "paid_in_two_ways":
            self.commit()
            self.send_in_background()
            self.assertEqual(move.smart_state, "issued", move.smart_last_error)


def sentence(name, function):
    def test(self):
        self.compare(name, function(self))

    return test


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestPayloadFiles(PayloadCase):
    for _name, _function in CASES.items():
        locals()[f"test_{_name}"] = sentence(_name, _function)

    def test_there_is_no_file_without_a_case(self):
        names = {path.stem for path in FOLDER.glob("*.json")}
        self.assertEqual({name for name in names if not name.startswith("dollar_")}, set(CASES))


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestPayloadFilesOfACompanyInDollars(PayloadCase):
    @classmethod
    def add_euros(cls):
        cls.env["res.currency.rate"].search([("company_id", "=", cls.company.id)]).unlink()
        cls.company.currency_id = cls.usd
        for currency, rate in ((cls.bolivar, 40.5647), (cls.eur, 0.91)):
            cls.env["res.currency.rate"].create(
                {
                    "currency_id": currency.id,
                    "company_id": cls.company.id,
                    "name": "2020-01-01",
                    "company_rate": rate,
                }
            )

    def test_an_invoice_in_the_companys_dollars(self):
        self.compare("dollar_company_in_dollars", invoice(self, one(self), currency_id=self.usd.id))

    def test_an_invoice_in_bolivares(self):
        self.compare("dollar_company_in_bolivares", invoice(self, one(self)))

    def test_an_invoice_in_euros(self):
        self.compare("dollar_company_in_euros", invoice(self, one(self), currency_id=self.eur.id))

    def test_a_half_cent_in_bolivares_is_none_in_dollars(self):
        line = {"name": "Reloj", "price_unit": 0.5, "quantity": 1}
        line["tax_ids"] = [Command.set(self.taxes["luxury"].ids)]
        move = self.make_invoice(invoice_line_ids=[Command.create(line)])
        self.compare("dollar_company_half_cent", move)
        self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0)

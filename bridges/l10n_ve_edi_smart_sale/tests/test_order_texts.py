import json
from datetime import datetime

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from odoo.addons.l10n_ve_edi_smart.tests.common import SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestOrderTexts(SmartCommon):
    """What people write on products, terms and orders reads right on the document."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.prices = {
            currency: cls.env["product.pricelist"].create(
                {"name": currency.name, "currency_id": currency.id, "company_id": cls.company.id}
            )
            for currency in cls.bolivar + cls.usd
        }

    def sold(self, name, kind="general", **values):
        return self.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "invoice_policy": "order",
                "taxes_id": [Command.set(self.taxes[kind].ids)],
                **values,
            }
        )

    def invoice(self, *lines, currency=None, **values):
        """Return the draft that *Create Invoice* makes of an order.

        :param lines: (product, price), or with values as a third
        """
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "pricelist_id": self.prices[currency or self.bolivar].id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "price_unit": price,
                            **(more[0] if more else {}),
                        }
                    )
                    for product, price, *more in lines
                ],
                **values,
            }
        )
        order.action_confirm()
        return order._create_invoices()

    def issue(self, move):
        move.action_post()
        self.commit()
        self.assertEqual(move.smart_state, "issued", move.smart_last_error)
        return self.simulator.documents("")[-1]["request"]

    def test_texts_that_the_paper_would_cut_or_garble(self):
        self.customer.street = "Calle $' con <Norte> a|b"
        self.company.write({"terms_type": "plain"})
        move = self.invoice(
            (self.sold("Cable <2 mm> & Co."), 10.0),
            (self.sold("Tubo 1//2"), 10.0),
            note="<p>Terms &amp; Conditions: https://example.com/terms</p>",
        )
        sent = self.issue(move)
        self.assertEqual(sent["observacion"], "Terms & Conditions: example.com/terms")
        self.assertEqual(
            [line["descripcion"] for line in sent["cuerpofactura"]],
            ["Cable ‹2 mm› & Co.", "Tubo 1/ /2"],
        )
        self.assertIn("Calle $ ' con ‹Norte› a¦b", sent["direccioncliente"])

    def test_a_free_line_with_a_tax_that_smart_does_not_know(self):
        tax = self.taxes["general"].copy({"name": "9 %", "amount": 9})
        gift = {"tax_ids": [Command.set(tax.ids)]}
        move = self.invoice((self.sold("Silla"), 100.0), (self.sold("Regalo"), 0.0, gift))
        lines = self.issue(move)["cuerpofactura"]
        said = [(line["monto"], line["exento"]) for line in lines]
        self.assertEqual(said, [(100, False), (0, True)])

    def test_an_order_in_dollars_keeps_the_rate_of_its_day(self):
        self.env["res.currency.rate"].create(
            [
                {
                    "currency_id": self.usd.id,
                    "company_id": self.company.id,
                    "name": day,
                    "inverse_company_rate": rate,
                }
                for day, rate in (("2027-01-31", 300.0), ("2027-02-01", 310.0))
            ]
        )
        evening, next_day = datetime(2027, 2, 1, 3, 30), datetime(2027, 2, 1, 14)
        for zone in ("America/Caracas", False):
            for confirmed, day, rate in (
                (evening, "2027-01-31", 300),
                (next_day, "2027-02-01", 310),
            ):
                with self.subTest(zone=zone, day=day):
                    self.env.user.tz = zone
                    with freeze_time(evening):  # 23:30 in Caracas
                        move = self.draft_in_dollars(evening)
                    with freeze_time(confirmed):
                        move.action_post()
                    sent = json.loads(move.smart_document_id.request_body)
                    self.assertEqual((sent["tipomoneda"], sent["tasacambio"]), (2, rate))
                    self.assertEqual(str(move.invoice_date), day)
                    self.assertEqual(move.amount_total_signed, 116 * rate)

    def draft_in_dollars(self, made):
        move = self.invoice((self.sold("Silla"), 100.0), currency=self.usd)
        self.env.flush_all()
        # The clock of the database is not the one that tests set.
        self.env.cr.execute(
            "UPDATE account_move SET create_date = %s WHERE id = %s", [made, move.id]
        )
        self.env.invalidate_all()
        return move

    def test_a_rate_that_somebody_has_set_on_an_order_s_invoice_stays(self):
        move = self.invoice((self.sold("Silla"), 100.0), currency=self.usd)
        move.invoice_currency_rate = 1 / 50.25
        self.assertFalse(move.invoice_date)
        self.assertEqual(self.issue(move)["tasacambio"], 50.25)

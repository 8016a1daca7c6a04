"""Random documents: each is named by the pre-flight, or SMART takes it and the books agree.

The documents are Odoo's own, posted for real; the simulator, which shares no code with the
addon, judges them by the manual and by what was observed of the service.
"""

import os
from collections import Counter
from decimal import Decimal

import requests
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo import Command, fields
from odoo.tests import tagged

from ..smart_api.schemas import IssueRequest
from .common import SmartCommon

EXAMPLES = int(os.environ.get("SMART_PROPERTY_EXAMPLES", "84"))
BATCH = 20

TEXTS = [
    "Servicio de instalación",
    "Línea con\ntabuladores\ty saltos",
    "Caracteres \u0007 de \u200b control \u202e y \ue000 privados",
    "palabra " * 60,
    "x" * 300,
    "ñandú 🦤 «café» & <b>html</b> | barra",
    "\u00a0",
]
#: Kinds of lines that SMART knows, by the name of the tax in `setUpClass`.
GOOD_TAXES = [
    *("general", "reduced", "luxury", "exempt", None),
    *("general_included", "reduced_included", "luxury_included", "group_16", "group_31"),
]
BAD_TAXES = ["nine", "withholding", "fixed"]
GOOD_CUSTOMERS = ["company", "person", "foreigner", "branch contact", "two addresses"]
BAD_CUSTOMERS = ["wrong rif", "no phone", "bad mail"]


def money(places, largest=10**5):
    return st.integers(1, largest * 10**places).map(lambda n: n / 10**places)


def mostly(good, bad):
    """Draw from ``good`` nine times in ten."""
    return st.integers(0, 29).flatmap(lambda n: st.sampled_from(bad if n == 13 else good))


PRICES = st.one_of(
    *(money(places) for places in (0, 2, 2, 3, 4)),
    *(money(places, 100) for places in (2, 6)),
    st.sampled_from([0.0, 0.5, 100.5, 0.005, 0.01, 31.5, 1.005]),
)
QUANTITIES = st.one_of(
    st.just(1.0),
    st.integers(1, 500).map(float),
    st.integers(1, 99999).map(lambda n: n / 1000),
    st.sampled_from([0.333333, 2.5, 12.000001]),
)
LINES = st.fixed_dictionaries(
    {
        "tax": mostly(GOOD_TAXES, BAD_TAXES),
        "price": PRICES,
        "quantity": QUANTITIES,
        "discount": st.sampled_from([0, 0, 0, 0, 5, 10, 12.5, 33.33, 99.99, 100]),
        "product": st.sampled_from([None, "coded", "plain", "section"]),
        "text": st.sampled_from([0, 0, 0, *range(len(TEXTS))]),
        "note": st.sampled_from(["", "", "", "Una nota", "larga " * 40]),
        # A negative line that reduces the others, or goods that come back.
        "less": st.sampled_from(["", "", "", "", "", "discount", "return"]),
    }
)
DOCUMENTS = st.fixed_dictionaries(
    {
        "type": st.sampled_from(
            ["invoice"] * 4 + ["credit", "debit", "former credit", "former debit"]
        ),
        "currency": mostly(["VES", "VES", "USD", "EUR"], ["COP"]),
        "rate": st.sampled_from([None, None, 41.25, 36.5001, 0.8765]),
        "customer": mostly(GOOD_CUSTOMERS, BAD_CUSTOMERS),
        "term": st.sampled_from([None, "immediate", "halves"]),
        "rounding": mostly([False], [True]),
        "igtf": st.sampled_from([0, 0, 0, 1, 0.5]),
        "lines": st.lists(LINES, min_size=1, max_size=5),
    }
)


class PropertyCase(SmartCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["decimal.precision"].search([("name", "=", "Product Unit")]).digits = 6
        cls.currencies = {
            code: cls.env.ref(f"base.{code}") for code in ("VES", "USD", "EUR", "COP")
        }
        for currency in cls.currencies.values():
            currency.active = True
        cls.add_rates()
        cls.add_taxes()
        cls.add_customers()
        cls.products = {
            None: cls.env["product.product"],
            "coded": cls.env["product.product"].create({"name": "Gorra", "default_code": "G-1"}),
            "plain": cls.env["product.product"].create({"name": "Franela"}),
        }
        cls.products["section"] = cls.products["plain"]
        cls.terms = {
            None: cls.env["account.payment.term"],
            "immediate": cls.env.ref("account.account_payment_term_immediate"),
            "halves": cls.env["account.payment.term"].create(
                {
                    "name": "Mitad ahora y mitad a los treinta días",
                    "line_ids": [
                        Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
                        for days in (0, 30)
                    ],
                }
            ),
        }
        cls.rounding = cls.env["account.cash.rounding"].create(
            {
                "name": "A la décima",
                "rounding": 0.1,
                "strategy": "add_invoice_line",
                "profit_account_id": cls.company_data["default_account_revenue"].id,
                "loss_account_id": cls.company_data["default_account_expense"].id,
            }
        )
        igtf_account = cls.env["account.account"].create(
            {"name": "IGTF por pagar", "code": "2172099", "account_type": "liability_current"}
        )
        cls.company.write({"smart_igtf_account_id": igtf_account.id, "smart_collects_igtf": True})

    @classmethod
    def add_rates(cls):
        Rate = cls.env["res.currency.rate"]
        for code, rate in (("EUR", 44.1234), ("COP", 0.0101)):
            values = {"currency_id": cls.currencies[code].id, "inverse_company_rate": rate}
            Rate.create({**values, "company_id": cls.company.id, "name": "2020-01-01"})

    @classmethod
    def add_taxes(cls):
        Tax = cls.env["account.tax"]
        for kind in ("general", "reduced", "luxury"):
            tax = cls.taxes[kind].copy({"name": f"{kind} included"})
            tax.price_include_override = "tax_included"
            cls.taxes[f"{kind}_included"] = tax
        extra = cls.taxes["general"].copy({"name": "15%", "amount": 15})
        for name, children in (
            ("group_16", cls.taxes["general"].copy({"name": "child 16"})),
            ("group_31", cls.taxes["general"].copy({"name": "child of 31"}) + extra),
        ):
            cls.taxes[name] = Tax.create(
                {
                    "name": name,
                    "amount_type": "group",
                    "type_tax_use": "sale",
                    "children_tax_ids": [Command.set(children.ids)],
                }
            )
        for name, amount, kind in (
            ("nine", 9, "percent"),
            ("withholding", -12, "percent"),
            ("fixed", 1.5, "fixed"),
        ):
            cls.taxes[name] = Tax.create(
                {"name": name, "amount": amount, "amount_type": kind, "type_tax_use": "sale"}
            )

    @classmethod
    def add_customers(cls):
        cedula = cls.env.ref("l10n_ve_edi_smart.it_ve_cedula")
        passport = cls.env.ref("l10n_latam_base.it_pass")
        kind = "l10n_latam_identification_type_id"

        def customer(**values):
            return cls.customer.with_context(no_vat_validation=True).copy(values)

        cls.customers = {
            "company": cls.customer,
            "person": customer(**{"vat": "V-9876543", kind: cedula.id, "name": "José Pérez"}),
            "foreigner": customer(
                **{
                    "vat": "C01X00T47",
                    kind: passport.id,
                    "country_id": cls.env.ref("base.de").id,
                    "phone": "030 901820",
                }
            ),
            "branch contact": cls.env["res.partner"].create(
                {
                    "parent_id": cls.customer.id,
                    "type": "invoice",
                    "city": "Valencia",
                    "name": "Caja",
                }
            ),
            "two addresses": customer(
                vat="J-00041312-6", email="a@example.com, B <b@example.com>"
            ),
            "wrong rif": customer(vat="J-30984512-1"),
            "no phone": customer(phone=False),
            "bad mail": customer(email="nonsense"),
        }

    # -- documents ---------------------------------------------------------------------------

    def line_values(self, spec):
        sign = -1 if spec["less"] else 1
        price, quantity = spec["price"], spec["quantity"]
        if spec["less"] == "discount":
            price, quantity = round(price / 50, 4), 1.0
        values = {
            "product_id": self.products[spec["product"]].id,
            "name": TEXTS[spec["text"]],
            "price_unit": price * (sign if spec["less"] == "discount" else 1),
            "quantity": quantity * (sign if spec["less"] == "return" else 1),
            "discount": spec["discount"],
            "tax_ids": [Command.set(self.taxes[spec["tax"]].ids if spec["tax"] else [])],
        }
        if spec["product"] == "section":
            yield {"display_type": "line_section", "name": "Sección"}
        if spec["less"] == "return":  # what comes back was sold on the same document
            yield {**values, "quantity": spec["quantity"] + 2}
        yield values
        if spec["note"]:
            yield {"display_type": "line_note", "name": spec["note"]}

    def values(self, spec):
        currency = self.currencies[spec["currency"]]
        values = {
            "move_type": "out_refund" if "credit" in spec["type"] else "out_invoice",
            "partner_id": self.customers[spec["customer"]].id,
            "currency_id": currency.id,
            "invoice_date": fields.Date.today(),
            "invoice_payment_term_id": self.terms[spec["term"]].id,
            "invoice_cash_rounding_id": spec["rounding"] and self.rounding.id,
            "invoice_line_ids": [
                Command.create({"sequence": 10 * number, **line})
                for number, line in enumerate(
                    (values for one in spec["lines"] for values in self.line_values(one)), start=1
                )
            ],
        }
        if spec["rate"] and currency != self.company.currency_id:
            values["invoice_currency_rate"] = 1 / spec["rate"]
        if spec["type"].startswith("former"):
            values |= {"smart_former_number": "00-0012345", "smart_note_reason": "Error"}
        elif spec["type"] != "invoice":
            customer = self.customers[spec["customer"]].commercial_partner_id
            values["smart_note_origin_id"] = self.origins[customer].id
        return values

    def drafts(self, specs):
        moves = self.env["account.move"].create([self.values(spec) for spec in specs])
        for move, spec in zip(moves, specs, strict=True):
            if spec["igtf"] and move.amount_total > 1 and spec["currency"] != "COP":
                wizard = self.env["smart.igtf"].create({"move_id": move.id})
                wizard.amount_paid = round(wizard.amount_paid * spec["igtf"], 2)
                wizard.action_apply()
        return moves

    def is_expected_to_be_taken(self, move, spec):
        """Tell by the document's own words, without the addon's, that nothing is wrong."""
        bad = (
            spec["customer"] in BAD_CUSTOMERS
            or spec["currency"] == "COP"
            or spec["rounding"]
            or any(line["tax"] in BAD_TAXES for line in spec["lines"])
        )
        sums = Counter()
        for line in move.invoice_line_ids:
            if line.display_type == "product" and line.product_id.default_code != "IGTF":
                rate = sum(line.tax_ids.flatten_taxes_hierarchy().mapped("amount"))
                sums[rate] -= line.amount_currency * -move.direction_sign
        return not bad and all(amount > -0.001 for amount in sums.values()) and any(
            amount > 0.001 for amount in sums.values()
        )

    # -- judgement ---------------------------------------------------------------------------

    def judge(self, specs):
        moves = self.drafts(specs)
        self.env.flush_all()
        checked = self.env["smart.payload"]._check(moves)
        taken = self.env["account.move"]
        for conversion, spec in zip(checked, specs, strict=True):
            move = conversion.owner
            self.seen["checked"] += 1
            if conversion.errors:
                self.seen["named"] += 1
                words = [problem.sentence(move) for problem in conversion.errors]
                if self.is_expected_to_be_taken(move, spec):
                    self.failures.append(f"refused without reason: {words}\n{spec}")
            else:
                self.seen[spec["type"]] += 1
                self.seen[spec["currency"]] += 1
                taken += move
        taken.action_post()
        by_move = dict(zip(moves, specs, strict=True))
        for move in taken:
            spec = by_move[move]
            try:
                self.compare(move, self.send(move))
            except AssertionError as error:
                self.failures.append(f"{error}\n{spec}\n{move.smart_document_id.request_body}")
        self.env.cr.postcommit.clear()

    def send(self, move):
        document = move.smart_document_id
        self.number += 1
        request = IssueRequest.from_json(document.request_body).completed(
            f"{self.number:08d}", document.related_document_id.control_number or ""
        )
        response = self.session.post(
            f"{self.simulator.url}/facturacion",
            data=request.to_json().encode(),
            headers={
                "Authorization": f"Bearer {self.simulator.token}",
                "Content-Type": "application/json",
            },
            timeout=10,
        )
        answer = response.json()
        if response.status_code != 200 or not answer["success"]:
            self.fail(f"accepted here, refused there: {answer}")
        self.seen["taken"] += 1
        return request.to_wire()

    def compare(self, move, wire):
        def amount(value):
            return Decimal(str(value)).quantize(Decimal("0.01"))

        def ledger(items):
            return amount(round(move.direction_sign * sum(items.mapped("amount_currency")), 2))

        taxes = move.line_ids.filtered(lambda line: line.display_type == "tax")
        lines = move.line_ids.filtered(lambda line: line.display_type == "product")
        igtf = lines.filtered(lambda line: line.product_id.default_code == "IGTF")
        keys = {"16": "impuestog", "8": "impuestor", "31": "impuestoa"}
        told = {key: amount(wire.get(key, 0)) for key in keys.values()}
        booked = dict.fromkeys(keys.values(), amount(0))
        for line in taxes:
            tax = line.group_tax_id or line.tax_line_id
            rate = sum(tax.flatten_taxes_hierarchy().mapped("amount"))
            booked[keys[f"{rate:g}"]] += ledger(line)
        self.assertEqual(told, booked)
        self.assertEqual(amount(wire["total"]), amount(move.amount_total))
        self.assertEqual(amount(wire["subtotal"]), ledger(lines - igtf))
        self.assertEqual(amount(wire["impuestoigtf"]), ledger(igtf))
        owed = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.assertEqual(-ledger(owed), amount(wire["total"]))
        self.assertAlmostEqual(sum(move.line_ids.mapped("balance")), 0, places=6)
        body = wire["cuerpofactura"]
        self.assertEqual(
            sum((amount(line["monto"]) for line in body), amount(0)), amount(wire["subtotal"])
        )
        self.assertEqual(
            sum((amount(line["impuesto"]) for line in body), amount(0)), sum(told.values())
        )
        sums = Counter()
        for line in body:
            sums[line["tasa"]] += amount(line["monto"])
        for rate, key in ((16, "baseg"), (8, "baser"), (31, "basea"), (0, "exento")):
            self.assertEqual(amount(sums[rate]), amount(wire.get(key, 0)), key)

    def run_random_documents(self, examples):
        self.connect(enforce_numbering=False)
        self.session = requests.Session()
        self.seen, self.number, self.origins, self.failures = Counter(), 1000, {}, []
        for name, customer in self.customers.items():
            customer = customer.commercial_partner_id
            if name not in BAD_CUSTOMERS and customer not in self.origins:
                self.origins[customer] = self.confirm(self.make_invoice(partner_id=customer.id))
        for name in BAD_CUSTOMERS:
            self.origins[self.customers[name]] = self.env["account.move"]

        @settings(
            max_examples=examples,
            derandomize=True,
            database=None,
            deadline=None,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        )
        @given(st.lists(DOCUMENTS, min_size=BATCH, max_size=BATCH))
        def judge(specs):
            savepoint = self.env.cr.savepoint()
            try:
                self.judge(specs)
            finally:
                savepoint.close(rollback=True)
                self.env.cr.postcommit.clear()

        judge()
        print(f"\nrandom documents: {dict(self.seen)}")
        self.assertFalse(self.failures, "\n\n".join(map(str, self.failures[:5])))
        self.assertGreaterEqual(self.seen["checked"], examples * BATCH)
        self.assertGreater(self.seen["taken"], self.seen["checked"] / 3)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestRandomDocuments(PropertyCase):
    def test_what_the_preflight_takes_smart_takes_and_the_books_agree(self):
        self.run_random_documents(EXAMPLES)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestRandomDocumentsOfACompanyInDollars(PropertyCase):
    @classmethod
    def add_rates(cls):
        cls.env["res.currency.rate"].search([("company_id", "=", cls.company.id)]).unlink()
        cls.company.currency_id = cls.usd
        Rate = cls.env["res.currency.rate"]
        for code, rate in (("VES", 40.5647), ("EUR", 0.91), ("COP", 4100.5)):
            values = {"currency_id": cls.currencies[code].id, "company_rate": rate}
            Rate.create({**values, "company_id": cls.company.id, "name": "2020-01-01"})

    def test_what_the_preflight_takes_smart_takes_and_the_books_agree(self):
        self.run_random_documents(EXAMPLES // 4)

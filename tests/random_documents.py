"""Documents drawn at random, with everything that a Venezuelan company puts on them."""

from collections import Counter

from hypothesis import strategies as st

from odoo import Command

from .common import SmartCommon

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
    *("general", "reduced", "luxury", "exempt", "exempt"),
    *("general_included", "reduced_included", "luxury_included", "group_16", "group_31"),
]
BAD_TAXES = [None, "nine", "withholding", "fixed"]
GOOD_CUSTOMERS = ["company", "person", "foreigner", "branch contact", "two addresses", "walk-in"]
GOOD_CUSTOMERS += ["one bad mail"]
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
        "rounding": st.sampled_from([None, None, None, "add_invoice_line", "biggest_tax"]),
        "igtf": st.sampled_from([0, 0, 0, 1, 0.5]),
        # Its products bring taxes, which the fiscal position maps.
        "position": st.sampled_from([None, None, None, "reduced", "exempt"]),
        "journal": mostly(["main", "main", "branch"], ["endless branch"]),
        "terms": st.sampled_from(
            ["", "<p>Pago <b>puntual</b></p><ul><li>Gracias</li></ul>", "a " * 300]
        ),
        "lines": st.lists(LINES, min_size=1, max_size=5),
    }
)


class RandomDocuments(SmartCommon):
    """Makes the drafts that are drawn, and knows which of them nothing is wrong with."""

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
        cls.products["coded"].taxes_id = cls.taxes["general"]
        cls.add_positions()
        cls.add_journals()
        cls.company.write(
            {
                "smart_walk_in_address": "Caracas",
                "smart_walk_in_email": "caja@example.com",
                "smart_send_mail": True,
            }
        )
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
        cls.roundings = {
            strategy: cls.env["account.cash.rounding"].create(
                {
                    "name": "A la décima",
                    "rounding": 0.1,
                    "strategy": strategy,
                    "profit_account_id": cls.company_data["default_account_revenue"].id,
                    "loss_account_id": cls.company_data["default_account_expense"].id,
                }
            )
            for strategy in ("add_invoice_line", "biggest_tax")
        }
        igtf_account = cls.env["account.account"].create(
            {"name": "IGTF por pagar", "code": "2172099", "account_type": "liability_current"}
        )
        cls.company.write({"smart_igtf_account_id": igtf_account.id, "smart_collects_igtf": True})

    @classmethod
    def add_positions(cls):
        cls.positions = {None: cls.env["account.fiscal.position"]}
        for kind in ("reduced", "exempt"):
            position = cls.env["account.fiscal.position"].create({"name": f"Zona {kind}"})
            cls.taxes[kind].copy({"name": f"{kind} de la zona"}).write(
                {
                    "fiscal_position_ids": [Command.set(position.ids)],
                    "original_tax_ids": [Command.set(cls.taxes["general"].ids)],
                }
            )
            cls.positions[kind] = position

    @classmethod
    def add_journals(cls):
        main = cls.company_data["default_journal_sale"]
        account = main.default_account_id.id
        cls.journals = {
            "main": main,
            "branch": main.copy({"name": "Valencia", "code": "VAL", "default_account_id": account}),
            "endless branch": main.copy(
                {"name": "Maracaibo", "code": "MAR", "default_account_id": account}
            ),
        }
        cls.journals["branch"].smart_branch_code = "VAL-1"
        cls.journals["endless branch"].smart_branch_code = "MARACAIBO-NORTE"
        cls.journals["branch"].smart_branch_address = "Av. Bolívar, Valencia"

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
        passport = cls.env.ref("l10n_ve_edi_smart.it_ve_passport")
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
            "two addresses": customer(vat="J-00041312-6", email="a@example.com, B <b@example.com>"),
            "wrong rif": customer(vat="J-30984512-1"),
            "no phone": customer(phone=False),
            "walk-in": customer(
                **{"vat": "V-1234567", kind: cedula.id, "street": False, "city": False},
                email=False,
            ),
            "bad mail": customer(email="nonsense"),
            "one bad mail": customer(email="a@example.com, nobody@"),
        }

    # -- documents ---------------------------------------------------------------------------

    def line_values(self, spec, position):
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
        if spec["product"] == "coded" and position:
            del values["tax_ids"]
        if spec["product"] == "section":
            yield {"display_type": "line_section", "name": "Sección"}
        if spec["less"] == "return":  # what comes back was sold on the same document
            yield {**values, "quantity": spec["quantity"] + 2}
        yield values
        if spec["note"]:
            yield {"display_type": "line_note", "name": spec["note"]}

    def values(self, spec):
        currency = self.currencies[spec["currency"]]
        lines = [
            values for one in spec["lines"] for values in self.line_values(one, spec["position"])
        ]
        values = {
            "move_type": "out_refund" if "credit" in spec["type"] else "out_invoice",
            "partner_id": self.customers[spec["customer"]].id,
            "currency_id": currency.id,
            "invoice_date": self.env["account.move"]._smart_today(),
            "journal_id": self.journals[spec["journal"]].id,
            "fiscal_position_id": self.positions[spec["position"]].id,
            "narration": spec["terms"],
            "invoice_payment_term_id": self.terms[spec["term"]].id,
            "invoice_cash_rounding_id": spec["rounding"] and self.roundings[spec["rounding"]].id,
            "invoice_line_ids": [
                Command.create({"sequence": 10 * number, **line})
                for number, line in enumerate(lines, start=1)
            ],
        }
        if spec["rate"] and currency != self.company.currency_id:
            values["invoice_currency_rate"] = 1 / spec["rate"]
        if spec["type"].startswith("former"):
            values |= {
                "smart_former_number": "00-0012345",
                "smart_former_date": "2024-03-15",
                "smart_former_amount": 1e12,
                "smart_note_reason": "Error",
            }
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
            # a tenth of nearly nothing is nothing
            or (spec["rounding"] and move.amount_total < 1)
            or spec["journal"] == "endless branch"
            or any(
                line["tax"] in BAD_TAXES
                for line in spec["lines"]
                if not (spec["position"] and line["product"] == "coded")
            )
        )
        sums = Counter()
        for line in move.invoice_line_ids:
            if line.display_type == "product" and line.product_id.default_code != "IGTF":
                rate = sum(line.tax_ids.flatten_taxes_hierarchy().mapped("amount"))
                sums[rate] -= line.amount_currency * -move.direction_sign
        return (
            not bad
            and all(amount > -0.001 for amount in sums.values())
            and any(amount > 0.001 for amount in sums.values())
        )

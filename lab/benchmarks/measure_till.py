# ruff: noqa: F821 - the names that the tools bring
"""An order that is paid and invoiced at a till, beside a shop of Odoo without the addon.

The whole request, as the cashier waits for it; SMART is down. Odoo prints the invoice in it, the
addon prints none that is not legal yet: so it is told as well what the rest of it costs.
"""

from uuid import uuid4

from odoo.api import Environment

ORDERS, UNPRINTED = int(os.environ["BENCH_ORDERS"]), int(os.environ["BENCH_UNPRINTED"])
LINES = 5
#: In per cent; a rate that the chart of Odoo has as well, or the other side would book less.
RATE = 8


class Side:
    """A database with a shop that is open."""

    def __init__(self, cursor):
        self.cr = cursor
        env = Environment(cursor, odoo.SUPERUSER_ID, {"lang": "en_US", "tz": "America/Caracas"})
        self.company = env["res.company"].search([("name", "=", company.name)])
        self.env = env = env(context=dict(env.context, allowed_company_ids=self.company.ids))
        journals = env["account.journal"].search([("company_id", "=", self.company.id)])
        bank = journals.filtered(lambda one: one.type == "bank")[:1]
        self.partner = env["res.partner"].search([("ref", "=", "CUSTOMER")])
        self.tax = env["account.tax"].search(
            [
                ("company_id", "=", self.company.id),
                ("type_tax_use", "=", "sale"),
                ("amount", "=", RATE),
            ]
        ).ensure_one()
        self.product = env["product.product"].create(
            {"name": "Camisa", "available_in_pos": True, "taxes_id": [(6, 0, self.tax.ids)]}
        )
        self.card = env["pos.payment.method"].create({"name": "Tarjeta", "journal_id": bank.id})
        shop = env["pos.config"].create(
            {
                "name": "Caja",
                "journal_id": journals.filtered(lambda one: one.type == "general")[:1].id,
                "invoice_journal_id": journals.filtered(lambda one: one.type == "sale")[:1].id,
                "payment_method_ids": [(6, 0, self.card.ids)],
            }
        )
        cashier = env.ref("base.user_admin")
        cashier.group_ids += env.ref("point_of_sale.group_pos_manager")
        self.env = env(user=cashier.id)
        shop = shop.with_env(self.env)
        shop.open_ui()
        self.session = shop.current_session_id
        self.session.set_opening_control(0, "")
        cursor.commit()

    def order(self):
        return {
            "uuid": str(uuid4()),
            "session_id": self.session.id,
            "company_id": self.company.id,
            "partner_id": self.partner.id,
            "user_id": self.env.uid,
            "state": "paid",
            "date_order": "2026-01-01 12:00:00",
            "amount_total": (100.0 + RATE) * LINES,
            "amount_tax": float(RATE) * LINES,
            "amount_paid": (100.0 + RATE) * LINES,
            "amount_return": 0.0,
            "to_invoice": True,
            "last_order_preparation_change": "{}",
            "lines": [
                (0, 0, {
                    "uuid": str(uuid4()),
                    "product_id": self.product.id,
                    "qty": 1,
                    "price_unit": 100.0,
                    "discount": 0,
                    "price_subtotal": 100.0,
                    "price_subtotal_incl": 100.0 + RATE,
                    "tax_ids": [(6, 0, self.tax.ids)],
                })
                for _n in range(LINES)
            ],
            "payment_ids": [
                (0, 0, {
                    "uuid": str(uuid4()),
                    "name": "2026-01-01 12:00:00",
                    "payment_method_id": self.card.id,
                    "amount": (100.0 + RATE) * LINES,
                })
            ],
        }  # fmt: skip

    def hand_in(self, printed):
        """Hand an order in from a cold cache; return the seconds and the queries of that."""
        order = self.order()
        self.env.invalidate_all()
        gc.collect()
        queries, start = self.cr.sql_log_count, time.perf_counter()
        orders = self.env["pos.order"].with_context(generate_pdf=printed)
        orders.sync_from_ui([order])
        self.cr.commit()
        seconds = time.perf_counter() - start
        queries = self.cr.sql_log_count - queries
        made = self.env["pos.order"].search([("uuid", "=", order["uuid"])])
        assert made.account_move.state == "posted"
        assert made.account_move.amount_total == made.amount_total == made.amount_paid
        if "smart_state" in made.account_move._fields:
            assert made.account_move.smart_state == "queued"
        self.cr.rollback()
        return seconds, queries


control("/faults", {"fault": "refuse", "seconds": 36000})
ours, plain = Side(cr), Side(Registry(os.environ["BENCH_PLAIN_DB"]).cursor())
assert ours.company.currency_id.name == plain.company.currency_id.name == "VES"
for printed, rounds in ((True, ORDERS), (False, UNPRINTED)):
    for side in (ours, plain):
        side.hand_in(printed)
    pairs = [[side.hand_in(printed) for side in (ours, plain)] for _n in range(rounds)]
    seconds = [[pair[side][0] for pair in pairs] for side in range(2)]
    what = "an order at a till" + ("" if printed else ", without a print")
    figure(f"{what}, with", statistics.median(seconds[0]) * 1000, "ms/order")
    figure(f"{what}, without", statistics.median(seconds[1]) * 1000, "ms/order")
    figure(
        f"{what}: with / without",
        statistics.median(seconds[0]) / statistics.median(seconds[1]),
        "ratio",
        goal=("<=", 1.1) if printed else None,
        spread=[one / other for one, other in zip(*seconds, strict=True)],
    )
    for side, words in enumerate(("with", "without")):
        figure(f"{what}: SQL queries {words}", pairs[-1][side][1], "queries/order")
plain.cr.close()
finish()

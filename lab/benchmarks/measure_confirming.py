# ruff: noqa: F821 - the names that the tools bring
"""Confirming with the addon, beside a database of Odoo without it. Nothing is sent.

The whole transaction, as whoever confirms waits for it: what is tracked is written as it commits.
A person is told what is wrong; where nobody is asked, each document is looked at beforehand, so
that one which cannot be issued stops no other: that is told as well.
"""

from odoo.api import Environment

BATCH = int(os.environ["BENCH_BATCH"])
ROUNDS = {1: int(os.environ["BENCH_SINGLES"]), BATCH: int(os.environ["BENCH_BATCHES"])}
LINES = 5


class Side:
    """A database in which documents are made and confirmed, by a bookkeeper or by nobody."""

    def __init__(self, cursor, asked=True):
        self.cr = cursor
        # Who confirms is in Caracas: the date that Odoo gives a document is SMART's.
        env = Environment(cursor, odoo.SUPERUSER_ID, {"lang": "en_US", "tz": "America/Caracas"})
        self.company = env["res.company"].search([("name", "=", company.name)])
        user = env.ref("base.user_admin").id if asked else odoo.SUPERUSER_ID
        context = dict(env.context, allowed_company_ids=self.company.ids)
        self.env = env(user=user, context=context)

    def make(self, count, lines):
        partner = self.env["res.partner"].search([("ref", "=", "CUSTOMER")])
        tax = self.env["account.tax"].search(
            [
                ("company_id", "=", self.company.id),
                ("type_tax_use", "=", "sale"),
                ("amount_type", "=", "percent"),
                ("amount", ">", 0),
            ],
            limit=1,
        )
        values = {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "currency_id": self.env.ref("base.VES").id,
            "invoice_line_ids": [
                (0, 0, {"name": f"Line {n}", "price_unit": 100.0 * n, "tax_ids": [(6, 0, tax.ids)]})
                for n in range(1, lines + 1)
            ],
        }
        drafts = self.env["account.move"].create([values] * count)
        self.cr.commit()
        return drafts

    def confirm(self, count, lines):
        """Make drafts and confirm them from a cold cache; return seconds and queries of that."""
        drafts = self.make(count, lines)
        self.env.invalidate_all()
        gc.collect()
        queries, start = self.cr.sql_log_count, time.perf_counter()
        drafts.action_post()
        self.cr.flush()
        self.cr.postcommit.clear()
        self.cr.commit()
        seconds = time.perf_counter() - start
        queries = self.cr.sql_log_count - queries
        assert set(drafts.mapped("state")) == {"posted"}
        if "smart_state" in drafts._fields:
            assert set(drafts.mapped("smart_state")) == {"queued"}
        self.cr.rollback()
        return seconds, queries


def compare(what, count, lines, goal=("<=", 1.1)):
    """Measure both sides, one after the other, as often as there are rounds."""
    for side in (ours, plain):
        side.confirm(count, lines)
    pairs = [[side.confirm(count, lines) for side in (ours, plain)] for _n in range(ROUNDS[count])]
    seconds = [[pair[side][0] for pair in pairs] for side in range(2)]
    figure(f"{what}, with", statistics.median(seconds[0]) * 1000 / count, "ms/document")
    figure(f"{what}, without", statistics.median(seconds[1]) * 1000 / count, "ms/document")
    figure(
        f"{what}: with / without",
        statistics.median(seconds[0]) / statistics.median(seconds[1]),
        "ratio",
        goal=goal,
        spread=[one / other for one, other in zip(*seconds, strict=True)],
    )
    for side, words in enumerate(("with", "without")):
        figure(f"{what}: SQL queries {words}", pairs[-1][side][1] / count, "queries/document")


theirs = Registry(os.environ["BENCH_PLAIN_DB"]).cursor()
ours, plain = Side(cr), Side(theirs)
assert ours.company.currency_id.name == plain.company.currency_id.name == "VES"
for side in (ours, plain):
    side.confirm(1, 1)  # the first of a journal and of a customer costs Odoo more
drain()  # nor is the issuer's queue new any longer
for count, lines in ((1, LINES), (1, 1), (BATCH, LINES)):
    compare(f"confirm {count} of {lines} line{'s'[: lines - 1]}", count, lines)
ours, plain = Side(cr, asked=False), Side(theirs, asked=False)
for count in (1, BATCH):
    compare(f"confirm {count} of {LINES} lines, nobody asked", count, LINES, goal=None)
theirs.close()
finish()

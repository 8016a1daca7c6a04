# ruff: noqa: F821 - the names that the tools bring
"""Confirming with the addon, beside a database of Odoo without it. Nothing is sent.

The whole transaction, because the user who confirms waits for it: it writes tracked values when it
commits.

The addon also saves work of Odoo's own (`fields_get` in `models/locks/account_move_line.py`), so
it may cost less than nothing. Its cost beside Odoo's own write as it is, is a figure of its own.
"""

from odoo.api import Environment

BATCH = int(os.environ["BENCH_BATCH"])
ROUNDS = {1: int(os.environ["BENCH_SINGLES"]), BATCH: int(os.environ["BENCH_BATCHES"])}
LINES = 5


class Side:
    """A database in which documents are made and confirmed."""

    def __init__(self, cursor):
        self.cr = cursor
        # Who confirms is in Caracas: the date that Odoo gives a document is SMART's.
        env = Environment(cursor, odoo.SUPERUSER_ID, {"lang": "en_US", "tz": "America/Caracas"})
        self.company = env["res.company"].search([("name", "=", company.name)])
        self.env = env(context=dict(env.context, allowed_company_ids=self.company.ids))

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


def as_it_is(count, lines):
    """Confirm with the addon, but for what it spares Odoo; see :meth:`Side.confirm`."""
    line = type(ours.env["account.move.line"])
    with inherited(line, "l10n_ve_edi_smart.models.locks.account_move_line", "fields_get"):
        return ours.confirm(count, lines)


ours, plain = Side(cr), Side(Registry(os.environ["BENCH_PLAIN_DB"]).cursor())
assert ours.company.currency_id.name == plain.company.currency_id.name == "VES"
for side in (ours, plain):
    side.confirm(1, 1)  # the first of a journal and of a customer costs Odoo more
drain()  # nor is the issuer's queue new any longer
for count, lines in ((1, LINES), (1, 1), (BATCH, LINES)):
    for side in (ours, plain):
        side.confirm(count, lines)
    runs = [ours.confirm, plain.confirm] + [as_it_is] * (count == 1)
    pairs = [[run(count, lines) for run in runs] for _n in range(ROUNDS[count])]
    seconds = [[pair[side][0] for pair in pairs] for side in range(len(runs))]
    what = f"confirm {count} of {lines} line{'s'[: lines - 1]}"
    figure(f"{what}, with", statistics.median(seconds[0]) * 1000 / count, "ms/document")
    figure(f"{what}, without", statistics.median(seconds[1]) * 1000 / count, "ms/document")
    figure(
        f"{what}: with / without",
        statistics.median(seconds[0]) / statistics.median(seconds[1]),
        "ratio",
        goal=("<=", 1.1),
        spread=[one / other for one, other in zip(*seconds[:2], strict=True)],
    )
    if len(runs) > 2:
        figure(
            f"{what}: with / without, Odoo's own write as it is",
            statistics.median(seconds[2]) / statistics.median(seconds[1]),
            "ratio",
            spread=[one / other for one, other in zip(seconds[2], seconds[1], strict=True)],
        )
    for side, words in enumerate(("with", "without")):
        figure(f"{what}: SQL queries {words}", pairs[-1][side][1] / count, "queries/document")
plain.cr.close()
finish()

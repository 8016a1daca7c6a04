# ruff: noqa: F821 - the names that the tools bring
# Runs inside a transaction of Odoo, after the tools of tests/real/conftest.py: `env`, `cr`,
# and `company` are there. Prints the figures as JSON on its last line.
import gc
import json
import time

DOCUMENTS, ROUNDS = int(os.environ["BENCH_DOCUMENTS"]), int(os.environ["BENCH_ROUNDS"])
figures = []


def figure(name, value, unit):
    figures.append({"name": name, "value": value, "unit": unit})


def sale_tax(owner, amount):
    return owner.env["account.tax"].search(
        [
            ("company_id", "=", owner.id),
            ("type_tax_use", "=", "sale"),
            ("amount_type", "=", "percent"),
            ("amount", "=", amount),
        ],
        limit=1,
    )


def drafts(owner, partner, tax, journal):
    """Ten lines each: the same prices, quantities and discounts in both countries."""
    products = [
        owner.env["product.product"].create({"name": f"Product {n}", "default_code": f"P-{n}"})
        for n in range(10)
    ]
    return owner.env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "journal_id": journal.id,
                "currency_id": owner.currency_id.id,
                "invoice_date": "2026-01-15",
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": products[n].id,
                            "name": f"Product {n} of document {document}",
                            "price_unit": 1000 * (n + 1) + document,
                            "quantity": n + 1,
                            "discount": 10 if n % 3 == 0 else 0,
                            "tax_ids": [(6, 0, tax.ids)],
                        },
                    )
                    for n in range(10)
                ],
            }
            for document in range(DOCUMENTS)
        ]
    )


def sale_journal(owner):
    return owner.env["account.journal"].search(
        [("company_id", "=", owner.id), ("type", "=", "sale")], limit=1
    )


def timed(function, moves):
    """Seconds a document, from a cold cache and with nothing left to be written."""
    env.flush_all()
    env.invalidate_all()
    gc.collect()
    queries = cr.sql_log_count
    start = time.perf_counter()
    function(moves)
    seconds = time.perf_counter() - start
    return seconds / len(moves), (cr.sql_log_count - queries) / len(moves)


vietnam = env["res.company"].create(
    {
        "name": "Công ty Hoa Sen",
        "vat": "0305084472",
        "currency_id": env.ref("base.VND").id,
        "country_id": env.ref("base.vn").id,
        "street": "3 Alley 45 Phan Dinh Phung",
        "city": "Hanoi",
    }
)
env.ref("base.VND").active = True
env["account.chart.template"].try_loading("vn", vietnam, install_demo=False)
env.user.company_ids += vietnam
vietnam = vietnam.with_env(env(context=dict(env.context, allowed_company_ids=vietnam.ids)))
partner = customer.copy({"country_id": env.ref("base.vn").id, "vat": False})

ours = drafts(company, customer, sale_tax(company, 16), sale_journal(company))
theirs = drafts(vietnam, partner, sale_tax(vietnam, 10), sale_journal(vietnam))
sale_journal(company).smart_enabled = False
posting, _queries = timed(lambda moves: (moves._post(), moves.flush_recordset()), ours)
sale_journal(company).smart_enabled = True
theirs._post()


def convert(moves):
    return [c.request.to_json() for c in env["smart.payload"]._convert(moves)]


def viettel(moves):
    return [json.dumps(move._l10n_vn_edi_generate_invoice_json()) for move in moves]


results = {convert: [], viettel: []}
for _round in range(ROUNDS):
    # Interleaved, the best of each: the machine's other work disturbs both alike.
    results[convert].append(timed(convert, ours))
    results[viettel].append(timed(viettel, theirs))
[own, own_queries], [peer, peer_queries] = (min(results[one]) for one in (convert, viettel))
figure("post a document of 10 lines", posting * 1000, "ms/document")
figure("convert it", own * 1000, "ms/document")
figure("l10n_vn_edi_viettel's JSON of an equal one", peer * 1000, "ms/document")
figure("convert / post", own / posting, "ratio")
figure("convert / l10n_vn_edi_viettel", own / peer, "ratio")
figure("SQL queries to convert", own_queries, "queries/document")
figure("SQL queries of l10n_vn_edi_viettel", peer_queries, "queries/document")
print(json.dumps(figures))
cr.rollback()
cr.close()

"""Two tills at once on one issuer: each order once, no number left out, nothing credited twice."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from conftest import checked
from money_till import MONEY
from servers import psql, wait_for

ORDERS = 200 if os.environ.get("SMART_DEV_LONG") else 40

TILLS = MONEY.replace(
    "print(till.id)",
    """
other = till.copy({"name": "Caja 2"})
drawer = cash.copy({"name": "Caja 2", "code": "EF2"})
other.payment_method_ids = methods[1] + env["pos.payment.method"].create(
    {"name": "Efectivo", "journal_id": drawer.id})
other.open_ui()
other.current_session_id.set_opening_control(0, "")
cr.commit()
print(json.dumps({
    "sessions": (till + other).current_session_id.ids, "card": methods[1].id, "shirt": shirt.id,
    "tax": tax.id, "customer": customer.id, "company": company.id, "user": admin.id}))
""",
).replace("from uuid", "import json\nfrom uuid")


def order(world, till, quantity=1, of=None):
    """Return an order as a till hands it in, paid by card.

    :param of: the id of the line that it takes back
    """
    total = round(116.0 * quantity, 2)
    return {
        "uuid": str(uuid4()),
        "session_id": world["sessions"][till],
        "company_id": world["company"],
        "partner_id": world["customer"],
        "user_id": world["user"],
        "state": "paid",
        "date_order": "2026-01-01 12:00:00",
        "amount_total": total,
        "amount_tax": 16.0 * quantity,
        "amount_paid": total,
        "amount_return": 0.0,
        "to_invoice": True,
        "is_refund": quantity < 0,
        "last_order_preparation_change": "{}",
        "lines": [
            [0, 0, {
                "uuid": str(uuid4()),
                "product_id": world["shirt"],
                "qty": quantity,
                "price_unit": 100.0,
                "discount": 0,
                "price_subtotal": 100.0,
                "price_subtotal_incl": 116.0,
                "tax_ids": [[6, 0, [world["tax"]]]],
                "refunded_orderline_id": of or False,
            }]
        ],
        "payment_ids": [
            [0, 0, {
                "uuid": str(uuid4()),
                "name": "2026-01-01 12:00:00",
                "payment_method_id": world["card"],
                "amount": total,
            }]
        ],
    }  # fmt: skip


def test_two_tills_sell_at_once_and_take_back_at_once(script, simulator, database, start_server):
    world = json.loads(checked(script(TILLS)).strip().splitlines()[-1])
    servers = [start_server(), start_server()]

    def hand_in(till, *orders):
        for one in orders:
            servers[till].call("pos.order", "sync_from_ui", [one], company=world["company"])

    def at_once(first, second):
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda work: hand_in(*work), [(0, *first), (1, *second)]))

    half = ORDERS // 2
    at_once(
        [order(world, 0) for _n in range(half)],
        [order(world, 1) for _n in range(ORDERS - half)],
    )
    waiting = "SELECT count(*) FROM smart_document WHERE state != 'issued'"
    wait_for(lambda: psql(waiting, database) == "0", "the end of the queue")
    expected = [f"{number:08d}" for number in range(1, ORDERS + 1)]
    numbers = "SELECT internal_number FROM smart_document ORDER BY internal_number"
    assert psql(numbers, database).splitlines() == expected
    assert simulator.issued() == expected
    owned = "SELECT count(DISTINCT account_move) FROM pos_order WHERE account_move IS NOT NULL"
    assert psql(owned, database) == str(ORDERS)
    paid = "SELECT count(*) FROM account_move m JOIN pos_order o ON o.account_move = m.id"
    assert psql(f"{paid} WHERE m.amount_residual != 0", database) == "0"

    # The same shirts are taken back at both tills in the same moment.
    sold = "SELECT l.id FROM pos_order_line l JOIN pos_order o ON o.id = l.order_id"
    lines = psql(f"{sold} WHERE o.account_move IS NOT NULL ORDER BY l.id LIMIT 8", database)
    at_once(*[[order(world, till, -1, int(line)) for line in lines.split()] for till in (0, 1)])
    wait_for(lambda: psql(waiting, database) == "0", "the end of the queue")
    notes = "SELECT state, count(*) FROM account_move WHERE move_type = 'out_refund' AND id IN"
    theirs = "(SELECT account_move FROM pos_order) GROUP BY 1 ORDER BY 1"
    assert psql(f"{notes} {theirs}", database).splitlines() == ["draft|8", "posted|8"]
    about = "SELECT count(DISTINCT smart_note_origin_id) FROM account_move WHERE state = 'posted'"
    assert psql(f"{about} AND smart_note_origin_id IS NOT NULL", database) == "8"

"""Two tills at once on one issuer: each order once, no number left out, nothing credited twice."""

import os
from concurrent.futures import ThreadPoolExecutor

from servers import psql, wait_for
from till import handed_in, make_shop

ORDERS = 200 if os.environ.get("SMART_DEV_LONG") else 40

#: A cash journal is of one till; the card is taken at both.
OTHER = """
other = till.copy({"name": "Caja 2"})
drawer = cash.copy({"name": "Caja 2", "code": "EF2"})
other.payment_method_ids = methods["Tarjeta"] + env["pos.payment.method"].create(
    {"name": "Efectivo 2", "journal_id": drawer.id})
"""


def test_two_tills_sell_at_once_and_take_back_at_once(script, simulator, database, start_server):
    world = make_shop(script, more=OTHER)
    servers = [start_server(), start_server()]

    def order(till, quantity=1, of=None):
        return handed_in(world, "Tarjeta", quantity, of, session=till)

    def hand_in(till, *orders):
        for one in orders:
            servers[till].call("pos.order", "sync_from_ui", [one], company=world["company"])

    def at_once(first, second):
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda work: hand_in(*work), [(0, *first), (1, *second)]))

    half = ORDERS // 2
    at_once(
        [order(0) for _n in range(half)],
        [order(1) for _n in range(ORDERS - half)],
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
    at_once(*[[order(till, -1, int(line)) for line in lines.split()] for till in (0, 1)])
    wait_for(lambda: psql(waiting, database) == "0", "the end of the queue")
    notes = "SELECT state, count(*) FROM account_move WHERE move_type = 'out_refund' AND id IN"
    theirs = "(SELECT account_move FROM pos_order) GROUP BY 1 ORDER BY 1"
    assert psql(f"{notes} {theirs}", database).splitlines() == ["draft|8", "posted|8"]
    about = "SELECT count(DISTINCT smart_note_origin_id) FROM account_move WHERE state = 'posted'"
    assert psql(f"{about} AND smart_note_origin_id IS NOT NULL", database) == "8"

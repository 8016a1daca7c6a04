"""Two servers look the same new customers up at once: each number becomes one customer."""

import json
from concurrent.futures import ThreadPoolExecutor

from servers import psql
from till import WALK_IN, make_shop

NUMBERS = [f"V-{number}" for number in range(17654300, 17654320)]


def test_each_number_becomes_one_customer(script, database, start_server):
    shop = make_shop(script, more=WALK_IN)["shop"]
    company = int(psql("SELECT company_id FROM res_users WHERE login = 'admin'", database))
    servers = [start_server(), start_server()]

    def make(server):
        return [
            server.call(
                "res.partner", "smart_make_at_counter", shop, {"typed": number}, company=company
            )[0]["id"]
            for number in NUMBERS
        ]

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(make, servers)
    assert first == second
    listed = json.dumps(NUMBERS).replace('"', "'").strip("[]")
    made = f"SELECT count(*) FROM res_partner WHERE vat IN ({listed})"
    assert psql(made, database) == str(len(NUMBERS))

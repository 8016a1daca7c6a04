"""Two servers validate the same transfers, and both try again: each has one document."""

import json
from concurrent.futures import ThreadPoolExecutor

from conftest import checked
from deliveries import DELIVERIES
from servers import OdooError, psql, wait_for

TRANSFERS = 24


def test_two_servers_that_validate_the_same_and_try_again_issue_each_once(
    script, simulator, database, start_server
):
    made = checked(
        script(
            f"{DELIVERIES}\n"
            "kinds = [delivery, delivery, transfer]\n"
            f"ids = [kinds[n % 3](100 + n).id for n in range({TRANSFERS})]\n"
            "cr.commit(); cr.close(); print(ids)"
        )
    )
    ids = json.loads(made.strip().splitlines()[-1])
    listed = ", ".join(map(str, ids))
    company = int(psql("SELECT company_id FROM res_users WHERE login = 'admin'", database))
    servers = [start_server(), start_server()]
    refused = []

    def waiting():
        query = (
            f"SELECT id FROM stock_picking WHERE state <> 'done' AND id IN ({listed}) ORDER BY id"
        )
        return [int(row) for row in psql(query, database).split()]

    def validate(server):
        size = 1
        while left := waiting():
            try:
                server.call("stock.picking", "button_validate", left[:size], company=company)
            except OdooError as error:
                refused.append(str(error))  # the other one has it: nothing but the truth is told
            size = size % 5 + 1
            # Who comes late presses again.
            done = [one for one in ids if one not in left][-2:]
            server.call("stock.picking", "button_validate", done, company=company)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(validate, servers))
    query = (
        f"SELECT count(*) FROM smart_document WHERE state = 'issued' AND picking_id IN ({listed})"
    )
    wait_for(lambda: psql(query, database) == str(TRANSFERS), what="issue of all")
    rows = psql(
        "SELECT document_type, internal_number, control_number, picking_id FROM smart_document"
        " ORDER BY control_number",
        database,
    ).splitlines()
    assert len(rows) == TRANSFERS, refused
    assert len({row.split("|")[3] for row in rows}) == TRANSFERS
    types = {"dispatch_guide": 4, "delivery_note": 5}
    here = [
        (types[kind], number, control)
        for kind, number, control, _picking in (row.split("|") for row in rows)
    ]
    there = [
        (one["document_type"], one["internal_number"], one["control_number"])
        for one in simulator.documents()
    ]
    assert here == there, "each once, each with its own number"
    for kind in (4, 5):
        numbers = [int(number) for one, number, _control in here if one == kind]
        assert numbers == list(range(1, len(numbers) + 1)), "no gap"

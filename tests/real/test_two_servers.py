"""Several servers on one database: one sender at a time, every document once, in order."""

import os
from concurrent.futures import ThreadPoolExecutor

from conftest import checked
from servers import psql, wait_for

DOCUMENTS = 200 if os.environ.get("SMART_DEV_LONG") else 60


def wait_until_all_are_issued(database):
    query = "SELECT count(*) FROM smart_document WHERE state != 'issued'"
    wait_for(lambda: psql(query, database) == "0", "the end of the queue")


def test_two_servers_issue_all_documents_once_each_in_the_order_of_posting(
    script, simulator, database, start_server
):
    made = checked(
        script(f"print([invoice().id for _n in range({DOCUMENTS})])\ncr.commit(); cr.close()")
    )
    ids = [int(text) for text in made.strip("[]\n").split(",")]
    company = int(psql("SELECT company_id FROM res_users WHERE login = 'admin'", database))
    servers = [start_server(), start_server()]
    # Single invoices and batches, through both servers at once.
    chunks, size = [], 1
    while ids:
        chunks.append(ids[:size])
        ids = ids[size:]
        size = size % 9 + 1

    def confirm(number):
        for chunk in chunks[number::2]:
            servers[number].call("account.move", "action_post", chunk, company=company)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(confirm, range(2)))
    wait_until_all_are_issued(database)
    rows = [
        row.split("|")
        for row in psql(
            "SELECT internal_number, control_number, queue_position FROM smart_document"
            " ORDER BY internal_number",
            database,
        ).splitlines()
    ]
    expected = [f"{number:08d}" for number in range(1, DOCUMENTS + 1)]
    assert [row[0] for row in rows] == expected
    assert simulator.issued() == expected, "once each, in the order of their numbers"
    ledger = {one["internal_number"]: one["control_number"] for one in simulator.documents()}
    assert {row[0]: row[1] for row in rows} == ledger
    positions = [int(row[2]) for row in rows]
    assert positions == sorted(positions), "in the order of posting"


def test_with_several_workers_a_batch_is_issued_in_the_background(
    script, simulator, database, start_server
):
    made = checked(script("print([invoice().id for _n in range(12)])\ncr.commit(); cr.close()"))
    ids = [int(text) for text in made.strip("[]\n").split(",")]
    company = int(psql("SELECT company_id FROM res_users WHERE login = 'admin'", database))
    server = start_server("--workers=2")
    server.call("account.move", "action_post", ids, company=company)
    wait_for(lambda: len(simulator.issued()) == 12, what="issue")
    assert simulator.issued() == [f"{number:08d}" for number in range(1, 13)]


def test_four_workers_and_parallel_clients_issue_each_document_once_in_the_order_of_posting(
    script, simulator, database, start_server
):
    made = checked(script("print([invoice().id for _n in range(48)])\ncr.commit(); cr.close()"))
    ids = [int(text) for text in made.strip("[]\n").split(",")]
    company = int(psql("SELECT company_id FROM res_users WHERE login = 'admin'", database))
    server = start_server("--workers=4")
    clients = [server.another_client() for _n in range(4)]

    def confirm(number):
        mine = ids[number::4]
        for chunk in (mine[:1], mine[1:2], mine[2:7], mine[7:8], mine[8:]):
            clients[number].call("account.move", "action_post", chunk, company=company)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(confirm, range(4)))
    wait_until_all_are_issued(database)
    rows = [
        row.split("|")
        for row in psql(
            "SELECT internal_number, control_number, request_body::json ->> 'trackingid', move_id"
            " FROM smart_document ORDER BY internal_number",
            database,
        ).splitlines()
    ]
    assert [row[0] for row in rows] == [f"{number:08d}" for number in range(1, 49)]
    ledger = [
        [one["internal_number"], one["control_number"], one["tracking_id"]]
        for one in simulator.documents()
    ]
    assert [row[:3] for row in rows] == ledger, "each once, each with its own control number"
    # Which transaction commits first is not the order of posting; within one it is.
    for chunk in (ids[number::4][8:] for number in range(4)):
        sent = [int(row[3]) for row in rows if int(row[3]) in chunk]
        assert sent == sorted(chunk)

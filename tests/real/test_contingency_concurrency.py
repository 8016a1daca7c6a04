"""Two people with one sheet of paper: over HTTP, in the same moment, one of them has it."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import checked
from servers import OdooError, psql

PAPER = """
sale = env["account.journal"].search(
    [("company_id", "=", company.id), ("type", "=", "sale")], limit=1)
journal = env["account.journal"].create({
    "name": "Talonario", "code": "TAL", "type": "sale", "company_id": company.id,
    "smart_channel": "contingency", "default_account_id": sale.default_account_id.id,
})
env["smart.pad"].create({
    "journal_id": journal.id, "number_from": 1, "number_to": 500,
    "printer_name": "Imprenta La Estrella, C.A.", "printer_rif": "J-30984512-8",
})
drafts = env["account.move"].union(*(invoice() for _n in range(24)))
drafts.journal_id = journal
print(drafts.ids)
cr.commit(); cr.close()
"""
ROUNDS = 8


def sheets(database):
    return psql(
        "SELECT control_number FROM smart_sheet ORDER BY control_number", database
    ).splitlines()


@pytest.mark.parametrize("options", [("--workers=2",), ()], ids=["workers", "threads"])
def test_two_people_type_the_same_control_number(
    script, simulator, database, start_server, options
):
    ids = [int(one) for one in checked(script(PAPER)).strip("[]\n").split(",")]
    company = int(psql("SELECT company_id FROM res_users WHERE login = 'admin'", database))
    server = start_server(*options)
    clients = [server.another_client() for _n in range(2)]
    refused = []
    for number in range(1, ROUNDS + 1):
        typed = f"00-{number:08d}"
        pair = [ids.pop(), ids.pop()]
        server.call("account.move", "write", pair, {"smart_sheet_control": typed}, company=company)
        gate = threading.Barrier(2)

        def confirm(client, draft, gate=gate):
            gate.wait()
            try:
                client.call("account.move", "action_post", [draft], company=company)
            except OdooError as error:
                return str(error)
            return ""

        with ThreadPoolExecutor(2) as pool:
            said = list(pool.map(confirm, clients, pair))
        assert sorted(map(bool, said)) == [False, True], said
        refused += [words for words in said if words]
        states = psql(
            f"SELECT state FROM account_move WHERE id IN {tuple(pair)} ORDER BY state", database
        )
        assert states.splitlines() == ["draft", "posted"]
    assert all("used already" in words for words in refused), refused
    assert sheets(database) == [f"00-{number:08d}" for number in range(1, ROUNDS + 1)]
    # Those who typed nothing get one sheet each.
    rest = [*ids, *(
        int(one)
        for one in psql(
            "SELECT id FROM account_move WHERE state = 'draft' AND smart_sheet_control IS NOT NULL",
            database,
        ).splitlines()
    )]  # fmt: skip
    server.call("account.move", "write", rest, {"smart_sheet_control": False}, company=company)

    def confirm_all(number):
        for draft in rest[number::2]:
            clients[number].call("account.move", "action_post", [draft], company=company)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(confirm_all, range(2)))
    assert sheets(database) == [f"00-{number:08d}" for number in range(1, 25)]
    assert psql("SELECT count(*) FROM smart_document", database) == "0"
    assert not simulator.calls()

"""The integrity chain of one issuer, written and sealed by several processes at once."""

import time
from concurrent.futures import ThreadPoolExecutor

from conftest import checked
from servers import psql

WRITE = """
import time
while time.time() < float(os.environ["START"]):
    time.sleep(0.001)
Exchange = env["smart.exchange"]
for number in range(40):
    Exchange.create({
        "issuer_id": company.id, "company_id": company.id, "environment": "custom",
        "operation": "next_number", "outcome": "accepted", "started_at": "2026-01-01 12:00:00",
        "request_body": f"{os.getpid()} {number}",
    })
    cr.commit()
    env["smart.chain"]._seal_all(registry)
cr.close()
"""

CHECK = """
env["smart.chain"]._seal_all(registry)
[chain] = env["smart.chain"].search([])
print(chain._walk(), chain.position)
cr.close()
"""


def test_two_processes_that_write_and_seal_at_once_leave_one_unbroken_chain(script, database):
    start = str(time.time() + 8)
    with ThreadPoolExecutor(3) as pool:
        for process in pool.map(lambda _number: script(WRITE, START=start), range(3)):
            checked(process)
    assert checked(script(CHECK)).strip() == "(120, False) 120"
    # They did meet: the writers' links are mixed.
    authors = psql(
        "SELECT split_part(request_body, ' ', 1) FROM smart_chain_link AS link"
        " JOIN smart_exchange AS exchange ON exchange.id = link.exchange_id ORDER BY position",
        database,
    ).split()
    changes = sum(one != other for one, other in zip(authors, authors[1:], strict=False))
    assert len(set(authors)) == 3
    assert changes > 10


def test_a_transaction_that_is_open_holds_up_no_sealing(script, database):
    """A control number is never delayed by somebody who has written a link and not committed."""
    code = """
vals = {
    "issuer_id": company.id, "company_id": company.id, "environment": "custom",
    "operation": "email", "outcome": "accepted", "started_at": "2026-01-01 12:00:00",
}
env["smart.exchange"]._engine_create([vals])  # open until the end
with registry.cursor() as other:
    other.execute("SET LOCAL lock_timeout = '2s'")
    env(cr=other)["smart.exchange"]._engine_create([vals])
env["smart.chain"]._seal_all(registry)
with registry.cursor() as other:
    print(env(cr=other)["smart.chain"].search([]).position)
cr.commit()
env["smart.chain"]._seal_all(registry)
env.invalidate_all()
chain = env["smart.chain"].search([])
print(chain.position, chain._walk())
cr.close()
"""
    assert checked(script(code)).split("\n")[:2] == ["1", "2 (2, False)"]

"""The integrity chain of one issuer, written and sealed by several processes at once."""

import time
from concurrent.futures import ThreadPoolExecutor

from conftest import checked
from servers import psql

WRITE = """
import time
from datetime import datetime
while time.time() < float(os.environ["START"]):
    time.sleep(0.001)
for number in range(40):
    env["smart.exchange"]._append(
        env["smart.document"], "next_number", "accepted", issuer=company,
        started_at=datetime(2026, 1, 1), request_body=f"{os.getpid()} {number}",
    )
    cr.commit()
    env["smart.chain"]._seal_all(registry)
cr.close()
"""

CHECK = """
env["smart.chain"]._seal_all(registry)
[chain] = env["smart.chain"].search([])
walked = chain._check()
print(walked.checked, walked.findings, walked.position)
cr.close()
"""


def test_two_processes_that_write_and_seal_at_once_leave_one_unbroken_chain(script, database):
    start = str(time.time() + 8)
    with ThreadPoolExecutor(3) as pool:
        for process in pool.map(lambda _number: script(WRITE, START=start), range(3)):
            checked(process)
    assert checked(script(CHECK)).strip() == "120 [] 120"
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
from datetime import datetime
def write(env):
    env["smart.exchange"]._append(
        env["smart.document"], "next_number", "accepted", issuer=company.with_env(env),
        started_at=datetime(2026, 1, 1),
    )
write(env)  # open until the end
with registry.cursor() as other:
    other.execute("SET LOCAL lock_timeout = '2s'")
    write(env(cr=other))
env["smart.chain"]._seal_all(registry)
with registry.cursor() as other:
    print(env(cr=other)["smart.chain"].search([]).position)
cr.commit()
env["smart.chain"]._seal_all(registry)
env.invalidate_all()
chain = env["smart.chain"].search([])
print(chain.position, *chain._check()[:2])
cr.close()
"""
    assert checked(script(code)).split("\n")[:2] == ["1", "2 2 []"]

"""The integrity chain of one issuer, written and sealed by several processes at once."""

import contextlib
from concurrent.futures import ThreadPoolExecutor

import psycopg2
from conftest import checked
from servers import psql, wait_for

GATE = 7_391

#: Each begins when all are there: a lock of PostgreSQL's that the test has until then.
WRITE = """
from datetime import datetime
cr.execute("SELECT pg_advisory_xact_lock_shared(%s)", [int(os.environ["GATE"])])
cr.commit()
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
    connection = psycopg2.connect(dbname=database)
    with contextlib.closing(connection) as gate, ThreadPoolExecutor(3) as pool:
        gate.cursor().execute("SELECT pg_advisory_lock(%s)", [GATE])
        writing = [pool.submit(script, WRITE, GATE=str(GATE)) for _number in range(3)]
        waiting = f"SELECT count(*) FROM pg_locks WHERE NOT granted AND objid = {GATE}"
        wait_for(lambda: psql(waiting, database) == "3", what="all of them")
        gate.cursor().execute("SELECT pg_advisory_unlock(%s)", [GATE])
        for process in writing:
            checked(process.result())
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

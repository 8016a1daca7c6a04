"""Inventory's bridge alone is uninstalled, and comes back to a database with old transfers."""

import os
import time

from conftest import TOOLS, checked
from deliveries import DELIVERIES
from preloaded import run_script
from servers import psql

BRIDGE = "l10n_ve_edi_smart_stock"
# PostgreSQL's own vacuum may be at the table that Odoo locks, or gives up.
MODULE = f"""
cr.execute("LOCK ir_module_module IN EXCLUSIVE MODE")
module = env["ir.module.module"].search([("name", "=", "{BRIDGE}")])
"""
INSTALL = MODULE + "module.button_immediate_install()"
UNINSTALL = MODULE + "module.button_immediate_uninstall()"
#: Transfers from before the bridge was there.
OLD = int(os.environ.get("SMART_OLD_TRANSFERS", "300"))

ISSUE = """
first, second = delivery(), transfer()
for one in (first, second):
    assert one.button_validate() is True
    cr.commit()
printed = first.smart_document_id.sudo()
printed._engine_write({"file_next_at": odoo.fields.Datetime.now()})
cr.commit()
printed._fetch_file(registry, printed.id)
second.smart_document_id.sudo()._request_annulment("Placa equivocada", False)
cr.commit()
second.action_smart_issue()
cr.commit()
print(first.id, second.id); cr.close()
"""

CHECK = """
env["smart.chain"]._seal_all(registry)
chain = env["smart.chain"].search([])
print(len(chain), chain._check().findings)
book = env["smart.book"].create({})
print([(row["control_number"], row["name"]) for row in book._rows()])
for document in env["smart.document"].search([]):
    document.read()
cr.commit(); cr.close()
"""

# Copies of a transfer that is done, row by row, as nothing but SQL can make so many.
MAKE_OLD = """
def columns(table):
    cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND column_name <> 'id'", [table])
    return [name for name, in cr.fetchall()]
def copy(table, source, **changed):
    names = columns(table)
    chosen = ", ".join(changed.get(name, f'one."{name}"') for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    cr.execute(f"INSERT INTO {table} ({listed}) SELECT {chosen} FROM {table} AS one {source}")
old = int(os.environ["OLD"])
copy("stock_picking", f", generate_series(1, {old}) AS n WHERE one.id = {first}",
     name="'OLD/' || n")
copy("stock_move",
     f"JOIN stock_picking AS p ON p.name LIKE 'OLD/%%' WHERE one.picking_id = {first}",
     picking_id="p.id")
copy("stock_move_line",
     "JOIN stock_picking AS p ON p.name LIKE 'OLD/%%' JOIN stock_move AS m ON m.picking_id = p.id"
     f" WHERE one.picking_id = {first}", picking_id="p.id", move_id="m.id")
cr.commit()
for table in ("stock_picking", "stock_move", "stock_move_line"):
    cr.execute(f"CREATE TABLE before_{table} AS SELECT id, xmin::text AS version FROM {table}")
cr.commit(); cr.close()
"""


def run(database, code, **environ):
    return checked(run_script(database, TOOLS + code, **environ))


def test_documents_of_transfers_are_there_without_the_bridge_and_with_it_again(
    script, simulator, database
):
    printed = checked(script(DELIVERIES + ISSUE))
    first, second = map(int, printed.strip().splitlines()[-1].split())
    query = "SELECT id, state, control_number, internal_number, request_body FROM smart_document"
    documents = psql(f"{query} ORDER BY id", database)
    numbers = ["00-00000001", "00-00000002", "00-00000003"]
    assert (
        psql("SELECT control_number FROM smart_document ORDER BY id", database).split() == numbers
    )
    right = run(database, CHECK)
    assert right.splitlines()[0] == "1 []"

    checked(run_script(database, UNINSTALL))
    installed = f"SELECT state FROM ir_module_module WHERE name = '{BRIDGE}'"
    assert psql(installed, database) == "uninstalled"
    assert psql(f"{query} ORDER BY id", database) == documents
    said = (
        "SELECT string_agg(body, ' ') FROM mail_message WHERE model = 'stock.picking' AND res_id = "
    )
    for picking, controls in ((first, numbers[:1]), (second, numbers[1:])):
        words = psql(f"{said}{picking}", database)
        assert all(number in words for number in controls)
        assert "SENIAT" in words, "the legal footer"
    files = (
        "SELECT count(*) FROM ir_attachment WHERE res_model = 'stock.picking' AND res_field IS NULL"
        f" AND res_id = {first} AND name LIKE '%.pdf'"
    )
    assert psql(files, database) == "1"
    assert run(database, CHECK) == right, "book, chain and documents are as before"

    old = f"first = {first}\n" + MAKE_OLD
    run(database, old, OLD=str(OLD))
    tables = ("stock_picking", "stock_move", "stock_move_line")
    files_of = [psql(f"SELECT pg_relation_filenode('{table}')", database) for table in tables]
    began = time.monotonic()
    checked(run_script(database, INSTALL))
    print(f"{OLD} old transfers: installed in {time.monotonic() - began:.0f} s")
    assert psql(installed, database) == "installed"
    assert psql(f"{query} ORDER BY id", database) == documents, "nothing is issued, nothing lost"
    assert len(simulator.issued()) == 3
    for table, file in zip(tables, files_of, strict=True):
        rewritten = (
            f"SELECT count(*) FROM {table} AS now JOIN before_{table} AS old USING (id)"
            f" WHERE now.xmin::text <> old.version AND now.id NOT IN ({first}, {second})"
        )
        assert psql(rewritten, database) == "0", f"rows of {table} were written"
        assert psql(f"SELECT pg_relation_filenode('{table}')", database) == file
    shown = "SELECT smart_document_id FROM stock_picking WHERE id IN (%s, %s) ORDER BY id"
    newest = psql(f"{query} WHERE control_number <> '00-00000002' ORDER BY id", database)
    newest = [row.split("|")[0] for row in newest.splitlines()]
    assert psql(shown % (first, second), database).split() == newest
    assert run(database, CHECK) == right
    waiting = "SELECT count(*) FROM stock_picking WHERE smart_document_id IS NOT NULL"
    assert psql(waiting, database) == "2"


def test_without_the_addon_transfers_say_what_they_were_issued_as(script, simulator, database):
    printed = checked(script(DELIVERIES + ISSUE))
    first, second = printed.strip().splitlines()[-1].split()
    everything = UNINSTALL.replace(BRIDGE, "l10n_ve_edi_smart")
    checked(run_script(database, everything))
    assert psql("SELECT to_regclass('smart_document') IS NULL", database) == "t"
    said = (
        "SELECT count(*) FROM mail_message WHERE model = 'stock.picking' AND body LIKE '%SENIAT%'"
        " AND res_id = "
    )
    assert psql(f"{said}{first}", database) == "1", "once"
    assert psql(f"{said}{second}", database) == "2", "of each that it has had"
    files = (
        "SELECT count(*) FROM ir_attachment WHERE res_model = 'stock.picking' AND res_field IS NULL"
        f" AND res_id = {first} AND name LIKE '%.pdf'"
    )
    assert psql(files, database) == "1"


def test_while_a_delivery_is_on_its_way_the_bridge_stays(script, simulator, database):
    simulator.fault("refuse", seconds=600)
    checked(script(DELIVERIES + "delivery().button_validate()\ncr.commit(); cr.close()"))
    process = run_script(database, UNINSTALL)
    assert process.returncode != 0
    assert "fiscal documents are on their way to SMART" in process.stderr
    state = f"SELECT state FROM ir_module_module WHERE name = '{BRIDGE}'"
    assert psql(state, database) == "installed"

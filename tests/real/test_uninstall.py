"""Uninstalling the addon on a copied database: nothing that was issued gets lost."""

import base64
import io
import json
import zipfile

from conftest import checked
from preloaded import run_script
from servers import psql

UNINSTALL = """
env["ir.module.module"].search([("name", "=", "l10n_ve_edi_smart")]).button_immediate_uninstall()
"""

ISSUE = """
first, second = invoice(), invoice(50.0)
for one in (first, second):
    one.action_post()
    cr.commit()
note = first._reverse_moves([{"smart_note_reason": "Error"}])
note.action_post()
cr.commit()
company._smart_make_actions()
second.smart_document_id.sudo()._engine_write({"document_file": "JVBERi0xLjQ="})
print(first.id, second.id, note.id)
cr.commit(); cr.close()
"""


def test_what_was_issued_can_be_read_without_the_addon(script, simulator, database):
    first, second, note = checked(script(ISSUE)).split()
    checked(run_script(database, UNINSTALL))
    state = "SELECT state FROM ir_module_module WHERE name = 'l10n_ve_edi_smart'"
    assert psql(state, database) == "uninstalled"
    assert psql("SELECT to_regclass('smart_document') IS NULL", database) == "t"
    actions = "SELECT count(*) FROM ir_cron WHERE cron_name LIKE 'SMART: %'"
    assert psql(actions, database) == "0", "no action is left that points to nothing"
    # The invoices are there, posted, and say what they were issued as.
    rows = psql(
        "SELECT m.id, m.state, string_agg(body, ' ') FROM account_move m JOIN mail_message c"
        f" ON c.model = 'account.move' AND c.res_id = m.id"
        f" WHERE m.id IN ({first}, {second}, {note})"
        " GROUP BY m.id ORDER BY m.id",
        database,
    ).splitlines()
    assert [row.split("|")[1] for row in rows] == ["posted"] * 3
    for number, row in enumerate(rows, start=1):
        assert f"00-0000000{number}" in row
        assert "SENIAT" in row, "the legal footer"
        assert "0000000" in row
    # The printed document of SMART now belongs to the invoice.
    assert (
        psql(
            "SELECT count(*) FROM ir_attachment WHERE res_model = 'account.move'"
            f" AND res_id = {second} AND res_field IS NULL AND name LIKE '%00000002.pdf'",
            database,
        )
        == "1"
    )
    # The accountants have everything, by the row.
    archive = checked(
        run_script(
            database,
            'found = env["ir.attachment"].search([("res_model", "=", "account.journal"),'
            ' ("mimetype", "=", "application/zip")])\n'
            "print(found.datas.decode())\ncr.close()",
        )
    )
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(archive))) as content:
        documents = json.loads(content.read("documents.json"))
        exchanges = json.loads(content.read("exchanges.json"))
        lines = content.read("documents.csv").decode("utf-8-sig").splitlines()
    ledger = simulator.documents("")
    assert [one["control_number"] for one in documents] == [one["control_number"] for one in ledger]
    assert [json.loads(one["request_body"]) for one in documents] == [
        one["request"] for one in ledger
    ]
    assert len(exchanges) == 3
    assert all(one["answer_body"] for one in exchanges)
    assert lines[0].split(",")[0] == "id"
    assert "token" not in json.dumps(exchanges).lower()


def test_with_a_document_on_its_way_it_is_refused(script, simulator, database):
    simulator.fault("refuse", seconds=600)
    checked(script("invoice().action_post()\ncr.commit(); cr.close()"))
    process = run_script(database, UNINSTALL)
    assert process.returncode != 0
    assert "reset them to draft; then uninstall" in process.stderr
    state = "SELECT state FROM ir_module_module WHERE name = 'l10n_ve_edi_smart'"
    assert psql(state, database) == "installed"

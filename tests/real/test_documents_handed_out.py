"""A customer in the portal and an accountant get SMART's print, over HTTP, from a real server."""

import io
import zipfile

from conftest import checked
from servers import psql

PORTAL = """
user = env["res.users"].create({
    "name": "Cliente", "login": "cliente", "password": "cliente", "partner_id": customer.id,
    "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
    "company_ids": [(6, 0, company.ids)], "company_id": company.id,
})
move = invoice()
move.invoice_date = move._smart_today()
company._smart_make_actions()
company.smart_errands_action_id.active = False
env.ref("l10n_ve_edi_smart.ir_cron_smart_send").active = False
cr.commit()
move.action_post()
cr.commit()
print(move.id)
"""

FETCH = """
env["smart.lane"].search([]).issuer_id._smart_do_errands()
cr.commit()
"""


def test_downloads_and_send_give_smarts_print(script, start_server, database):
    move = int(checked(script(PORTAL)).strip().splitlines()[-1])
    server = start_server()
    accountant = server.session
    customer = server.new_session()
    customer.login("cliente", "cliente")
    page = f"{server.url}/my/invoices/{move}"
    early = customer.session.get(f"{page}?report_type=pdf&download=true")
    assert early.ok
    assert b"es un documento fiscal" not in early.content
    checked(script(FETCH))
    printed = customer.session.get(f"{page}?report_type=pdf&download=true")
    assert printed.content.startswith(b"%PDF")
    assert "FAC-00000001.pdf" in printed.headers["Content-Disposition"]
    menu = accountant.get(f"{server.url}/account/download_invoice_documents/{move}/pdf")
    assert menu.content == printed.content
    assert "FAC-00000001.pdf" in menu.headers["Content-Disposition"]
    packed = accountant.get(f"{server.url}/account/download_move_attachments/{move}")
    with zipfile.ZipFile(io.BytesIO(packed.content)) as files:
        assert files.namelist() == ["FAC-00000001.pdf"]
    company = int(psql("SELECT company_id FROM res_users WHERE login = 'admin'", database))
    wizard = server.call(
        "account.move.send.wizard", "create",
        {"move_id": move, "sending_methods": ["manual"]}, company=company,
    )  # fmt: skip
    action = server.call(
        "account.move.send.wizard", "action_send_and_print", [wizard], company=company
    )
    downloaded = accountant.get(server.url + action["url"])
    assert downloaded.status_code == 200
    assert downloaded.content == printed.content

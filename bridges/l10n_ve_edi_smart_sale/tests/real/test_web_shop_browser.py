"""A guest buys in a web shop and pays; what the customer receives is the legal document."""

import email
import email.policy
import re

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from conftest import checked, connect
from playwright.sync_api import expect
from servers import free_port, psql, wait_for

from lab.simulator.testing import SimulatorProcess

SHOP = """
website = env["website"].search([], limit=1, order="id")
website.company_id = company
env.ref("base.user_admin").group_ids += env.ref("sales_team.group_sale_manager")
env["ir.mail_server"].create({
    "name": "Letters", "smtp_host": "127.0.0.1", "smtp_port": int(os.environ["PORT"])})
env["ir.config_parameter"].set_param("sale.automatic_invoice", "True")
# Copied, it is nobody's but this company's.
env.ref("payment.payment_provider_demo").copy(
    {"company_id": company.id, "state": "test", "is_published": True})
tax = env["account.tax"].search([
    ("company_id", "=", company.id), ("type_tax_use", "=", "sale"), ("amount", "=", 16)], limit=1)
product = env["product.product"].create({
    "name": "Curso de costura", "company_id": company.id, "type": "service", "list_price": 100.0,
    "invoice_policy": "order", "taxes_id": [(6, 0, tax.ids)], "is_published": True,
    "website_id": website.id,
})
cr.commit()
print(product.product_tmpl_id.website_url)
"""

PORTAL = """
partner = env["res.partner"].search([("email", "=", "carmen@example.com")])
env["res.users"].create({
    "name": partner.name, "login": "carmen", "password": "carmen", "partner_id": partner.id,
    "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
    "company_ids": [(6, 0, company.ids)], "company_id": company.id,
})
cr.commit()
"""

# What the scheduled actions do, so that nobody has to wait for them.
SENDING_BY_ITSELF = """
env["smart.lane"].search([]).issuer_id._smart_do_errands()
cr.commit()
env["payment.transaction"]._cron_post_process()
env["payment.transaction"]._cron_send_invoice()
cr.commit()
env["account.move"]._cron_account_move_send()
cr.commit()
env["mail.mail"].process_email_queue()
cr.commit()
"""

GUEST = {
    "name": "Carmen Guest", "email": "carmen@example.com", "phone": "0414-1234567",
    "street": "Calle Real", "city": "Caracas", "zip": "1010",
}  # fmt: skip


class Letters(Message):
    """Keeps what arrives."""

    def __init__(self):
        super().__init__(email.message.EmailMessage)
        self.all = []

    def handle_message(self, message):
        self.all.append(email.message_from_bytes(message.as_bytes(), policy=email.policy.default))

    def with_prints(self):
        """Return the attached files of each letter to the guest that has some of an invoice."""
        return [
            {part.get_filename(): part.get_content() for part in letter.iter_attachments()}
            for letter in self.all
            if "carmen@example.com" in letter["To"] and "Invoice" in letter["Subject"]
        ]


@pytest.fixture
def letters():
    """A mail server that takes everything."""
    kept = Letters()
    server = Controller(kept, hostname="127.0.0.1", port=free_port())
    server.start()
    kept.port = server.port
    yield kept
    server.stop()


@pytest.fixture
def shop(script, letters):
    """The address of what the web shop sells."""
    return checked(script(SHOP, PORT=str(letters.port))).split()[-1]


@pytest.fixture
def server(shop, start_server):
    return start_server("--max-cron-threads=0")


def buy(page, address, vat=""):
    """Put one into the cart, say who one is, and pay by the provider that always pays."""
    page.goto(address)
    page.click("#add_to_cart")
    expect(page.locator(".my_cart_quantity").first).to_have_text("1")
    page.goto("/shop/checkout?try_skip_step=true")
    for name, text in {**GUEST, "vat": vat}.items():
        page.fill(f"form input[name={name}]", text)
    page.select_option("select[name=country_id]", label="Venezuela")
    page.click("a[name=website_sale_main_button]:visible")
    page.wait_for_url("**/shop/payment**")
    expect(page.get_by_label("Payment Status")).to_have_value("done")
    page.click("button[name=o_payment_submit_button]:visible")
    page.wait_for_url("**/shop/confirmation**")


def what_came(database):
    """Return state of payment, order and invoice, and how many activities ask for mending."""
    return psql(
        """
        SELECT payment.state, payment.is_post_processed, sale.state, sale.invoice_status,
            move.state, coalesce(move.is_move_sent, false), (
                SELECT count(*) FROM mail_activity activity
                JOIN mail_activity_type kind ON kind.id = activity.activity_type_id
                JOIN ir_model_data data ON data.model = 'mail.activity.type'
                    AND data.res_id = kind.id AND data.name = 'mail_activity_type_deferred'
                WHERE activity.res_model = 'account.move' AND activity.res_id = move.id
                    AND activity.active)
        FROM account_move move
        JOIN account_move_line line ON line.move_id = move.id
        JOIN sale_order_line_invoice_rel rel ON rel.invoice_line_id = line.id
        JOIN sale_order_line sold ON sold.id = rel.order_line_id
        JOIN sale_order sale ON sale.id = sold.order_id
        JOIN sale_order_transaction_rel paid ON paid.sale_order_id = sale.id
        JOIN payment_transaction payment ON payment.id = paid.transaction_id
        WHERE sale.partner_id IN (SELECT id FROM res_partner WHERE email = 'carmen@example.com')
        """,
        database,
    ).split("|")


def the_invoice(database):
    query = "SELECT move_id, control_number, state FROM smart_document ORDER BY id"
    rows = psql(query, database).splitlines()
    assert len(rows) == 1
    return rows[0].split("|")


def portal_gives(server, move, printed):
    """See that list, page and download of the customer's portal give SMART's print."""
    customer = server.new_session()
    customer.login("carmen", "carmen")
    listed = customer.session.get(f"{server.url}/my/invoices").text
    assert f"/my/invoices/{move}" in listed
    page = customer.session.get(f"{server.url}/my/invoices/{move}").text
    whole = customer.session.get(f"{server.url}/my/invoices/{move}?report_type=html").text
    for text in (listed, page, whole):
        assert "es un documento fiscal" not in text
    download = customer.session.get(
        f"{server.url}/my/invoices/{move}?report_type=pdf&download=true"
    )
    assert download.content == printed


def test_a_guest_without_rif_pays_and_the_accountant_mends(
    shop, server, script, chromium, visit, database, letters
):
    guest = chromium.new_context(base_url=server.url).new_page()
    buy(guest, shop)
    assert what_came(database) == ["done", "t", "sale", "invoiced", "draft", "f", "1"]
    assert not letters.with_prints()

    page = visit(server)
    page.goto("/odoo/customer-invoices")
    page.locator(".o_data_row", has_text="Carmen Guest").first.click()
    page.locator("button[name=action_post]:visible").click()
    dialog = page.locator(".modal-dialog")
    expect(dialog).to_contain_text("The identification is missing")
    dialog.get_by_role("button", name="Show what to mend").click()
    page.locator(".modal-dialog .o_data_row").locator("button").first.click()
    page.locator("[name=vat] input").fill("V-12345678")
    page.locator("[name=vat] input").press("Tab")
    page.click(".o_form_button_save:visible")
    expect(page.locator(".o_form_button_save:visible")).to_have_count(0)
    page.goto("/odoo/customer-invoices")
    page.locator(".o_data_row", has_text="Carmen Guest").first.click()
    page.locator("button[name=action_post]:visible").click()
    expect(page.locator("[name=smart_control_number]").first).to_have_text(re.compile("00-"))
    checked(script(SENDING_BY_ITSELF))
    [files] = letters.with_prints()
    assert what_came(database) == ["done", "t", "sale", "invoiced", "posted", "t", "0"]
    [(name, printed)] = files.items()
    assert name == "FAC-00000001.pdf"
    assert printed.startswith(b"%PDF")
    checked(script(PORTAL))
    portal_gives(server, the_invoice(database)[0], printed)


def test_a_guest_with_a_cedula_pays_while_smart_is_not_there(
    shop, server, script, chromium, database, letters, simulator
):
    simulator.stop()
    guest = chromium.new_context(base_url=server.url).new_page()
    buy(guest, shop, "V-12345678")
    assert what_came(database) == ["done", "t", "sale", "invoiced", "posted", "f", "0"]
    move, number, state = the_invoice(database)
    assert (number, state) == ("", "queued")
    checked(script(PORTAL))
    customer = server.new_session()
    customer.login("carmen", "carmen")
    waiting = customer.session.get(f"{server.url}/my/invoices/{move}")
    assert "waits for its control number" in waiting.text
    checked(script(SENDING_BY_ITSELF))
    assert not letters.with_prints()

    back = SimulatorProcess()
    try:
        connect(database, back)
        server.call("smart.lane", "action_resume", server.call("smart.lane", "search", []))
        wait_for(lambda: the_invoice(database)[2] == "issued", what="issue")
        checked(script(SENDING_BY_ITSELF))
        [files] = letters.with_prints()
        [(name, printed)] = files.items()
        assert name == "FAC-00000001.pdf"
        portal_gives(server, move, printed)
        checked(script(SENDING_BY_ITSELF))
        assert len(letters.with_prints()) == 1
        assert what_came(database) == ["done", "t", "sale", "invoiced", "posted", "t", "0"]
    finally:
        back.stop()

"""The cashier hears before the money what cannot be taken back; in a real browser."""

import json

import pytest
from conftest import checked
from playwright.sync_api import expect
from servers import psql, wait_for
from till import Till, handed_in, make_shop

#: As before each sale was a fiscal document.
SOLD = """
import json
order = json.loads(os.environ["ORDER"])
sale = env["pos.session"].browse(order["session_id"]).config_id.invoice_journal_id
sale.smart_enabled = False
env["pos.order"].with_user(order["user_id"]).sync_from_ui([order])
sale.smart_enabled = True
if os.environ["ISSUED"]:
    env["pos.order"].search([("uuid", "=", order["uuid"])]).action_pos_order_invoice()
cr.commit()
cr.close()
"""


@pytest.fixture
def take_back(script, request):
    """Sell a shirt, then stand before the payment of its return."""

    def go(issued=False, then=lambda: None):
        world = make_shop(script, "Efectivo")
        order = handed_in(world, "Efectivo", to_invoice=False)
        page = request.getfixturevalue("page")  # its server issues
        checked(script(SOLD, ORDER=json.dumps(order), ISSUED="1" if issued else ""))
        then()
        till = Till(page, world["shop"])
        till.take_back()
        return till

    return go


def test_what_was_never_invoiced_is_taken_back_without_invoice_alone(take_back, database):
    till = take_back()
    # The customer is a company, for which Odoo's till proposes an invoice. There is nothing that a
    # note could be about; the only form of payment is there at once.
    expect(till.lines).to_have_count(1)
    button = till.screen.locator(".js_invoice")
    expect(button).to_be_disabled()
    expect(button.locator(".fa-check-square")).to_have_count(0)
    till.shoot("till_never_invoiced")
    till.validate()
    back = "SELECT to_invoice, account_move IS NULL FROM pos_order WHERE amount_total < 0"
    assert psql(back, database) == "f|t"


def test_what_was_annulled_is_not_paid(take_back, database):
    def annulled():
        states = "SELECT state FROM smart_document"
        wait_for(lambda: psql(states, database) == "issued", what="issue")
        psql("UPDATE smart_document SET state = 'annulled'", database)

    till = take_back(issued=True, then=annulled)
    expect(till.dialog).to_contain_text("anulado en SMART")
    till.shoot("till_annulled")
    till.dialog.locator(".modal-footer .btn").click()
    expect(till.lines).to_have_count(0)

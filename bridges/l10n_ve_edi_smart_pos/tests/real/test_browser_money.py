"""What the cashier sees of money: dollars, the IGTF, returns and exchanges; in a real browser."""

import json

import pytest
from conftest import checked
from playwright.sync_api import expect
from servers import psql, wait_for
from till import Till, amount, handed_in, make_shop, shoot
from till_books import expect_books, expect_closed

DOCUMENTS = """
SELECT document_type, amount_total, request_body::json ->> 'baseigft' FROM smart_document
WHERE state = 'issued' ORDER BY id
"""


@pytest.fixture
def till(script, request):
    world = make_shop(
        script, "Efectivo", "Tarjeta", "Dólares", "Zelle", smart_show_second_currency=True
    )
    # The page logs in afterwards, in Spanish.
    return Till(request.getfixturevalue("page"), world["shop"])


def documents(database, count):
    """Return kind, total and base of the IGTF of each document, once so many are issued."""
    wait_for(lambda: len(psql(DOCUMENTS, database).splitlines()) == count, what="issue")
    return psql(DOCUMENTS, database).splitlines()


def test_dollars_in_cash_cost_the_igtf_before_they_are_paid(till, database):
    till.order("Camisa")
    due, said = till.screen.locator(".total"), till.screen.locator(".smart-igtf")
    expect(due).to_contain_text(amount("116.00"))
    expect(till.screen.locator(".smart-second-currency")).to_contain_text(amount("40.5647"))
    expect(said).to_have_count(0)
    till.pay("Dólares")
    expect(said).to_contain_text(amount("3.48"))
    expect(due).to_contain_text(amount("119.48"))
    expect(till.lines.first).to_contain_text(amount("2.95"))
    till.shoot("money_dollars")
    # The cashier enters dollars; the rest is paid in bolívares, the IGTF too.
    till.type_amount("1", amount("1.00"))
    expect(said).to_contain_text(amount("1.22"))
    till.pay("Tarjeta")
    expect(till.lines.last).to_contain_text(amount("76.66"))
    till.shoot("money_mixed")
    # What is not paid in dollars after all costs no more.
    till.lines.first.locator(".delete-button").click()
    expect(said).to_have_count(0)
    expect(due).to_contain_text(amount("116.00"))
    till.lines.first.locator(".delete-button").click()
    expect(till.lines).to_have_count(0)
    # Dollars and bolívares in cash, with change.
    till.pay("Efectivo")
    till.type_amount("66", amount("66.00"))
    till.pay("Dólares")
    expect(said).to_contain_text(amount("1.50"))
    till.type_amount("2", amount("81.13"))
    expect(till.screen.locator(".payment-status-amount")).to_contain_text(amount("29.63"))
    till.shoot("money_change")
    till.validate()
    # Among the totals of the document, and nowhere else.
    expect(till.ticket.locator(".smart-ticket-totals")).to_contain_text(amount("1.50"))
    expect(till.ticket.locator(".smart-igtf")).to_have_count(0)
    expect(till.ticket.locator(".smart-second-currency")).to_contain_text(amount("40.5647"))
    expect(till.ticket.locator(".orderline")).to_have_count(1)
    till.shoot("money_ticket")
    assert documents(database, 1) == ["invoice|117.50|50"]
    change = "SELECT amount FROM pos_payment WHERE is_change"
    assert psql(change, database) == "-29.63"


STATED = """() => {
    const orders = odoo.__WOWL_DEBUG__.root.env.services.pos.models["pos.order"];
    return orders.getAll().map((order) => [
        order.smartRateOfTheDay, order.smartInSecondCurrency(order.totalDue),
        ...order.payment_ids.map((payment) => payment.smartForeignText),
    ].join(" "));
}"""


def test_a_ticket_that_is_printed_again_states_the_rate_of_its_sale(till, database):
    till.order("Camisa")
    till.pay("Zelle")
    till.validate()
    documents(database, 1)
    expect(till.ticket).to_contain_text("Factura 00000001")
    till.next_order()
    psql("UPDATE res_currency_rate SET rate = 1 / 50.25 WHERE name = '2020-01-01'", database)
    till.order("Camisa")
    due = till.screen.locator(".smart-second-currency")
    expect(due).to_contain_text(amount("50.2500"))
    sold, begun = till.page.evaluate(STATED)
    for said in ("40.5647", "2.95"):
        assert len(amount(said).findall(sold)) == (2 if said == "2.95" else 1), sold
    assert amount("50.2500").search(begun), begun


def test_a_return_gives_the_igtf_back(till, database):
    till.order("Camisa")
    till.pay("Zelle")
    till.validate()
    documents(database, 1)
    till.next_order()
    till.take_back()
    expect(till.screen.locator(".smart-igtf-back")).to_contain_text(amount("3.48"))
    expect(till.screen.locator(".total")).to_contain_text(amount("119.48"))
    till.pay("Dólares")
    till.shoot("money_return")
    till.validate()
    till.shoot("money_return_ticket")
    assert documents(database, 2) == ["invoice|119.48|116", "credit_note|119.48|116"]


def test_what_the_server_knows_better_is_told_before_the_money(till, database):
    till.order("Camisa")
    till.pay("Tarjeta")
    till.validate()
    documents(database, 1)
    till.next_order()
    till.take_back()
    # As if another till had taken it back meanwhile.
    psql("UPDATE pos_order_line SET qty = 0 WHERE qty = 1", database)
    till.screen.locator(".paymentmethod", has_text="Tarjeta").click()
    expect(till.dialog).to_contain_text("Camisa")
    till.shoot("money_nothing_left")
    till.dialog.locator(".modal-footer .btn").click()
    expect(till.lines).to_have_count(0)


@pytest.mark.parametrize(
    ("sold", "bought", "total", "issued"),
    [
        ("Camisa", "Pantalón", "58.00", ["invoice|174.00|0", "credit_note|116.00|0"]),
        ("Pantalón", "Camisa", "58.00", ["invoice|116.00|0", "credit_note|174.00|0"]),
    ],
    ids=["dearer", "cheaper"],
)
def test_an_exchange(till, database, request, sold, bought, total, issued):
    name = request.node.callspec.id
    till.order(sold)
    till.pay("Tarjeta")
    till.validate()
    documents(database, 1)
    till.next_order()
    till.take_back()
    till.back()
    till.choose(bought)
    expect(till.basket).to_have_count(2)
    till.shoot(f"money_{name}_lines")
    till.to_payment()
    expect(till.screen.locator(".total")).to_contain_text(amount(total))
    till.pay("Efectivo")
    till.shoot(f"money_{name}")
    till.validate()
    till.shoot(f"money_{name}_ticket")
    assert sorted(documents(database, 3)[1:]) == sorted(issued)
    state = "SELECT state, amount_total = amount_paid FROM pos_order ORDER BY id DESC LIMIT 1"
    assert psql(state, database) == "done|t"


def test_the_evening_names_what_waits_and_the_register_closes(till, database, simulator):
    simulator.fault("refuse", seconds=3600)
    till.order("Camisa")
    till.pay("Dólares")
    till.validate()
    till.next_order()
    popup = till.close()
    expect(popup.locator(".smart-waiting")).to_contain_text("Trinidad")
    expect(popup.locator(".smart-foreign")).to_contain_text(amount("2.95"))
    popup.locator(".smart-waiting").scroll_into_view_if_needed()
    till.shoot("money_closing")
    popup.locator(".modal-footer .btn-primary").click()
    expect_closed(database)


#: An order that nobody has paid yet, as a till saves it.
SAVED = """
import json
order = json.loads(os.environ["ORDER"])
env["pos.order"].with_user(order["user_id"]).sync_from_ui([order])
print(env["pos.order"].search([("uuid", "=", order["uuid"])]).id)
cr.commit()
cr.close()
"""


def test_who_pays_in_the_back_office_in_dollars_pays_the_igtf_too(script, database, request):
    world = make_shop(script, "Efectivo", "Dólares")
    saved = handed_in(world, "Dólares", state="draft", payment_ids=[], amount_paid=0.0)
    order = checked(script(SAVED, ORDER=json.dumps(saved))).split()[-1]
    page = request.getfixturevalue("page")
    page.goto(f"/odoo/action-point_of_sale.action_pos_pos_form/{order}")
    page.locator(".o_statusbar_buttons button", has_text="Pago").first.click()
    window = page.locator(".modal-dialog")
    due = window.locator("[name=amount] input")
    expect(due).to_have_value(amount("116.00"))
    method = window.locator("[name=payment_method_id] input")
    method.fill("Dólares")
    page.locator(".o-autocomplete--dropdown-item", has_text="Dólares").first.click()
    expect(due).to_have_value(amount("119.48"))
    expect(window.locator("[name=smart_igtf_words]")).to_contain_text(amount("3.48"))
    shoot(page, "money_by_hand")
    window.locator("button[name=check]").click()
    expect(window).to_have_count(0)
    assert documents(database, 1) == ["invoice|119.48|116"]
    expect_books(database, "done|invoice|issued|119.48|0.00")


# Prints function -> pairs of arguments and what is right.
TABLES = """
import random
from odoo.addons.l10n_ve_edi_smart_pos import igtf
numbers = random.Random(20261129)
def cents(most):
    return Decimal(numbers.randrange(most)) / 100
bases = [cents(10**7) for _n in range(2000)] + [Decimal("100.50"), Decimal("0.50")]
orders = [
    (cents(10**6), [(cents(10**6), numbers.random() < 0.5) for _n in range(numbers.randrange(5))])
    for _n in range(1000)
]
returns = []
for _n in range(1000):
    base, limit = cents(10**6), cents(10**6)
    given = Decimal(numbers.randrange(int(base * 100) + 1)) / 100
    share = numbers.choice([1.0, numbers.random()])
    returns.append((base, igtf.igtf_of(base), share, limit, given, igtf.igtf_of(given)))
print(json.dumps({
    "igtfOf": [[[base], igtf.igtf_of(base)] for base in bases],
    "foreignPart": [
        [[total, [{"amount": paid, "foreign": foreign} for paid, foreign in payments]],
         igtf.foreign_part(total, payments)]
        for total, payments in orders],
    "baseToGiveBack": [[given, igtf.base_to_give_back(*given)] for given in returns],
}, default=float))
cr.close()
"""


def test_the_till_computes_the_igtf_as_the_server_does(till, script):
    """Whatever is paid how, and given back in which parts."""
    header = "import json\nfrom decimal import Decimal"
    tables = json.loads(checked(script(header + TABLES)).strip().splitlines()[-1])
    for name, table in tables.items():
        came = till.page.evaluate(
            "([name, table]) => table.map(([given]) => odoo.loader.modules.get("
            "'@l10n_ve_edi_smart_pos/app/igtf/igtf_math')[name](...given))",
            [name, table],
        )
        wrong = [
            (given, right, said)
            for (given, right), said in zip(table, came, strict=True)
            if round(right - said, 2)
        ]
        assert not wrong, f"{name}: {wrong[:5]}"

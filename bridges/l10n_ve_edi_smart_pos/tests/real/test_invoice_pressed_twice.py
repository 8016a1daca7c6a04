"""The invoice of an order is asked for by everybody in the same moment: it has one, and no more."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from servers import OdooError, psql, wait_for
from till import handed_in, make_shop

ORDERS = 5

#: What a customer enters behind the code on a ticket.
ENTERED = {
    "kind": "cedula",
    "vat": "V-12345678",
    "name": "Ana Pérez",
    "street": "Calle 1",
    "phone": "0414-1234567",
    "email": "ana@example.com",
}
#: Odoo's demo data has orders of another company.
OURS = "WHERE company_id = (SELECT company_id FROM res_users WHERE login = 'admin')"
WAITING = "SELECT count(*) FROM smart_document WHERE state != 'issued'"
#: Of every order: its state, how many invoices say that they are of it, how many payments are
#: booked, and what is open.
BOOKS = f"""
SELECT o.state, count(DISTINCT m.id), count(DISTINCT p.account_move_id), sum(m.amount_residual)
FROM pos_order o JOIN account_move m ON m.invoice_origin = o.pos_reference
JOIN pos_payment p ON p.pos_order_id = o.id
{OURS.replace("company_id", "o.company_id", 1)} AND m.state = 'posted' GROUP BY o.id ORDER BY o.id
"""


class Orders:
    """Orders that are paid and name nobody, so that they have no invoice yet."""

    def __init__(self, world, servers, database):
        self.world, self.servers, self.database = world, servers, database
        self.sold = [handed_in(world, "Tarjeta", partner_id=False) for _n in range(ORDERS)]
        for one in self.sold:
            self.sync(servers[0], one)
        tokens = psql(f"SELECT id, access_token FROM pos_order {OURS} ORDER BY id", database)
        rows = [row.split("|") for row in tokens.splitlines()]
        self.ids, self.tokens = [int(row[0]) for row in rows], [row[1] for row in rows]

    def sync(self, server, order):
        return self.call(server, "pos.order", "sync_from_ui", [order])

    def call(self, server, *args, **kwargs):
        return server.call(*args, company=self.world["company"], **kwargs)

    def name_customer(self):
        values = {"partner_id": self.world["customer"]}
        self.call(self.servers[0], "pos.order", "write", self.ids, values)

    # -- roads: each takes the place of an order in the list -------------------------------------

    def press(self, server, number):
        """Press the button of the form, or of the till's list of orders."""
        self.call(server, "pos.order", "action_pos_order_invoice", [self.ids[number]])

    def choose_in_list(self, server, number):
        chosen = {"active_ids": [self.ids[number]], "active_id": self.ids[number]}
        wizard = self.call(server, "pos.make.invoice", "create", {}, context=chosen)
        try:
            self.call(
                server, "pos.make.invoice", "action_create_invoices", [wizard], context=chosen
            )
        except OdooError as error:
            if "No valid orders" not in str(error):  # it has one meanwhile
                raise

    def enter_at_page(self, server, number):
        visitor = server.new_session().session
        address = f"{server.url}/pos/ticket/validate"
        page = visitor.get(address, params={"access_token": self.tokens[number]}, timeout=600).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        if not token:
            assert "smart_document" in page, page  # it has one meanwhile
            return
        entered = {**ENTERED, "access_token": self.tokens[number], "csrf_token": token[1]}
        answer = visitor.post(address, data=entered, timeout=600)
        assert answer.ok, answer.text
        assert "smart_document" in answer.text, answer.text

    def sync_again(self, server, number):
        """Hand it in as a till does that did not hear the answer."""
        self.sync(server, self.sold[number])


@pytest.fixture
def orders(script, simulator, database, start_server):
    world = make_shop(script)
    return Orders(world, [start_server(), start_server()], database)


def at_once(orders, *roads):
    """Have each road walked over both servers in the same moment, for one order after another."""
    walks = [(road, server) for road in roads for server in orders.servers]
    clients = [server.another_client() for _road, server in walks]
    together = Barrier(len(walks))

    def walk(place):
        road, _server = walks[place]
        for number in range(ORDERS):
            together.wait(600)
            try:
                getattr(orders, road)(clients[place], number)
            except BaseException:
                together.abort()
                raise

    with ThreadPoolExecutor(len(walks)) as pool:
        list(pool.map(walk, range(len(walks))))


def expect_one_each(orders, simulator):
    wait_for(lambda: psql(WAITING, orders.database) == "0", "the end of the queue")
    expected = [f"{number:08d}" for number in range(1, ORDERS + 1)]
    assert simulator.issued() == expected
    assert psql("SELECT count(*) FROM smart_document", orders.database) == str(ORDERS)
    invoices = f"SELECT count(*) FROM account_move {OURS} AND move_type = 'out_invoice'"
    assert psql(invoices, orders.database) == str(ORDERS)
    assert psql(BOOKS, orders.database).splitlines() == ["done|1|1|0.00"] * ORDERS


def test_the_back_office_presses_it_twice_while_the_till_sends_the_order_again(orders, simulator):
    orders.name_customer()
    at_once(orders, "press", "choose_in_list", "sync_again")
    expect_one_each(orders, simulator)


def test_a_customer_presses_it_twice_on_the_page_of_the_ticket(orders, simulator):
    at_once(orders, "enter_at_page")
    expect_one_each(orders, simulator)
    people = "SELECT count(*) FROM res_partner WHERE vat = 'V-12345678'"
    assert psql(people, orders.database) == "1"


def test_the_back_office_and_the_customer_press_it_at_once(orders, simulator):
    orders.name_customer()
    at_once(orders, "press", "enter_at_page")
    expect_one_each(orders, simulator)


def test_a_till_that_sends_an_order_twice_at_once_sells_it_once(orders, simulator):
    world = orders.world
    orders.sold = [handed_in(world, "Tarjeta") for _n in range(ORDERS)]
    at_once(orders, "sync_again")
    sold = f"SELECT count(*) FROM pos_order {OURS} AND account_move IS NOT NULL"
    assert psql(sold, orders.database) == str(ORDERS)
    wait_for(lambda: psql(WAITING, orders.database) == "0", "the end of the queue")
    assert simulator.issued() == [f"{number:08d}" for number in range(1, ORDERS + 1)]

"""What the books say of what tills sold, for tests that walk them in a browser."""

from servers import psql, wait_for

#: The orders of the company, each with its documents: the invoice first, then the notes.
ORDERS = """
FROM pos_order o
LEFT JOIN account_move m ON m.id = o.account_move OR m.id IN (
    SELECT account_move_id FROM smart_pos_order_note_rel WHERE pos_order_id = o.id)
LEFT JOIN smart_document d ON d.move_id = m.id
WHERE o.company_id = (SELECT company_id FROM res_users WHERE login = 'admin')
"""
BOOKS = f"""
SELECT o.state, d.document_type, d.state, round(m.amount_total, 2), round(m.amount_residual, 2)
{ORDERS} ORDER BY o.id, m.id
"""
FORMS = f"""
SELECT (SELECT string_agg(form ->> 'forma' || ' ' || round((form ->> 'valor')::numeric, 2), ', '
                          ORDER BY form ->> 'forma')
        FROM json_array_elements(d.request_body::json -> 'formasdepago') form)
{ORDERS} ORDER BY o.id, m.id
"""
#: The session that was opened last is closed.
CLOSED = "SELECT state FROM pos_session ORDER BY id DESC LIMIT 1"


def books(database):
    """Return of each document of each order, in order: ``done|invoice|issued|116.00|0.00``.

    That is the order's state; kind, state and total of the document; what is open of it.
    """
    return psql(BOOKS, database).splitlines()


def expect_books(database, *rows):
    """Wait until the books say this, see :func:`books`; fail at once with what they do say."""

    def settled():
        # What has no document yet, or none that is settled, still moves.
        return len(found := books(database)) == len(rows) and all(
            row in rows or row.split("|")[2] == "issued" for row in found
        )

    wait_for(settled, what=f"{rows}, not {books(database)},")
    assert books(database) == list(rows)


def forms(database):
    """Return the forms of payment of each document: ``Efectivo 66.00, Gift Card 50.00``."""
    return psql(FORMS, database).splitlines()


def expect_closed(database):
    """Wait until the register is closed."""
    wait_for(lambda: psql(CLOSED, database) == "closed", what="the end of the session")

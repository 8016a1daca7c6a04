"""What documents are issued for: how a person confirms it, takes it back, and sees it done."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Owners:
    """A model of owners.

    :param field: of the fiscal document, that points to one
    :param to_do: a query: of some ids, those that are still to be confirmed, each with the method
        that does it
    :param take_back: the method that takes a document back that waits
    :param confirmed: the state of one that is confirmed
    """

    model: str
    table: str
    field: str
    to_do: str
    take_back: str
    confirmed: str


INVOICES = Owners(
    model="account.move",
    table="account_move",
    field="move_id",
    to_do="""
        SELECT id, 'action_post' FROM account_move
         WHERE id = ANY(%s) AND state = 'draft' ORDER BY id
    """,
    take_back="button_draft",
    confirmed="posted",
)
#: Goods have left even where their document was taken back: it is issued again by another button.
TRANSFERS = Owners(
    model="stock.picking",
    table="stock_picking",
    field="picking_id",
    to_do="""
        SELECT picking.id,
               CASE picking.state WHEN 'done' THEN 'action_smart_issue' ELSE 'button_validate' END
          FROM stock_picking AS picking
     LEFT JOIN smart_document AS document ON document.id = picking.smart_document_id
         WHERE picking.id = ANY(%s) AND (picking.state <> 'done' OR document.state = 'withdrawn')
      ORDER BY picking.id
    """,
    take_back="action_smart_take_back",
    confirmed="done",
)
OWNERS = {one.model: one for one in (INVOICES, TRANSFERS)}

"""How long a shop waits for a control number, and what waits there."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import html2plaintext

from odoo.addons.l10n_ve_edi_smart.models.base.labels import labels
from odoo.addons.l10n_ve_edi_smart.models.invoice.account_move_deferred import DEFERRED
from odoo.addons.l10n_ve_edi_smart.models.terms import (
    QUEUED,
    REFUSED,
    SENDING,
    UNKNOWN,
    UNNUMBERED_STATES,
)

#: No customer stands there for longer.
LONGEST_WAIT_SECONDS = 10

#: What the till lists; the rest is counted.
LISTED = 100


class PosConfig(models.Model):
    _inherit = "pos.config"

    smart_wait_seconds = fields.Integer(
        string="Wait for the Control Number",
        default=2,
        help="The ticket is printed with the control number if that comes within so many seconds "
        "after the order was validated; otherwise it says that the number is on its way. The next "
        "order can be begun meanwhile. 0: never wait.",
    )

    @api.constrains("smart_wait_seconds")
    def _check_smart_wait_seconds(self):
        for shop in self:
            if not 0 <= shop.smart_wait_seconds <= LONGEST_WAIT_SECONDS:
                raise ValidationError(
                    self.env._(
                        "Choose from 0 to %s seconds to wait for the control number of a ticket.",
                        LONGEST_WAIT_SECONDS,
                    )
                )

    def smart_follow(self, order_ids):
        """Return what the till shows of fiscal documents; it asks again and again.

        :param list order_ids: orders whose documents wait, as far as the till knows
        :returns: ``tickets``: see ``pos.order.smart_read_tickets``; ``count``: how many orders of
            the shop wait; ``waiting``: the oldest of them, see ``_smart_waiting_row``
        """
        self.ensure_one()
        self.check_access("read")
        waiting = self._smart_waiting_orders()
        return {
            "tickets": self.env["pos.order"].smart_read_tickets(order_ids),
            "count": len(waiting),
            "waiting": [self._smart_waiting_row(order) for order in waiting[:LISTED]],
        }

    def _smart_waiting_orders(self):
        """Return the orders of this shop whose documents have no control number, oldest first."""
        # sudo: cashiers need no right to invoices and fiscal documents
        shop = self.sudo()
        if not shop.smart_is_fiscal:
            return shop.env["pos.order"]
        # In these pairs of states, because that is how they are indexed: few of very many.
        documents = shop.env["smart.document"]._search(
            Domain("company_id", "=", shop.company_id.id)
            & (Domain("state", "in", [QUEUED, SENDING, UNKNOWN]) | Domain("state", "in", [REFUSED]))
        )
        drafts = shop.env["account.move"]._search(
            [("journal_id", "=", shop.invoice_journal_id.id), ("state", "=", "draft")]
        )
        orders = shop.env["pos.order"]
        for path, found in (
            ("account_move.smart_document_id", documents),
            ("smart_note_ids.smart_document_id", documents),
            ("account_move", drafts),
            ("smart_note_ids", drafts),
        ):
            orders |= orders.search([("config_id", "=", shop.id), (path, "in", found)])
        return orders.sorted(lambda order: (order.date_order, order.id))

    @api.model
    def _smart_waiting_row(self, order):
        """Return what the till lists of an order that waits.

        ``id``, ``uuid``, ``reference``, ``amount``; ``since`` (UTC); ``state`` and ``label`` as in
        ``pos.order._smart_ticket``; ``why``: in words what it waits for, or what is wrong.
        """
        move = order._smart_moves().filtered(
            lambda move: move.state == "draft" or move.smart_document_id.state in UNNUMBERED_STATES
        )[:1]
        document = move.smart_document_id if move.state == "posted" else move.browse()
        return {
            "id": order.id,
            "uuid": order.uuid,
            "reference": order.pos_reference or order.name,
            "amount": order.amount_total,
            "since": fields.Datetime.to_string(
                (document and document.queued_at) or order.date_order
            ),
            "state": document.state if document else "draft",
            "label": (
                labels(document, "state")[document.state]
                if document
                else self.env._("To be mended")
            ),
            "why": self._smart_why_waiting(move, document),
        }

    @api.model
    def _smart_why_waiting(self, move, document):
        if not document:
            activity = move.activity_search([DEFERRED])[:1]
            return html2plaintext(activity.note or "", include_references=False).strip()
        lane = document.lane_id
        said = document.last_error if document.state in (REFUSED, UNKNOWN) else lane.reason
        return str(said or document._waits_for() or "")

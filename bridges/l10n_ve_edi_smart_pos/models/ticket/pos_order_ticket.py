"""What the till knows, prints and shows of the fiscal documents of its orders."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import html2plaintext

from odoo.addons.l10n_ve_edi_smart.models.base.labels import labels
from odoo.addons.l10n_ve_edi_smart.models.paper import words
from odoo.addons.l10n_ve_edi_smart.models.terms import (
    ISSUED,
    NUMBERED_STATES,
    QUEUED,
    SENDING,
    UNNUMBERED_STATES,
)
from odoo.addons.l10n_ve_edi_smart.smart_api.document_file import is_public
from odoo.addons.l10n_ve_edi_smart.smart_api.schemas import stated

#: A document that has so many others before it does not get its number while somebody waits.
SHORT_QUEUE = 5


class PosOrder(models.Model):
    _inherit = "pos.order"

    smart_ticket = fields.Json(
        compute="_compute_smart_ticket",
        help="What the till prints and shows of the order's fiscal documents.",
    )

    smart_numbers = fields.Char(
        string="Fiscal Documents",
        compute="_compute_smart_numbers",
        search="_search_smart_numbers",
        help="The legal numbers of invoice and credit notes.",
    )

    # Not of what happens to the documents: whoever settles one would have to look for its order.
    # It is read in transactions of their own.
    @api.depends("account_move", "smart_note_ids")
    @api.depends_context("lang")
    def _compute_smart_ticket(self):
        for order in self:
            order.smart_ticket = order._smart_ticket() if order._smart_is_fiscal() else False

    @api.depends("account_move", "smart_note_ids")
    @api.depends_context("lang")
    def _compute_smart_numbers(self):
        for order in self:
            names = order._smart_moves().mapped("smart_legal_name")
            order.smart_numbers = ", ".join(filter(None, names))

    @api.model
    def _search_smart_numbers(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        # The till puts the wildcards of SQL around what was typed.
        value = value.strip("%") if isinstance(value, str) else value
        # sudo: cashiers need no right to invoices; of them, these are the numbers of own orders
        moves = self.env["account.move"].sudo()._search([("smart_number", operator, value)])
        return Domain("account_move", "in", moves) | Domain("smart_note_ids", "in", moves)

    def _smart_moves(self):
        """Return invoice and credit notes of these orders, the one that is paid first."""
        # sudo: cashiers need no right to invoices
        orders = self.sudo()
        return orders.account_move | orders.smart_note_ids

    def _smart_ticket_moves(self):
        """Return invoice and notes that are, or will be, fiscal documents.

        Without what was invoiced before SMART, or was free.
        """
        return self._smart_moves().filtered(
            lambda move: move.state == "draft" or move.smart_document_id
        )

    def _smart_ticket(self):
        """Return what is printed and shown of this order's fiscal documents.

        Words that are printed are Spanish, as the law wants them; only ``label`` is in the
        language of who looks at it.

        - ``documents``: a list of dictionaries, the one that is paid first, each with

          - ``state``: one of ``terms.STATES``, or ``"draft"``; ``label``: in words
          - ``numbered``: whether it has its control number
          - ``name``: ``"Factura 00000012"``, before it is issued ``"Factura en trámite"``
          - ``control``, ``url`` (of SMART's print, if everybody may fetch it): ``""`` for none
          - ``numbers``: pairs of label and value; ``issuer``, ``customer``, ``marks``,
            ``remarks``: lists of lines; ``applies``, ``footer``: texts
          - ``rate``: in bolívares, of the other currency that it states; nothing before it is
            confirmed
          - ``totals``: a list of label, list of texts by currency, and ``last``

        - ``waits``: whether one of them has no control number yet
        - ``soon``: whether it is worth waiting for a moment
        """
        self.ensure_one()
        moves = self._smart_ticket_moves()
        documents = [self._smart_ticket_document(move) for move in moves]
        waiting = moves.smart_document_id.filtered(lambda one: one.state in UNNUMBERED_STATES)
        seconds = self.config_id.sudo().smart_wait_seconds
        return {
            "documents": documents,
            "waits": any(not document["numbered"] for document in documents),
            "soon": bool(waiting) and all(one._smart_comes_soon(seconds) for one in waiting),
        }

    def _smart_ticket_document(self, move):
        document = move.smart_document_id
        if move.state != "draft":
            label = labels(document, "state")[document.state]
            return document._smart_on_ticket() | {"label": label}
        title = words.TITLES["invoice" if move.move_type == "out_invoice" else "credit_note"]
        return {
            "state": "draft",
            "label": self.env._("To be mended"),
            "numbered": False,
            "name": f"{title} en trámite",
            **dict.fromkeys(("control", "url", "applies", "footer"), ""),
            **{
                name: [] for name in ("numbers", "issuer", "customer", "totals", "remarks", "marks")
            },
        }

    @api.model
    def smart_read_tickets(self, order_ids):
        """Return what the till shows of orders: id -> ``smart_ticket``; the till asks for it."""
        orders = self.browse(order_ids).exists()
        orders.check_access("read")
        return {str(order.id): order.smart_ticket for order in orders}

    # -- told to the tills -------------------------------------------------------------------

    def _smart_tell_tills(self):
        """Tell the tills of the shops that there is news of these orders."""
        for shop, orders in self.grouped("config_id").items():
            # The name of the channel is known to customers' phones that order there, so that
            # nothing is told but which orders to ask about.
            shop._notify("SMART_TICKETS", {"order_ids": orders.ids})


class SmartDocument(models.Model):
    _inherit = "smart.document"

    def _smart_comes_soon(self, seconds):
        """Tell whether its control number probably comes within so many seconds.

        A till may wait for it then. It does not where the queue stands still, is long, or SMART
        was slower the last time.
        """
        self.ensure_one()
        lane = self.lane_id
        if not seconds or self.state not in (QUEUED, SENDING) or lane._stopped():
            return False
        if self.issuer_id.smart_environment != self.environment:
            return False
        ahead = self.search_count(
            [*lane._documents([QUEUED]), ("queue_position", "<", self.queue_position)],
            limit=SHORT_QUEUE + 1,
        )
        return ahead <= SHORT_QUEUE and self.env["smart.exchange"]._was_quick(
            self.issuer_id, "issue", seconds
        )

    def _smart_on_ticket(self):
        """Return what a ticket says of it, see ``pos.order._smart_ticket``."""
        self.ensure_one()
        sent = stated(self.request_body)
        title = words.TITLES[self.document_type]
        numbered = self.state in NUMBERED_STATES
        return {
            "state": self.state,
            "numbered": numbered,
            "name": f"{title} {self.internal_number if numbered else 'en trámite'}",
            "control": self.control_number or "",
            "url": self._smart_public_url(),
            # The ticket's title has the first one. Before it is issued it has none that stays.
            "numbers": self._paper_numbers(sent)[1:] if numbered else [],
            "issuer": self._paper_issuer(sent),
            "customer": [
                sent["customer_name"],
                f"RIF o cédula: {sent['customer_identification']}",
                f"Dirección: {sent['customer_address']}",
            ],
            "applies": self._paper_applies(),
            "rate": float(sent["exchange_rate"] or 0),
            "totals": self._smart_ticket_totals(sent),
            # The ticket lists itself how it was paid.
            "remarks": self._paper_remarks({**sent, "payments": []}),
            "marks": self._paper_marks() if numbered else [],
            "footer": html2plaintext(self.legal_footer or ""),
        }

    def _smart_ticket_totals(self, sent):
        currencies = self._paper_currencies(sent)
        return [
            {
                "label": total.label,
                "amounts": [
                    f"{currency} {amount}"
                    for currency, amount in zip(currencies, total.amounts, strict=True)
                ],
                "last": total.last,
            }
            for total in self._paper_totals(sent)
        ]

    def _smart_public_url(self):
        """Return where everybody can fetch SMART's print, ``""`` where there is none."""
        self.ensure_one()
        # What is annulled was printed before that.
        if self.state != ISSUED or self.issuer_id.smart_environment != self.environment:
            return ""
        url = self.document_url or ""
        return url if is_public(url, self.issuer_id._smart_base_url()) else ""

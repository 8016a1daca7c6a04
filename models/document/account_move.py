from odoo import api, fields, models

from ..base.labels import labels
from ..base.said import telling


class SmartDocument(models.Model):
    _inherit = "smart.document"

    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Invoice",
        readonly=True,
        ondelete="set null",
    )

    _move_unique = models.UniqueIndex(
        "(move_id) WHERE move_id IS NOT NULL", "An invoice has one fiscal document."
    )


class AccountMove(models.Model):
    """The invoice, first of the owners of fiscal documents."""

    _name = "account.move"
    _inherit = ["smart.document.owner", "account.move"]

    smart_document_ids = fields.One2many(
        comodel_name="smart.document",
        inverse_name="move_id",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )

    _smart_fields = {
        "branch": "journal_id",
        "company": "company_id",
        "currency": "currency_id",
        "customer": "partner_id",
        "date": "invoice_date",
        "due": "invoice_date_due",
        "former": "smart_former_number",
        "igtf": "smart_igtf_base",
        "lines": "invoice_line_ids",
        "name": "name",
        "payments": "invoice_payment_term_id",
        "rate": "invoice_currency_rate",
        "related": "smart_note_origin_id",
        "remark": "narration",
        "taxes": "line_ids",
        "total": "amount_total",
    }
    _smart_references = {
        "res.partner": ("partner_id", "partner_shipping_id"),
        "account.account": ("line_ids.account_id",),
        "product.product": ("line_ids.product_id",),
    }

    def _smart_is_fiscal(self):
        # IMPLEMENTS 'smart.document.owner'
        self.ensure_one()
        # sudo: Odoo also computes taxes for users without rights, such as a portal customer
        move = self.sudo()
        return bool(
            # A draft receipt is one that must be made an invoice; of those that were booked
            # before the addon was there, nothing is said.
            move.is_sale_document(include_receipts=move.state == "draft")
            and move.journal_id.smart_enabled
            and move.company_id.smart_issuer_id
        )

    @api.model
    def _smart_named(self, names, companies):
        # EXTENDS 'smart.document.owner': what is bought has numbers of others
        named = super()._smart_named(names, companies)
        return named.filtered(lambda move: move.move_type in ("out_invoice", "out_refund"))

    def _smart_in_order(self):
        # EXTENDS 'smart.document.owner': of their fiscal numbers, however they were selected
        return self.sorted(lambda move: (move.sequence_prefix or "", move.sequence_number))

    def _smart_mail_contacts(self):
        # EXTENDS 'smart.document.owner' with the contacts for invoices
        self.ensure_one()
        customer = self.commercial_partner_id
        invoice_contacts = customer.child_ids.filtered(lambda child: child.type == "invoice")
        contacts = (self.partner_id | invoice_contacts).filtered("email")
        return contacts or customer.filtered("email")

    def _smart_kind(self):
        # EXTENDS 'smart.document.owner'
        return labels(self, "move_type")[self.move_type]

    def _smart_part_name(self, record):
        # EXTENDS 'smart.document.owner'
        if record._name == "account.move.line":
            return record.name or record.product_id.display_name or ""
        return None

    def _smart_how_to_correct(self):
        # EXTENDS 'smart.document.owner'
        return telling(self.env)._("Correct it with a credit or debit note, or annul it.")

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.l10n_ve_edi_smart.models.terms import ISSUED


class StockPicking(models.Model):
    """Nothing goes to the customer before it is legal: the mail on a delivery waits for its print.

    What else Odoo does when goods have left (carriers, text messages) is done at once.
    """

    _name = "stock.picking"
    _inherit = "stock.picking"

    smart_mail_waits = fields.Boolean(
        string="To Be Mailed Once Issued",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The customer is told of the delivery as soon as its document has its control number "
        "and is printed.",
    )

    def _send_confirmation_email(self):
        # EXTENDS 'stock'
        picking = self.with_context(smart_confirming=True)
        return super(StockPicking, picking)._send_confirmation_email()

    def message_post_with_source(self, source_ref, **kwargs):
        # EXTENDS 'mail'. Not in the method above, for other addons do other things there.
        if (
            self.env.context.get("smart_confirming")
            and source_ref == self.company_id.stock_mail_confirmation_template_id
            and self._smart_is_mailed_later()
        ):
            self.smart_mail_waits = True
            return self.env["mail.message"]
        return super().message_post_with_source(source_ref, **kwargs)

    def _smart_is_mailed_later(self):
        """Tell whether its document is still to come, or SMART's print of it."""
        self.ensure_one()
        if not self._smart_is_fiscal() or not self._smart_moves():
            return False
        # sudo: for where it stands only
        document = self.sudo().smart_document_id
        if document.state != ISSUED:
            return True
        # Who tells the transfer that it can be sent holds this lock: afterwards it would be late.
        self.env.execute_query(
            SQL("SELECT id FROM smart_document WHERE id = %s FOR NO KEY UPDATE", document.id)
        )
        return bool(document.owner_step)

    def _smart_became_sendable(self):
        # EXTENDS 'smart.document.owner'
        for picking in self.filtered("smart_mail_waits"):
            document = picking.smart_document_id
            if document.state == ISSUED:
                picking.smart_mail_waits = False
                picking._smart_mail_as(document.create_uid)
        return super()._smart_became_sendable()

    def _smart_mail_as(self, author):
        """Send what Odoo would have sent when the goods left, from whoever let them leave."""
        self.ensure_one()
        company = self.company_id
        template = company.stock_mail_confirmation_template_id
        if not company.stock_move_email_validation or not template:
            return
        # sudo: they may have lost the right since
        picking = self.with_user(author).sudo().with_company(company)
        picking.with_context(lang=author.lang, force_send=True).message_post_with_source(
            template,
            email_layout_xmlid="mail.mail_notification_light",
            subtype_xmlid="mail.mt_comment",
        )

    def _smart_mail_contacts(self):
        # EXTENDS 'smart.document.owner': transfers between the company's places have no partner
        self.ensure_one()
        contact = self._smart_receiver()
        return contact.filtered("email") or contact.commercial_partner_id.filtered("email")

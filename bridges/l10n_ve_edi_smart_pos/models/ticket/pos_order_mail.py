"""The ticket by e-mail: of what waits for its number, once it has it."""

import base64

from odoo import fields, models
from odoo.exceptions import UserError

TEMPLATE = "point_of_sale.email_template_pos_receipt"


class PosOrder(models.Model):
    _inherit = "pos.order"

    smart_mail_to = fields.Char(
        string="To Be Mailed Once Issued",
        readonly=True,
        copy=False,
        help="The address that the cashier entered while the document waited for its control "
        "number.",
    )

    def _smart_waits(self):
        """Tell whether a fiscal document of this order has no control number yet."""
        self.ensure_one()
        return bool(self.smart_ticket and self.smart_ticket["waits"])

    def action_send_receipt(self, email, ticket_image, basic_image):
        # EXTENDS 'point_of_sale': nothing is mailed that looks like a document, and is none yet
        self.ensure_one()
        self.invalidate_recordset(["smart_ticket"])
        if not self._smart_waits():
            return super().action_send_receipt(email, ticket_image, basic_image)
        self.email = email
        # sudo: what is noted here is done later, in nobody's name
        self.sudo().smart_mail_to = email
        return None

    def _smart_send_what_was_asked_for(self):
        """Mail what was asked for at the till while it waited, with the documents that it has now.

        Without the picture of the ticket: that says that it waits.
        """
        template = self.env.ref(TEMPLATE, raise_if_not_found=False)
        self.invalidate_recordset(["smart_ticket"])
        for order in self.filtered("smart_mail_to"):
            if order._smart_waits():
                continue  # for another document of the same order
            if not template:
                raise UserError(
                    self.env._(
                        "The template of mails with tickets (%(template)s) was deleted, so "
                        "%(order)s is not mailed. Restore it by upgrading the Point of Sale.",
                        template=TEMPLATE,
                        order=order.name,
                    )
                )
            attachments = order._get_mail_attachments(order.name, False, False)
            values = {"email_to": order.smart_mail_to, "attachment_ids": attachments}
            order.smart_mail_to = False
            template.send_mail(order.id, email_values=values)

    def _get_mail_attachments(self, name, ticket, basic_ticket):
        # EXTENDS 'point_of_sale', which attaches a print of the invoice alone, named after the
        # order, and a picture, even if there is none
        moves = self._smart_moves().filtered(lambda move: move._smart_is_numbered())
        if not moves:
            return super()._get_mail_attachments(name, ticket, basic_ticket)
        files = [
            (f"Receipt-{name}{suffix}.jpg", image, "image/jpeg")
            for image, suffix in ((ticket, ""), (basic_ticket, "-1"))
            if image
        ]
        for move in moves:
            document = move._get_invoice_legal_documents("pdf", allow_fallback=True)
            files.append(
                (
                    document["filename"],
                    base64.b64encode(document["content"]),
                    "application/pdf",
                )
            )
        attachments = self.env["ir.attachment"].create(
            [
                {
                    "name": filename,
                    "datas": content,
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": self.ids[0],
                }
                for filename, content, mimetype in files
            ]
        )
        return [(4, attachment.id) for attachment in attachments]

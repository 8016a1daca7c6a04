"""Each sale of a fiscal shop is invoiced; after the money nothing is refused any more."""

import logging

from markupsafe import Markup
from psycopg2 import OperationalError

from odoo import models
from odoo.exceptions import ConcurrencyError, UserError

_logger = logging.getLogger(__name__)

#: Key of the context: the order is paid, so whatever is wrong with its invoice, it stands.
PAID = "smart_pos_paid"
#: Its value. It is an object, so no call from outside can send it.
AFTER_THE_MONEY = object()
#: Key of the context: why an invoice stays a draft, a :class:`Why`.
DRAFT = "smart_pos_stays_draft"
ACTIVITY = "l10n_ve_edi_smart_pos.mail_activity_type_not_invoiced"


class Why(str):
    """Words in the context that no call from outside can send."""


class PosOrder(models.Model):
    _name = "pos.order"
    _inherit = ["pos.order", "mail.activity.mixin"]

    def _smart_must_be_invoiced(self):
        """Tell whether this order is a sale, or takes back what a document was issued for.

        What takes back only what no document was issued for has nothing that a note could be about.
        """
        self.ensure_one()
        # sudo: cashiers need no right to invoices
        lines = self.sudo().lines
        documents = lines.refunded_orderline_id.order_id.account_move
        return bool(
            lines.filtered(lambda line: not line.refunded_orderline_id)
            or documents.filtered(lambda move: not move.smart_free)
        )

    def _smart_lacks_invoice(self):
        """Tell whether a paid order should have been invoiced.

        Not what was sold to nobody before each sale was: nothing of it can be made up for.
        """
        self.ensure_one()
        return (
            not self.account_move
            and self.smart_channel != "other"
            and self._smart_is_fiscal()
            and (self.to_invoice or self._smart_must_be_invoiced())
            and bool(self.partner_id or self.smart_channel)
        )

    def _smart_have_invoiced(self):
        """Have an order that is being paid invoiced, whatever road it came by."""
        fiscal = self._smart_is_fiscal()
        if fiscal or self.config_id.smart_channel == "other":
            # sudo: cashiers do not choose it
            self.sudo().smart_channel = self.config_id.smart_channel
        if not fiscal:
            return self
        self.payment_ids._smart_settle_foreign()
        self.payment_ids._smart_settle_day()
        if self._smart_must_be_invoiced():
            self.to_invoice = True
        if self.to_invoice:
            self._smart_settle_customer()
        return self.with_context(**{PAID: AFTER_THE_MONEY})

    # -- another channel ---------------------------------------------------------------------

    def _smart_check_channel(self):
        """Refuse a second document of what another channel has made one of."""
        journals = self.config_id.invoice_journal_id.sudo()  # sudo: for a switch of theirs
        for order in self.filtered(lambda one: one.smart_channel == "other"):
            if journals.filtered("smart_enabled"):
                raise UserError(
                    self.env._(
                        "%(order)s was sold through another channel, which has made its fiscal "
                        "document: an invoice of the journal %(journal)s would be a second one. "
                        "For an invoice without a fiscal document, choose another invoice journal "
                        "for the shop.",
                        order=order.pos_reference or order.name,
                        journal=journals[:1].display_name,
                    )
                )

    def _smart_say_channel(self, invoice):
        """Tell whoever reads an invoice that it is no fiscal document, and where that is."""
        # sudo: for its journal's channel; what is on numbered paper is a fiscal document itself
        on_paper = invoice.sudo()._smart_is_on_paper()
        if not on_paper and self.filtered(lambda one: one.smart_channel == "other"):
            # sudo: as Odoo makes invoices of tills
            invoice.sudo()._message_log(
                body=self.env._(
                    "Sold through another channel, which has made the fiscal document of this "
                    "sale: this invoice is none, and nothing of it is sent to SMART."
                )
            )

    # -- after the money ---------------------------------------------------------------------

    def _smart_check_paid(self):
        """Refuse to invoice what was not sold."""
        for order in self:
            name = order.pos_reference or order.name
            if order.state == "cancel":
                raise UserError(
                    self.env._("%s was cancelled: nothing was sold, so there is no invoice.", name)
                )
            if order.state not in ("paid", "done"):
                raise UserError(
                    self.env._("%s is not paid. Take its payment first, then invoice it.", name)
                )

    def _smart_check_customer(self):
        """Refuse to invoice an order that names nobody."""
        for order in self:
            if not order.partner_id:
                raise UserError(
                    self.env._(
                        "%s names no customer. Choose one, then press Invoice.",
                        order.pos_reference or order.name,
                    )
                )

    def _smart_invoice_or_refuse(self, make_in_odoo):
        """Make the documents of orders for somebody who sees what is refused.

        :param make_in_odoo: see ``_smart_make_documents``
        """
        self._smart_check_customer()
        documents = self._smart_make_documents(make_in_odoo)
        self._smart_close_not_invoiced()
        return documents

    def _smart_invoice_as_can_be(self, make_in_odoo):
        """Make the documents of an order that is paid; nothing is refused, somebody is told.

        What cannot be confirmed stays a draft with an activity. If not even that can be made, the
        order has the activity: it is paid, and the session closes.
        """
        self.ensure_one()
        why = None
        for values in ({}, {"generate_pdf": False}, {"generate_pdf": False, DRAFT: True}):
            context = {PAID: None, **values}
            if DRAFT in context:
                context[DRAFT] = Why(self._smart_words_of(why))
            orders = self.with_context(**context)
            try:
                with self.env.cr.savepoint():
                    return orders._smart_invoice_or_refuse(make_in_odoo)
            except (OperationalError, ConcurrencyError):
                raise  # Odoo tries the whole order again
            except Exception as error:
                why = why or error
                level = logging.WARNING if isinstance(error, UserError) else logging.ERROR
                _logger.log(level, "No invoice of %s", self.pos_reference, exc_info=True)
        self._smart_tell_not_invoiced(self._smart_words_of(why))
        return self.env["account.move"]

    def _smart_words_of(self, error):
        """Return what somebody who reads no logs understands of an error."""
        if isinstance(error, UserError):
            return str(error)
        return self.env._("An error of the server, which its log tells more of: %s", error)

    def _smart_tell_not_invoiced(self, words):
        """Give the responsible person an activity on an order that is paid and has no invoice."""
        # sudo: cashiers read neither the company's settings nor the activities of others
        order = self.sudo()
        responsible = order.company_id.smart_issuer_id._smart_responsible()
        order = order.with_context(lang=responsible.lang)
        summary = order.env._("SMART: invoice this order")
        note = Markup("<p>%s</p><p>%s</p>") % (
            order.env._(
                "This order is paid, but its invoice could not be made. Mend what is named here, "
                "then press Invoice."
            ),
            words,
        )
        if activities := order.activity_search([ACTIVITY]):
            activities.write({"summary": summary, "note": note})
        else:
            order.activity_schedule(ACTIVITY, summary=summary, note=note, user_id=responsible.id)

    def _smart_close_not_invoiced(self):
        """Close the activities of orders that could not be invoiced before."""
        # sudo: whoever invoices may not see what others have to do
        self.sudo().activity_feedback([ACTIVITY], feedback=self.env._("Invoiced."))

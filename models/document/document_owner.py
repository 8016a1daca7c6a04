from datetime import datetime
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import formatLang

from ..base.labels import labels
from ..base.said import telling
from ..terms import CARACAS


class SmartDocumentOwner(models.AbstractModel):
    """The contract of an owner: what a fiscal document needs of the record that it is issued for.

    An invoice is one; another addon makes another one, without a change here::

        class SmartDocument(models.Model):
            _inherit = "smart.document"

            picking_id = fields.Many2one("stock.picking", readonly=True, ondelete="set null")
            _picking_unique = models.UniqueIndex("(picking_id) WHERE picking_id IS NOT NULL")


        class StockPicking(models.Model):
            _name = "stock.picking"
            _inherit = ["smart.document.owner", "stock.picking"]  # in this order, for its locks

            smart_document_ids = fields.One2many("smart.document", "picking_id", ...)

    It has the fields ``name``, ``company_id``, ``partner_id`` and ``state``, chatter and
    activities, and the methods below that raise ``NotImplementedError``; the others have an answer
    for most. Once it is confirmed, it calls ``_smart_enqueue``, and before it goes back to draft
    or is cancelled ``_smart_withdraw``.
    Whatever else can be done with it comes from the rooms above, in their files of this name.
    The hooks of its addon call ``fiscal_archive.leave`` and ``take_up``: uninstalled alone, it
    leaves its documents behind, and finds them again.
    """

    _name = "smart.document.owner"
    _description = "Owner of a Fiscal Document"
    _inherit = ["smart.own.defaults"]

    #: Who may send and print, and who may annul and decide about doubts.
    _smart_group_to_send = "account.group_account_invoice"
    _smart_group_to_annul = "account.group_account_manager"

    #: Part of a document -> the owner's field in which it is mended: ``branch``, ``company``,
    #: ``currency``, ``customer``, ``date``, ``due``, ``former``, ``igtf``, ``lines``, ``name``,
    #: ``payments``, ``rate``, ``related``, ``remark``, ``taxes``, ``total``.
    _smart_fields = {}

    #: Models whose records Odoo merges into one -> paths by which an owner names them, as far as
    #: ``_smart_contents`` does; products, as ``line_ids.product_id``, are shown to auditors.
    _smart_references = {"res.partner": ("partner_id",)}

    #: Whether annulling its document cancels it. One that stands all the same, as goods that have
    #: left do, may get another document; all but its newest are annulled then.
    _smart_cancelled_by_annulling = True

    #: XML id of the server action that lists the problems of several; ``""`` for none.
    _smart_list_action = ""

    # -- what it states --------------------------------------------------------------------

    def _smart_is_fiscal(self):
        """Tell whether this document must be issued through SMART."""
        raise NotImplementedError

    def _smart_is_draft(self):
        """Tell whether it is still to be confirmed."""
        self.ensure_one()
        return self.state == "draft"

    def _smart_document_type(self):
        """Return the key of the document's type, one of :data:`terms.DOCUMENT_TYPES`."""
        raise NotImplementedError

    def _smart_stated(self):
        """Return the head of the document.

        :rtype: conversion.problem.Stated
        """
        raise NotImplementedError

    def _smart_items(self, conversion):
        """Return the lines; what is wrong with one is noted as a problem of the conversion.

        :param conversion: a :class:`conversion.problem.Conversion`
        :rtype: list[conversion.payload_lines.WireLine]
        """
        raise NotImplementedError

    def _smart_payments(self):
        """Tell how the document was paid, and how the rest is to be paid.

        :returns: pairs of (name, amount in the document's currency), of the total at most
        """
        return []

    def _smart_contents(self, ids):
        """Return what owners say that nothing may change once their documents wait.

        Called when documents are queued and when the integrity chain is checked, for many
        owners at a time: it takes one query.

        :returns: id -> :class:`chain.owner.OwnerContent`, of those that exist
        """
        raise NotImplementedError

    @api.model
    def _smart_today(self):
        """Return the date in Caracas, which SMART stamps on whatever is issued now."""
        # From Odoo's clock, so that tests can set it.
        now = fields.Datetime.now().replace(tzinfo=ZoneInfo("UTC"))
        return datetime.astimezone(now, CARACAS).date()

    # -- annulling -------------------------------------------------------------------------

    def _smart_obstacles(self, unreconcile):
        """Yield what would keep Odoo from cancelling it, once SMART has annulled its document.

        :param bool unreconcile: what it is settled with may be set free
        :rtype: Iterable[conversion.problem.Problem]
        """
        return ()

    def _smart_reconciled_with(self):
        """Return the names of what cancelling sets free: payments, for example."""
        return []

    def _smart_undo(self):
        """Cancel it, for SMART has annulled its document; what is done already is no error.

        The locks let that pass, see ``smart.lock``.
        """
        raise NotImplementedError

    def _smart_undone_words(self):
        """Return in words what that has done."""
        return self.env._("It was cancelled; its number and its control number stay used.")

    # -- what follows ----------------------------------------------------------------------

    def _smart_became_legal(self):
        """Do what follows once its document has a control number, which is committed already.

        Called once, as the superuser, in a transaction of its own; again after an error.
        """

    def _smart_became_sendable(self):
        """Do what follows once SMART's own print is here, or no longer waited for.

        As ``_smart_became_legal``, and after it: whatever goes to the customer goes from here on.
        """

    # -- how it is found, and spoken of ----------------------------------------------------

    @api.model
    def _smart_named(self, names, companies):
        """Return the records that have one of these numbers, for the control-number book."""
        return self.search([("name", "in", names), ("company_id", "in", companies.ids)])

    def _smart_in_order(self):
        """Return the records in the order in which they are to be issued."""
        return self

    def _smart_mail_contacts(self):
        """Return to whom the document is e-mailed unless somebody says otherwise."""
        self.ensure_one()
        contact = self.partner_id
        return contact.filtered("email") or contact.commercial_partner_id.filtered("email")

    def _smart_headline(self):
        """Return what a bookkeeper recognises a document by, whose draft has no number yet.

        One that fails on confirming loses the number that it was just given, so that is not
        named; a document that SMART refused keeps its own.
        """
        self.ensure_one()
        stated = self._smart_stated()
        return " · ".join(
            filter(
                None,
                [
                    self._smart_kind(),
                    stated.name if self.smart_document_id else "",
                    stated.contact.display_name,
                    formatLang(self.env, stated.total, currency_obj=stated.currency),
                ],
            )
        )

    def _smart_kind(self):
        """Return in the user's language what kind of document it is."""
        return labels(self.env["smart.document"], "document_type")[self._smart_document_type()]

    def _smart_part_name(self, record):
        """Return the name of a part of this document: a line, say; ``None`` for other records."""
        return None

    def _smart_how_to_change(self):
        """Return in words how what is confirmed, and not issued, is changed."""
        return telling(self.env)._("Reset it to draft to change it.")

    def _smart_how_to_correct(self):
        """Return in words how what is issued is corrected."""
        return telling(self.env)._("Annul it, and issue another one.")

    def _smart_say(self, body, **values):
        """Say something beside the document, to whom it may concern; nothing where it is gone."""
        for owner in self:
            owner.message_post(body=body, **values)

    def _smart_note(self, body, **values):
        """Note something beside the document, telling nobody; nothing where it is gone."""
        for owner in self:
            owner._message_log(body=body, **values)

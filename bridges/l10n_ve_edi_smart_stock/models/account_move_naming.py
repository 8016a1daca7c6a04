from dataclasses import replace

from odoo import models
from odoo.tools import format_date, format_list

from odoo.addons.l10n_ve_edi_smart.models.terms import ANNULMENT_UNDER_WAY, ISSUED
from odoo.addons.l10n_ve_edi_smart.smart_api import texts

from ..guides import named
from ..transport import REMARK_LENGTH
from .stock_picking_invoicing import INVOICED

#: A line's comment takes more, but says its unit first.
COMMENT_ROOM = 100
#: Of many records, so many are named in a message.
FEW = 10


class AccountMove(models.Model):
    """The law has an invoice name its guides: in its remark, or below its first line."""

    _inherit = "account.move"

    # -- on the document --------------------------------------------------------------------

    def _smart_stated(self):
        # EXTENDS 'l10n_ve_edi_smart': the guides stand first, so that nothing cuts them
        stated = super()._smart_stated()
        words, _left_out = self._smart_guide_words()
        if not words:
            return stated
        remark = texts.one_line(stated.remark)
        both = f"{words}. {remark}" if remark else words
        if len(both) > REMARK_LENGTH and self._smart_has_room_below(words):
            return stated
        return replace(stated, remark=both)

    def _smart_items(self, conversion):
        # EXTENDS 'l10n_ve_edi_smart': what the remark does not name
        lines = super()._smart_items(conversion)
        words, _left_out = self._smart_guide_words()
        if lines and not conversion.stated.remark.startswith(words):
            lines[0].comment = f"{words}. {lines[0].comment}".strip()
        return lines

    def _smart_guide_words(self):
        """Return how the document names its guides, and how many there is no room for."""
        guides = [
            (document.document_type, document.internal_number, document.control_number)
            for document in self._smart_guides().smart_document_id
            if document.state == ISSUED and document.annulment_state not in ANNULMENT_UNDER_WAY
        ]
        return named(guides, REMARK_LENGTH)

    def _smart_has_room_below(self, words):
        """Tell whether nothing else will be said below the first line: no note, no discount."""
        return len(words) <= COMMENT_ROOM and not any(
            line.display_type == "line_note"
            or line.display_type == "product"
            and (line.quantity < 0 or line.price_subtotal < 0)
            for line in self.invoice_line_ids
        )

    # -- what is wrong with that ------------------------------------------------------------

    def _smart_refer(self, conversion):
        # EXTENDS 'l10n_ve_edi_smart'
        super()._smart_refer(conversion)
        guides = self._smart_guides()
        if not guides:
            return
        self._smart_warn_of_unnamed(conversion, guides)
        self._smart_warn_of_month(conversion, guides)
        self._smart_warn_of_strangers(conversion)
        self._smart_warn_of_invoiced(conversion)
        _words, left_out = self._smart_guide_words()
        if left_out:
            conversion.problem(
                self,
                "smart_guide_ids",
                self.env._(
                    "The remark has no room for the numbers of all %(all)s guides: it names "
                    "%(named)s, and says that there are %(left_out)s more.",
                    all=len(guides),
                    named=len(guides) - left_out,
                    left_out=left_out,
                ),
                self.env._("Make several invoices, if all are to be named."),
                warning=True,
            )

    def _smart_warn_of_unnamed(self, conversion, guides):
        waiting = guides.filtered(lambda guide: guide.smart_document_id.state != ISSUED)
        if waiting:
            conversion.problem(
                self,
                "smart_guide_ids",
                self.env._(
                    "These guides have no control number, so the invoice does not name them: %s.",
                    self._smart_names(waiting),
                ),
                self.env._("Wait until they have one, then confirm the invoice."),
                warning=True,
            )
        annulling = guides.filtered(
            lambda guide: guide.smart_document_id.annulment_state in ANNULMENT_UNDER_WAY
        )
        if annulling:
            conversion.problem(
                self,
                "smart_guide_ids",
                self.env._(
                    "These guides are being annulled, so the invoice does not name them: %s.",
                    self._smart_names(annulling),
                ),
                self.env._("Wait until SMART has answered, then confirm the invoice."),
                warning=True,
            )

    def _smart_warn_of_month(self, conversion, guides):
        """Warn of guides of another tax period: SMART dates the invoice today."""
        first = self._smart_today().replace(day=1)
        late = guides.filtered(lambda guide: guide._smart_day() and guide._smart_day() < first)
        if late:
            conversion.problem(
                self,
                "smart_guide_ids",
                self.env._(
                    "Guide and invoice fall in one tax period, but these guides are of an earlier "
                    "month: %(guides)s. The oldest is of %(date)s.",
                    guides=self._smart_names(late),
                    date=format_date(self.env, min(guide._smart_day() for guide in late)),
                ),
                self.env._(
                    "The invoice can be issued. Ask your accountant in which period it is declared."
                ),
                warning=True,
            )

    def _smart_warn_of_strangers(self, conversion):
        # sudo: for the receivers of what was chosen
        strangers = self.sudo().smart_guide_ids.filtered(
            lambda guide: guide.partner_id.commercial_partner_id != self.commercial_partner_id
        )
        if strangers:
            conversion.problem(
                self,
                "smart_guide_ids",
                self.env._(
                    "These guides were made out to somebody else: %s.",
                    self._smart_names(strangers),
                ),
                self.env._("Remove them, unless their goods were sent there for this customer."),
                warning=True,
            )

    def _smart_warn_of_invoiced(self, conversion):
        """Warn of chosen guides of which other invoices have everything."""
        if self.state != "draft":
            return  # its own goods count then
        # sudo: for the status of what was chosen
        invoiced = self.sudo().smart_guide_ids.filtered(
            lambda guide: guide.smart_invoicing == INVOICED
        )
        if invoiced:
            conversion.problem(
                self,
                "smart_guide_ids",
                self.env._(
                    "Other invoices have all goods of these guides: %s.",
                    self._smart_names(invoiced),
                ),
                self.env._("Remove them, unless this invoice belongs to them, too."),
                warning=True,
            )

    def _smart_names(self, guides):
        """Return the names of guides, of many the first."""
        names = [guide.smart_control_number or guide.name for guide in guides[:FEW]]
        if len(guides) > FEW:
            names.append(self.env._("%s more", len(guides) - FEW))
        return format_list(self.env, names)

import re

from odoo import api, models
from odoo.tools import format_date
from odoo.tools.mail import html_to_inner_content

from ...smart_api import texts
from ..terms import ANNULLED, ANNULMENT_UNDER_WAY, WIRE_DOCUMENT_TYPES, WITHDRAWN

#: HTML tags that separate words.
BLOCKS = re.compile(r"<(?:p|div|br|li|h\d|tr|td|th|blockquote)\b")


class SmartPayload(models.AbstractModel):
    """What kind of document it is, what it refers to, where it was made."""

    _inherit = "smart.payload"

    @api.model
    def _add_document(self, conversion):
        move = conversion.owner
        conversion.document_type = move._smart_document_type()
        conversion.values["document_type"] = WIRE_DOCUMENT_TYPES[conversion.document_type]
        remark = html_to_inner_content(BLOCKS.sub(r" \g<0>", str(move.narration or "")))
        if conversion.document_type != "invoice":
            remark = f"{move.smart_note_reason or ''} {remark}"
            if move.smart_former_number:
                self._add_former(conversion)
            else:
                self._add_related(conversion)
        conversion.values["remark"] = texts.shorten(remark, 200)
        self._add_date(conversion)

    @api.model
    def _add_date(self, conversion):
        """Warn about a date that will not be the fiscal one: SMART stamps its own clock."""
        date, today = conversion.owner.invoice_date, self._today()
        if date and date != today:
            conversion.problem(
                conversion.owner,
                "invoice_date",
                self.env._(
                    "The date is %(date)s, but the document will be issued with the date of today "
                    "in Caracas, %(today)s.",
                    date=format_date(self.env, date),
                    today=format_date(self.env, today),
                ),
                self.env._("Set the date to today, unless it has to differ in the books."),
                warning=True,
            )

    @api.model
    def _today(self):
        """Return the date in Caracas, which is the one that SMART stamps."""
        return self.env["account.move"]._smart_today()

    @api.model
    def _add_former(self, conversion):
        """A note about a document from before SMART: nobody can check its number."""
        move = conversion.owner
        number = texts.one_line(move.smart_former_number)
        # sudo: as for the documents that notes refer to
        if move.smart_note_origin_id.smart_document_id.sudo().control_number:
            conversion.problem(
                move,
                "smart_former_number",
                self.env._(
                    "The note corrects %s, which was issued through SMART.",
                    move.smart_note_origin_id.display_name,
                ),
                self.env._("Remove the number from before SMART, or the invoice."),
            )
        if len(number) > 12:
            conversion.problem(
                move,
                "smart_former_number",
                self.env._("“%s” is longer than 12 characters.", number),
                self.env._("Enter the control number of the old document, without further words."),
            )
        if not texts.one_line(move.smart_note_reason):
            conversion.problem(
                move,
                "smart_note_reason",
                self.env._(
                    "SMART asks for the reason of a note about a document from before SMART."
                ),
                self.env._("Enter why the document %s is corrected.", number),
            )
        conversion.values.update(related=number[:12], former_regime=1)

    @api.model
    def _add_related(self, conversion):
        move = conversion.owner
        origin = move.smart_note_origin_id
        # sudo: a note may refer to a document of a branch that the user cannot read
        related = origin.smart_document_id.sudo()
        field = "smart_note_origin_id"
        if not origin:
            conversion.problem(
                move,
                field,
                self.env._("A note must refer to the invoice that it corrects."),
                self.env._(
                    "Choose the invoice, or enter the number and the reason if it was issued "
                    "before SMART."
                ),
            )
        elif not related or related.state in (WITHDRAWN, ANNULLED):
            conversion.problem(
                move,
                field,
                self.env._(
                    "%s was not issued through SMART, so no note can refer to it.",
                    origin.display_name,
                )
                if not related or related.state == WITHDRAWN
                else self.env._(
                    "%s was annulled: there is nothing to correct.", origin.display_name
                ),
                self.env._(
                    "Choose another invoice, or enter the old number and the reason if it was "
                    "issued before SMART."
                ),
            )
        elif related.annulment_state in ANNULMENT_UNDER_WAY:
            conversion.problem(
                move,
                field,
                self.env._("%s is being annulled: no note can refer to it.", origin.display_name),
                self.env._("Wait until SMART has answered, then decide what is to be corrected."),
            )
        else:
            self._check_related(conversion, origin, related)
            self._check_credited(conversion, origin)
        conversion.related = related
        conversion.values["related"] = related.control_number or ""

    @api.model
    def _check_related(self, conversion, origin, related):
        move = conversion.owner
        issuer = move.company_id.smart_issuer_id
        # sudo, below: the issuer may be a parent company that the user cannot read
        labels = dict(related._fields["environment"]._description_selection(self.env))
        if related.issuer_id != issuer or related.environment != issuer.sudo().smart_environment:
            conversion.problem(
                move,
                "smart_note_origin_id",
                self.env._(
                    "%(origin)s was issued by %(issuer)s in the environment “%(environment)s”.",
                    origin=origin.display_name,
                    issuer=related.issuer_id.display_name,
                    environment=labels[related.environment],
                ),
                self.env._(
                    "Choose an invoice that the same company issued in its present environment."
                ),
            )
        elif related.partner_id != move.commercial_partner_id:
            conversion.problem(
                move,
                "smart_note_origin_id",
                self.env._(
                    "%(origin)s was issued to %(customer)s.",
                    origin=origin.display_name,
                    customer=related.partner_id.display_name,
                ),
                self.env._(
                    "Choose an invoice of the customer of this note, or correct the customer."
                ),
            )

    @api.model
    def _add_branch(self, conversion):
        """State the branch: that of the journal, else the company, if it is one."""
        move = conversion.owner
        journal, company = move.journal_id, move.company_id
        code = journal.smart_branch_code or company.smart_branch_code
        address = journal.smart_branch_address or company.smart_branch_address
        if code and not address and company != company.smart_issuer_id:
            # sudo: the address of one's own company is no secret
            address = company.partner_id.sudo()._display_address(without_company=True)
        code = texts.one_line(code)
        if len(code) > 10:
            conversion.problem(
                journal if journal.smart_branch_code else company,
                "smart_branch_code",
                self.env._("The branch code “%s” is longer than 10 characters.", code),
                self.env._("Shorten it."),
            )
        conversion.values.update(branch=code[:10], branch_address=texts.shorten(address, 500))

    @api.model
    def _add_payments(self, conversion):
        """Tell how it was paid, else how it is to be paid."""
        move = conversion.owner
        payments = [
            {"method": texts.shorten(name, 20), "amount": amount}
            for name, amount in move._smart_payments()
            if texts.one_line(name)
        ]
        conversion.values["payments"] = payments or None

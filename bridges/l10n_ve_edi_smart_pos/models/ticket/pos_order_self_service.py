"""What the page behind the code on a ticket asks and tells."""

from odoo import models

from odoo.addons.l10n_ve_edi_smart.models.conversion.problem import Conversion
from odoo.addons.l10n_ve_edi_smart.models.terms import QUEUED, SENDING, UNNUMBERED_STATES
from odoo.addons.l10n_ve_edi_smart.smart_api import identification

#: What a customer says that a number is -> the type on a contact.
TYPES = {
    "cedula": "l10n_ve_edi_smart.it_ve_cedula",
    "rif": "l10n_ve_edi_smart.it_ve_rif",
    "passport": "l10n_ve_edi_smart.it_ve_passport",
}
#: Letters of a RIF that no person has.
OF_COMPANIES = ("J", "G", "C")


class PosOrder(models.Model):
    _inherit = "pos.order"

    def _smart_when_to_come_back(self):
        """Return in words when a document that waits will be there, ``""`` if none does."""
        self.ensure_one()
        moves = self._smart_ticket_moves()
        documents = moves.smart_document_id.filtered(lambda one: one.state in UNNUMBERED_STATES)
        if any(move.state == "draft" for move in moves) or any(
            document.state not in (QUEUED, SENDING) for document in documents
        ):
            return self.env._(
                "The shop has to look at it. Come back tomorrow, or ask the shop; with the code on "
                "the ticket you find your document any day."
            )
        if any(document.lane_id._stopped() for document in documents):
            return self.env._(
                "The digital printing house cannot be reached right now. Come back in an hour; "
                "with the code on the ticket you find your document any day."
            )
        if documents:
            return self.env._(
                "It usually takes less than a minute. This page looks again by itself."
            )
        return ""

    # -- who the document is for -------------------------------------------------------------

    def _smart_proposed_customer(self, user):
        """Return what the form shows at first.

        The customer that the ticket names already, else the one who has logged in.
        """
        self.ensure_one()
        visitor = user.partner_id if user.has_group("base.group_portal") else user.browse()
        customer = self.partner_id or visitor.sudo()
        # sudo: customers do not read this column
        kind = customer.l10n_latam_identification_type_id.sudo().smart_identification_type
        return {
            "kind": kind or "cedula",
            **{name: customer[name] or "" for name in ("vat", "name", "street", "phone", "email")},
        }

    def _smart_entered_values(self, entered):
        """Return the values of a contact; the kind of number is what the number tells."""
        kind, number = identification.understand(entered["kind"], entered["vat"])
        return {
            "name": entered["name"],
            "vat": number or entered["vat"],
            "l10n_latam_identification_type_id": self.env.ref(TYPES[kind]).id,
            "is_company": kind == "rif" and (number or "").startswith(OF_COMPANIES),
            "street": entered["street"] or False,
            "phone": entered["phone"] or False,
            "email": entered["email"] or False,
            "country_id": self.company_id.account_fiscal_country_id.id,
        }

    def _smart_check_entered_customer(self, entered):
        """Return what is wrong with what a customer entered: name of the field -> words.

        The rules of documents themselves, so that what passes here is not refused there.

        :param dict entered: of :data:`controllers.ticket.FIELDS`
        """
        self.ensure_one()
        if entered["kind"] not in TYPES:
            return {"kind": self.env._("Choose cédula, RIF or passport.")}
        customer = self.env["res.partner"].new(self._smart_entered_values(entered))
        checked = Conversion(customer)
        payload = self.env["smart.payload"]
        payload._add_name(checked)
        payload._add_identification(checked)
        payload._add_address(checked, self.company_id)
        payload._add_phone(checked, self.company_id)
        payload._add_email(checked, self.company_id)
        return {
            problem.field: f"{problem.what} {problem.cure}"
            for problem in checked.errors
            # What is wrong with the shop's stand-ins, no customer can mend.
            if problem.record == customer
        }

    def _smart_invoice_to(self, entered):
        """Invoice the order to the contact that somebody entered.

        A known contact is taken only if all of it was entered: nobody learns by a ticket what the
        shop knows of the owner of a number.
        """
        self.ensure_one()
        values = self._smart_entered_values(entered)
        Partner = self.env["res.partner"]
        ours = [*Partner._check_company_domain(self.company_id), ("parent_id", "=", False)]
        known = Partner.search([*ours, ("vat", "=", values["vat"])]).filtered(
            lambda one: all(
                (one[name] or "").strip().casefold() == (values[name] or "").casefold()
                for name in ("name", "street", "phone", "email")
            )
        )
        self.partner_id = known[:1] or Partner.create(values)
        self.action_pos_order_invoice()

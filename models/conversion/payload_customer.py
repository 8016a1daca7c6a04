import re

from odoo import api, models
from odoo.tools import email_normalize_all

from odoo.addons.phone_validation.tools import phone_validation

from ...smart_api import identification, texts
from ...smart_api.schemas import IdentificationType
from .problem import Conversion

IDENTIFICATIONS = {
    "rif": (IdentificationType.RIF, identification.format_rif),
    "cedula": (IdentificationType.CEDULA, identification.format_cedula),
    "passport": (IdentificationType.PASSPORT, identification.format_passport),
}


#: The manual's form of a phone number; the shortest ones of the world have seven digits.
E164 = re.compile(r"\+[0-9]{7,15}")
#: Separators of addresses; inside quotation marks they belong to a name.
SEPARATORS = re.compile(r"""[,;\n](?=(?:[^"]*"[^"]*")*[^"]*$)""")


class SmartPayload(models.AbstractModel):
    """Who the document is for: the invoiced contact, with its company's identity."""

    _inherit = "smart.payload"

    @api.model
    def _add_customer(self, conversion):
        move = conversion.owner
        contact, company = move.partner_id, move.company_id
        if not contact:
            conversion.problem(
                move,
                "partner_id",
                self.env._("The customer is missing."),
                self.env._("Choose one."),
            )
            return
        # Documents of one batch often go to the same customers.
        key = ("customer", contact, company)
        if key not in conversion.shared:
            found = conversion.shared[key] = Conversion(contact)
            self._add_name(found)
            self._add_identification(found)
            self._add_address(found, company)
            self._add_phone(found, company)
            self._add_email(found, company)
        found = conversion.shared[key]
        conversion.values.update(found.values)
        conversion.problems += found.problems

    @api.model
    def _add_name(self, conversion):
        contact = conversion.owner
        customer = contact.commercial_partner_id
        name = texts.shorten(contact.name or customer.name, 100)
        if not name:
            conversion.problem(
                customer, "name", self.env._("The name is missing."), self.env._("Enter it.")
            )
        conversion.values["customer_name"] = name

    @api.model
    def _add_identification(self, conversion):
        customer = conversion.owner.commercial_partner_id
        given = customer.l10n_latam_identification_type_id
        kind = given._smart_identification_types().get(given.id)
        if not customer.vat:
            conversion.problem(
                customer,
                "vat",
                self.env._("The identification is missing."),
                self.env._("Enter the RIF, cédula or passport."),
            )
            return
        if not kind:
            conversion.problem(
                customer,
                "l10n_latam_identification_type_id",
                self.env._("SMART does not know the identification type “%s”.", given.name)
                if given
                else self.env._("The identification type is missing."),
                self.env._("Choose RIF, cédula or passport."),
            )
            return
        code, normalize = IDENTIFICATIONS[kind]
        number = normalize(customer.vat)
        conversion.values.update(customer_identification=number, customer_identification_type=code)
        if not number:
            what, cure = self._why_not_valid(kind, customer.vat)
            conversion.problem(customer, "vat", what, cure)

    @api.model
    def _why_not_valid(self, kind, number):
        if kind == "rif":
            return (
                self.env._("“%s” is not a valid RIF.", number),
                self.env._(
                    "Correct the number (the last digit is a check digit: J-12345678-9), or choose "
                    "another identification type: cédula, or passport for a foreign customer."
                ),
            )
        if kind == "cedula":
            return (
                self.env._("“%s” is not a valid cédula.", number),
                self.env._("Enter V or E and up to eight digits, for example V-12345678."),
            )
        return (
            self.env._("“%s” is not a valid passport number.", number),
            self.env._("Enter its letters and digits, at most 12."),
        )

    @api.model
    def _add_address(self, conversion, company):
        contact = conversion.owner
        customer = contact.commercial_partner_id
        located = next((one for one in (contact, customer) if one.street or one.city), None)
        if located:
            # No other column of the country; its phone code is needed later.
            located.country_id.fetch(["code", "name", "address_format", "phone_code"])
            lines = located._display_address(without_company=True).split("\n")
            address = ", ".join(filter(None, map(texts.one_line, lines)))
        else:
            address = company.smart_walk_in_address
        address = texts.shorten(address, 500)
        if not address:
            conversion.problem(
                contact,
                "street",
                self.env._("The address is missing."),
                self.env._(
                    "Enter street or city, or set an address for customers without one in the "
                    "Accounting settings."
                ),
            )
        conversion.values["customer_address"] = address

    @api.model
    def _add_phone(self, conversion, company):
        contact = conversion.owner
        customer = contact.commercial_partner_id
        partner = contact if contact.phone else customer
        country = partner.country_id or company.country_id
        phone = partner.phone or company.smart_walk_in_phone
        formatted = phone and phone_validation.phone_format(
            phone, country.code, country.phone_code, force_format="E164", raise_exception=False
        )
        if not phone:
            conversion.problem(
                contact,
                "phone",
                self.env._("The phone number is missing."),
                self.env._(
                    "Enter it, for example +58 412-1234567, or set one for customers without one "
                    "in the Accounting settings."
                ),
            )
        elif not E164.fullmatch(formatted):
            conversion.problem(
                partner if partner.phone else company,
                "phone" if partner.phone else "smart_walk_in_phone",
                self.env._("“%s” is not a valid phone number.", phone),
                self.env._("Correct it, for example +58 412-1234567."),
            )
            formatted = ""
        conversion.values["customer_phone"] = (formatted or "").removeprefix("+")

    @api.model
    def _add_email(self, conversion, company):
        contact = conversion.owner
        customer = contact.commercial_partner_id
        partner = contact if contact.email else customer
        given = partner.email or company.smart_walk_in_email
        # The service separates addresses with a bar, so none can contain one.
        addresses, wrong = [], []
        for piece in filter(None, map(str.strip, SEPARATORS.split(given or ""))):
            found = [one for one in email_normalize_all(piece) if "|" not in one]
            addresses += found
            wrong += [] if found else [piece]
        joined = "|".join(dict.fromkeys(addresses))
        record, field = (
            (company, "smart_walk_in_email")
            if given and not partner.email
            else (partner if given else contact, "email")
        )
        if not given:
            conversion.problem(
                record,
                field,
                self.env._("The e-mail address is missing."),
                self.env._(
                    "Enter it, or set one for customers without one in the Accounting settings."
                ),
            )
        elif wrong or not addresses:
            quoted = texts.shorten(", ".join(wrong) or given, 100)
            conversion.problem(
                record,
                field,
                self.env._("“%s” is not a valid e-mail address.", quoted),
                self.env._("Correct it, for example compras@example.com."),
            )
        elif len(joined) > 100:
            conversion.problem(
                record,
                field,
                self.env._("The e-mail addresses are longer than 100 characters together."),
                self.env._("Remove some of them."),
            )
        wanted = customer.smart_send_mail or ("yes" if company.smart_send_mail else "no")
        # The stand-in is nobody's address: there is no one to send to.
        send = wanted == "yes" and bool(partner.email)
        conversion.values.update(customer_email=joined, send_mail=int(send))

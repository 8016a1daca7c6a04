import re

from odoo import api, models
from odoo.tools import email_normalize_all

from odoo.addons.phone_validation.tools import phone_validation

from ...smart_api import contacts, identification, texts
from ...smart_api.schemas import IdentificationType
from .problem import Conversion

IDENTIFICATIONS = {
    "rif": IdentificationType.RIF,
    "cedula": IdentificationType.CEDULA,
    "passport": IdentificationType.PASSPORT,
}

#: The manual's form of a phone number; the shortest ones of the world have seven digits.
E164 = re.compile(r"\+[0-9]{7,15}")
#: What the manual gives to all addresses of a customer together.
EMAIL_LENGTH = 100
#: Between addresses; one in quotation marks belongs to a name.
SEPARATORS = re.compile(r"""[,;\n](?=(?:[^"]*"[^"]*")*[^"]*$)""")


class SmartPayload(models.AbstractModel):
    """Who the document is for: the invoiced contact, with its company's identity."""

    _inherit = "smart.payload"

    @api.model
    def _add_customer(self, conversion):
        contact, company = conversion.stated.contact, conversion.stated.company
        if not contact:
            conversion.problem_of_owner(
                "customer",
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
        # Whom the RIF belongs to; the contact gives address, phone and e-mail.
        customer = conversion.owner.commercial_partner_id
        name = self._printed(conversion, customer.name, 100, customer, "name")
        if not name:
            conversion.problem(
                customer, "name", self.env._("The name is missing."), self.env._("Enter it.")
            )
        conversion.values["customer_name"] = name

    @api.model
    def _add_identification(self, conversion):
        customer = conversion.owner.commercial_partner_id
        given = customer.l10n_latam_identification_type_id
        kind = given.smart_identification_type
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
        kind, number = identification.understand(kind, customer.vat)
        conversion.values.update(
            customer_identification=number, customer_identification_type=IDENTIFICATIONS[kind]
        )
        if not number:
            what, cure = self._why_not_valid(kind, customer.vat)
            conversion.problem(customer, "vat", what, cure)

    @api.model
    def _why_not_valid(self, kind, number):
        if kind != "passport" and identification.lacks_letter(number):
            return (
                self.env._("“%s” has no letter.", number),
                self.env._(
                    "Enter it with its letter: V or E for a cédula (V-12345678), V, E, J, P, G or "
                    "C for a RIF (J-12345678-9)."
                ),
            )
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
            address = self._printed(conversion, address, 500, located, "street")
        else:
            address = company.smart_walk_in_address
            address = self._printed(conversion, address, 500, company, "smart_walk_in_address")
        if not address:
            conversion.problem(
                contact,
                "street",
                self.env._("The address is missing."),
                self.env._(
                    "Enter street or city, or set an address for customers without one in the "
                    "Invoicing settings."
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
        record, field = (partner, "phone") if partner.phone else (company, "smart_walk_in_phone")
        formatted = self._format_phone(phone, country)
        if not phone:
            conversion.problem(
                contact,
                "phone",
                self.env._("The phone number is missing."),
                self.env._(
                    "Enter it, for example +58 412-1234567, or set one for customers without one "
                    "in the Invoicing settings."
                ),
            )
        elif not formatted:
            formatted = next(
                filter(
                    None,
                    (self._format_phone(one, country) for one in contacts.phone_candidates(phone)),
                ),
                "",
            )
            quoted = texts.shorten(phone, 100)
            if formatted:
                conversion.problem(
                    record,
                    field,
                    self.env._(
                        "“%(given)s” is more than a phone number: SMART is sent %(sent)s.",
                        given=quoted,
                        sent=formatted,
                    ),
                    self.env._("Leave one number in the field, if another is to be sent."),
                    warning=True,
                )
            else:
                conversion.problem(
                    record,
                    field,
                    self.env._("“%s” is not a valid phone number.", quoted),
                    self.env._("Correct it, for example +58 412-1234567."),
                )
        conversion.values["customer_phone"] = formatted.removeprefix("+")

    @api.model
    def _format_phone(self, phone, country):
        """Return a number in the manual's form, ``+584121234567``; ``""`` when it is none."""
        formatted = phone and phone_validation.phone_format(
            phone, country.code, country.phone_code, force_format="E164", raise_exception=False
        )
        return formatted if formatted and E164.fullmatch(formatted) else ""

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
        kept = contacts.fitting(addresses, EMAIL_LENGTH)
        left_out = [*wrong, *(one for one in dict.fromkeys(addresses) if one not in kept)]
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
                    "Enter it, or set one for customers without one in the Invoicing settings."
                ),
            )
        elif not addresses:
            conversion.problem(
                record,
                field,
                self.env._("“%s” is not a valid e-mail address.", texts.shorten(given, 100)),
                self.env._("Correct it, for example compras@example.com."),
            )
        elif not kept:
            conversion.problem(
                record,
                field,
                self.env._("The e-mail address is longer than 100 characters."),
                self.env._("Enter a shorter one."),
            )
        elif left_out:
            conversion.problem(
                record,
                field,
                self.env._(
                    "SMART is sent %(sent)s, for it takes valid e-mail addresses of 100 "
                    "characters together. Left out: %(left_out)s.",
                    sent=", ".join(kept),
                    left_out=texts.shorten(", ".join(left_out), 200),
                ),
                self.env._("Correct or remove what is left out, if another is to be sent."),
                warning=True,
            )
        wanted = customer.smart_send_mail or ("yes" if company.smart_send_mail else "no")
        # The stand-in is nobody's address: there is no one to send to.
        send = wanted == "yes" and bool(partner.email)
        conversion.values.update(customer_email="|".join(kept), send_mail=int(send))

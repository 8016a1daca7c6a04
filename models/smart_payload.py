import textwrap
from decimal import Decimal

from pydantic import ValidationError

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize_all, html2plaintext

from odoo.addons.phone_validation.tools import phone_validation

from ..smart_api import amounts, identification, schemas
from ..smart_api.schemas import Currency, IdentificationType
from .account_tax import RATES
from .smart_conversion import Conversion
from .smart_document import ANNULLED, WITHDRAWN
from .smart_numbering import WIRE_DOCUMENT_TYPES

#: Odoo's codes of the currencies that SMART knows; VEF is the bolívar's older code.
CURRENCIES = {
    "VES": Currency.BOLIVAR,
    "VEF": Currency.BOLIVAR,
    "USD": Currency.USD,
    "EUR": Currency.EUR,
}

IDENTIFICATIONS = {
    "rif": (IdentificationType.RIF, identification.format_rif),
    "cedula": (IdentificationType.CEDULA, identification.format_cedula),
    "passport": (IdentificationType.PASSPORT, identification.format_passport),
}


class SmartPayload(models.AbstractModel):
    """``account.move`` -> :class:`smart_api.schemas.IssueRequest`, or every reason why not.

    One small method per block of the request, each to be extended on its own.
    """

    _name = "smart.payload"
    _description = "Conversion to SMART's Requests"

    @api.model
    def _convert(self, moves):
        """Convert documents, all or none.

        :param moves: posted invoices and notes
        :returns: a :class:`Conversion` with its ``request`` for each, in the same order
        :raises UserError: with all problems of all documents
        """
        conversions = [self._convert_one(move) for move in moves]
        broken = [conversion for conversion in conversions if conversion.problems]
        if broken:
            raise UserError(self._explain(broken))
        return conversions

    @api.model
    def _explain(self, conversions):
        lines = [self.env._("SMART would not accept this, so nothing was confirmed:")]
        for conversion in conversions:
            owner = conversion.owner
            lines += ["", owner.display_name or owner.partner_id.display_name]
            lines += [
                f"- {record.display_name}: {sentence}" if record != owner else f"- {sentence}"
                for record, sentence in conversion.problems
            ]
        return "\n".join(lines)

    @api.model
    def _convert_one(self, move):
        conversion = Conversion(move)
        self._add_issuer(conversion)
        self._add_document(conversion)
        self._add_customer(conversion)
        self._add_currency(conversion)
        self._add_amounts(conversion)
        if not conversion.problems:
            try:
                conversion.request = schemas.IssueRequest(**conversion.values)
            except ValidationError as error:
                for key, words in schemas.explain(error):
                    conversion.problem(move, f"{key}: {words}" if key else words)
        return conversion

    # -- blocks ----------------------------------------------------------------------------

    @api.model
    def _add_issuer(self, conversion):
        # sudo: the issuer may be a parent company that the user cannot read
        issuer = conversion.owner.company_id.smart_issuer_id.sudo()
        rif = identification.format_rif(issuer.vat)
        if not rif:
            conversion.problem(
                issuer, self.env._("it has no valid RIF (for example J-12345678-9): enter it.")
            )
        elif rif != issuer.smart_holder_rif:
            conversion.problem(
                issuer,
                self.env._(
                    "its RIF is %(rif)s, but the SMART token belongs to %(holder)s: correct the "
                    "token in the Accounting settings, or the RIF.",
                    rif=rif,
                    holder=issuer.smart_holder_rif,
                ),
            )
        conversion.values["rif"] = rif

    @api.model
    def _add_document(self, conversion):
        move = conversion.owner
        if move.move_type == "out_refund":
            conversion.document_type, origin = "credit_note", move.reversed_entry_id
        elif move.debit_origin_id:
            conversion.document_type, origin = "debit_note", move.debit_origin_id
        else:
            conversion.document_type, origin = "invoice", None
        if origin is not None:
            self._add_related(conversion, origin)
        conversion.values.update(
            document_type=WIRE_DOCUMENT_TYPES[conversion.document_type],
            tracking_id=textwrap.shorten(f"{move.name} #{move.id}", 50, placeholder=""),
            remark=textwrap.shorten(html2plaintext(move.narration or ""), 200, placeholder="…"),
        )

    @api.model
    def _add_related(self, conversion, origin):
        # sudo: a note may refer to a document of a branch that the user cannot read
        related = origin.smart_document_id.sudo()
        if not origin:
            conversion.problem(
                conversion.owner,
                self.env._(
                    "a note must refer to the invoice that it corrects: create it with the button "
                    "Credit Note or Debit Note of that invoice."
                ),
            )
        elif not related or related.state in (WITHDRAWN, ANNULLED):
            conversion.problem(
                origin,
                self.env._("it was not issued through SMART, so no note can refer to it."),
            )
        elif related.issuer_id != conversion.owner.company_id.smart_issuer_id:
            conversion.problem(origin, self.env._("it was issued in the name of another company."))
        conversion.related = related
        conversion.values["related"] = related.control_number or ""

    @api.model
    def _add_customer(self, conversion):
        move = conversion.owner
        contact, customer = move.partner_id, move.commercial_partner_id
        kind = customer.l10n_latam_identification_type_id.smart_identification_type
        number = None
        if not customer.vat:
            conversion.problem(
                customer, self.env._("no identification: enter the RIF, cédula or passport.")
            )
        elif not kind:
            conversion.problem(
                customer,
                self.env._(
                    "SMART does not know the identification type “%s”: choose RIF, cédula or "
                    "passport.",
                    customer.l10n_latam_identification_type_id.name or "",
                ),
            )
        else:
            code, normalize = IDENTIFICATIONS[kind]
            number = normalize(customer.vat)
            conversion.values.update(
                customer_identification=number, customer_identification_type=code
            )
            if not number:
                conversion.problem(
                    customer,
                    self.env._(
                        "“%(number)s” is not a valid %(kind)s: correct the number or its type.",
                        number=customer.vat,
                        kind=customer.l10n_latam_identification_type_id.name,
                    ),
                )
        address = " ".join(contact._display_address(without_company=True).split("\n"))
        if not (contact.street or contact.city):
            conversion.problem(contact, self.env._("no address: enter street or city."))
        conversion.values.update(
            customer_name=textwrap.shorten(
                contact.name or customer.name or "", 100, placeholder="…"
            ),
            customer_address=textwrap.shorten(address, 500, placeholder="…"),
            customer_email=self._customer_email(conversion, contact, customer),
            customer_phone=self._customer_phone(conversion, contact, customer),
        )

    @api.model
    def _customer_email(self, conversion, contact, customer):
        addresses = email_normalize_all(contact.email or customer.email or "")
        joined = "|".join(addresses)
        if not addresses:
            conversion.problem(contact, self.env._("no valid e-mail address: enter one."))
        elif len(joined) > 100:
            conversion.problem(
                contact,
                self.env._("its e-mail addresses are longer than 100 characters: remove some."),
            )
        return joined

    @api.model
    def _customer_phone(self, conversion, contact, customer):
        partner = contact if contact.phone else customer
        country = partner.country_id or conversion.owner.company_id.country_id
        formatted = partner.phone and phone_validation.phone_format(
            partner.phone,
            country.code,
            country.phone_code,
            force_format="E164",
            raise_exception=False,
        )
        if not (formatted or "").startswith("+"):
            conversion.problem(
                partner,
                self.env._("no valid phone number: enter one, for example +58 412-1234567.")
                if not partner.phone
                else self.env._(
                    "“%s” is not a valid phone number: correct it, for example +58 412-1234567.",
                    partner.phone,
                ),
            )
            return None
        return formatted.lstrip("+")

    @api.model
    def _add_currency(self, conversion):
        move = conversion.owner
        currency, company = move.currency_id, move.company_id
        if currency.name not in CURRENCIES:
            conversion.problem(
                move,
                self.env._(
                    "SMART does not know the currency %s: use bolívares, US dollars or euros.",
                    currency.name,
                ),
            )
            return
        wire_currency = CURRENCIES[currency.name]
        if wire_currency == Currency.BOLIVAR:
            rate = self._bolivar_rate(
                conversion, company.smart_additional_currency_id or self.env.ref("base.USD")
            )
        elif CURRENCIES.get(company.currency_id.name) == Currency.BOLIVAR:
            rate = 1 / move.invoice_currency_rate
        else:
            rate = self._bolivar_rate(conversion, currency)
        conversion.values.update(currency=wire_currency, exchange_rate=round(Decimal(rate), 4))

    @api.model
    def _bolivar_rate(self, conversion, currency):
        """Return how many bolívares a unit of ``currency`` is worth on the document's date."""
        move = conversion.owner
        company, date = move.company_id, move.invoice_date
        bolivar = move.currency_id
        if CURRENCIES.get(bolivar.name) != Currency.BOLIVAR:
            bolivar = self.env.ref("base.VES")
        in_bolivares = CURRENCIES.get(company.currency_id.name) == Currency.BOLIVAR
        foreign = currency if in_bolivares else bolivar
        # Filtered, not searched: the rates are read once for a whole batch.
        # sudo: rates of the root company, which a branch's user may not see
        known = foreign.sudo().rate_ids.filtered(
            lambda rate: rate.company_id in (rate.company_id.browse(), company.root_id)
            and rate.name <= date
        )
        if not known:
            conversion.problem(
                foreign,
                self.env._(
                    "no exchange rate on or before %s: enter the official rate under "
                    "Accounting > Configuration > Currencies.",
                    date,
                ),
            )
            return 0
        return self.env["res.currency"]._get_conversion_rate(currency, bolivar, company, date)

    @api.model
    def _add_amounts(self, conversion):
        move = conversion.owner
        base_lines, _tax_lines = move._get_rounded_base_and_tax_lines()
        totals = {kind: [amounts.ZERO, amounts.ZERO] for kind in RATES}
        lines = []
        for base_line in base_lines:
            kind = self._line_kind(conversion, base_line)
            if not kind:
                continue
            line = self._line(conversion, base_line, kind)
            totals[kind][0] += line["amount"]
            totals[kind][1] += line["tax"]
            lines.append(line)
        if any(line["amount"] < 0 or line["quantity"] < 0 for line in lines):
            conversion.problem(
                move, self.env._("a line has a negative amount, which SMART does not take.")
            )
        subtotal = sum((base for base, _tax in totals.values()), amounts.ZERO)
        total = sum((tax for _base, tax in totals.values()), subtotal)
        if not conversion.problems and total != amounts.money(move.amount_total):
            conversion.problem(
                move,
                self.env._(
                    "its lines and taxes add up to %(sum)s, not to its total %(total)s.",
                    sum=total,
                    total=amounts.money(move.amount_total),
                ),
            )
        if subtotal <= 0:
            conversion.problem(move, self.env._("its amount is zero, which SMART does not issue."))
        self._check_taxes(conversion, totals)
        conversion.values.update(
            lines=lines,
            subtotal=subtotal,
            total=total,
            exempt=totals["exempt"][0],
            general_base=totals["general"][0],
            general_tax=totals["general"][1],
            reduced_base=totals["reduced"][0],
            reduced_tax=totals["reduced"][1],
        )
        if totals["luxury"][0]:
            conversion.values.update(
                luxury_rate=schemas.LUXURY_RATE,
                luxury_base=totals["luxury"][0],
                luxury_tax=totals["luxury"][1],
            )

    @api.model
    def _check_taxes(self, conversion, totals):
        for kind, (base, tax) in totals.items():
            rate = Decimal(RATES[kind])
            if base >= 0 and not amounts.tax_matches(base, rate, tax):
                conversion.problem(
                    conversion.owner,
                    self.env._(
                        "the tax at %(rate)s %% of %(base)s is %(tax)s here, but SMART computes "
                        "%(expected)s: change the prices so that the base is another by a cent.",
                        rate=rate,
                        base=base,
                        tax=tax,
                        expected=amounts.service_tax(base, rate),
                    ),
                )

    @api.model
    def _line_kind(self, conversion, base_line):
        """Return which of SMART's rates a line is taxed with; ``None`` is a problem noted."""
        taxes = [data["tax"] for data in base_line["tax_details"]["taxes_data"]]
        record = base_line["record"]
        label = getattr(record, "name", None) or record.display_name
        unknown = [tax for tax in taxes if not tax.smart_tax_kind]
        for tax in unknown:
            conversion.problem(
                tax,
                self.env._(
                    "SMART does not know this tax (line “%s”): use 16 %%, 8 %%, 31 %% or exempt.",
                    textwrap.shorten(label, 60, placeholder="…"),
                ),
            )
        if len(taxes) > 1 and not unknown:
            conversion.problem(
                conversion.owner,
                self.env._(
                    "the line “%s” has more than one tax: leave one.",
                    textwrap.shorten(label, 60, placeholder="…"),
                ),
            )
        if unknown or len(taxes) > 1:
            return None
        return taxes[0].smart_tax_kind if taxes else "exempt"

    @api.model
    def _line(self, conversion, base_line, kind):
        record, details = base_line["record"], base_line["tax_details"]
        product = base_line["product_id"]
        amount = amounts.money(
            details["total_excluded_currency"] + details["delta_total_excluded_currency"]
        )
        price, quantity, discount = self._line_price(base_line, amount)
        if price is None:
            conversion.problem(
                conversion.owner,
                self.env._(
                    "the line “%s” cannot be written as price times quantity to the cent: round "
                    "its price or quantity.",
                    textwrap.shorten(record.name or "", 60, placeholder="…"),
                ),
            )
        code = product.default_code or ""
        description = (record.name or product.display_name or "-").removeprefix(f"[{code}] ")
        return {
            "code": textwrap.shorten(code, 50, placeholder=""),
            "description": textwrap.shorten(description, 250, placeholder="…"),
            "price": price,
            "quantity": quantity,
            "rate": RATES[kind],
            "tax": amounts.money(
                sum(data["tax_amount_currency"] for data in details["taxes_data"])
            ),
            "discount": discount,
            "exempt": kind == "exempt",
            "amount": amount,
        }

    @api.model
    def _line_price(self, base_line, amount):
        """Return price, quantity and discount whose result is ``amount`` for the service.

        The shortest price does, from two decimals on; ``None`` when there is none.
        """
        quantity = Decimal(repr(base_line["quantity"])).quantize(Decimal("0.000001")).normalize()
        raw = Decimal(base_line["tax_details"]["raw_total_excluded_currency"])
        kept = 1 - Decimal(repr(base_line["discount"])) / 100
        gross = raw / kept if kept else Decimal(base_line["price_unit"]) * quantity
        unit = gross / quantity if quantity else gross
        for places in range(2, 9):
            price = round(unit, places)
            discount = amounts.ZERO
            if kept != 1:
                discount = amounts.money(price * quantity - amount)
            if amounts.line_matches(price, quantity, discount, amount):
                return price, quantity, discount
        return None, quantity, amounts.ZERO

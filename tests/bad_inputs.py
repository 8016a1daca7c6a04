"""What SMART would not take: one case each, with the record, the field and the words that name it.

Each function takes the test, and returns the draft. The words are those of the message: what is
wrong and what to do, in English and in Spanish.
"""

from itertools import count
from typing import NamedTuple

from odoo import Command

BAD_INPUTS = {}
SERIAL = count(1)


class BadInput(NamedTuple):
    """A case of the table."""

    make: object
    #: The model of the record that has to be mended, and its field.
    model: str
    field: str
    english: str
    cure: str
    spanish: str
    remedio: str


def bad(model, field, english, cure, spanish, remedio):
    def add(function):
        BAD_INPUTS[function.__name__] = BadInput(
            function, model, field, english, cure, spanish, remedio
        )
        return function

    return add


MOVE, LINE, PARTNER, COMPANY = "account.move", "account.move.line", "res.partner", "res.company"
TAX, CURRENCY, JOURNAL = "account.tax", "res.currency", "account.journal"


def line(test, price=100.0, tax="general", **values):
    taxes = [Command.set(test.taxes[tax].ids if tax else [])]
    return {"name": "Servicio", "price_unit": price, "tax_ids": taxes} | values


def invoice(test, *lines, **values):
    commands = [Command.create({"sequence": n} | one) for n, one in enumerate(lines, start=1)]
    return test.make_invoice(invoice_line_ids=commands or [Command.create(line(test))], **values)


def new_tax(test, **values):
    return test.env["account.tax"].create(
        {"name": f"Tributo {next(SERIAL)}", "type_tax_use": "sale"} | values
    )


def taxed(test, *taxes):
    taxes = test.env["account.tax"].union(*taxes)
    return invoice(test, line(test) | {"tax_ids": [Command.set(taxes.ids)]})


def group(test, *children):
    children = test.env["account.tax"].union(*children)
    return new_tax(test, amount_type="group", children_tax_ids=[Command.set(children.ids)])


def customer(test, **values):
    """Return a draft for a customer who has these values; nobody checks the number before."""
    kind = values.pop("kind", None)
    if kind:
        values["l10n_latam_identification_type_id"] = test.env.ref(kind).id
    partner = test.customer.with_context(no_vat_validation=True).copy(
        {"name": "Ferretería El Rosal", **values}
    )
    return invoice(test, partner_id=partner.id)


# -- taxes -----------------------------------------------------------------------------------

UNKNOWN_TAX = (
    *(TAX, "smart_tax_kind"),
    *("does not know the tax of the line “Servicio”", "Use a tax of 16 %, 8 %, 31 % or exempt"),
    "SMART no admite el impuesto de la línea «Servicio»",
    "Use en la línea un impuesto de 16 %, 8 %, 31 % o exento",
)


@bad(*UNKNOWN_TAX)
def a_tax_of_nine_percent(test):
    return taxed(test, new_tax(test, amount=9))


@bad(*UNKNOWN_TAX)
def the_rate_that_the_chart_still_ships(test):
    return taxed(test, new_tax(test, amount=12))


@bad(*UNKNOWN_TAX)
def a_withholding_instead_of_the_tax(test):
    return taxed(test, new_tax(test, amount=-12))


@bad(*UNKNOWN_TAX)
def a_withholding_beside_the_tax(test):
    return taxed(test, test.taxes["general"], new_tax(test, amount=-75))


@bad(*UNKNOWN_TAX)
def a_fixed_amount(test):
    return taxed(test, new_tax(test, amount=1.5, amount_type="fixed"))


@bad(*UNKNOWN_TAX)
def a_tax_as_a_part_of_the_price(test):
    return taxed(test, new_tax(test, amount=16, amount_type="division"))


@bad(*UNKNOWN_TAX)
def a_group_of_another_sum(test):
    return taxed(test, group(test, new_tax(test, amount=16), new_tax(test, amount=9)))


@bad(*UNKNOWN_TAX)
def a_group_with_a_withholding(test):
    return taxed(test, group(test, new_tax(test, amount=31), new_tax(test, amount=-15)))


@bad(*UNKNOWN_TAX)
def a_tax_on_a_tax(test):
    first = new_tax(test, amount=16, include_base_amount=True)
    return taxed(test, group(test, first, new_tax(test, amount=15)))


@bad(
    *(LINE, "tax_ids", "The line has more than one tax", "Leave one"),
    *("La línea tiene más de un impuesto", "Deje uno solo"),
)
def two_taxes_on_a_line(test):
    return taxed(test, test.taxes["general"], test.taxes["reduced"])


WRONG_TAX = (
    *("SMART computes 16.00", "edit the price of a line and save"),
    *("SMART calcula 16,00", "modifique el precio de una línea y guarde"),
)


@bad(MOVE, "line_ids", *WRONG_TAX)
def a_tax_changed_by_hand(test):
    draft = invoice(test)
    tax = draft.line_ids.filtered("tax_line_id")
    draft.line_ids = [Command.update(tax.id, {"amount_currency": -17.0})]
    return draft


@bad(MOVE, "line_ids", *WRONG_TAX)
def a_tax_removed_by_hand(test):
    draft = invoice(test)
    draft.line_ids.filtered("tax_line_id").with_context(dynamic_unlink=True).unlink()
    return draft


# -- lines -----------------------------------------------------------------------------------

NEGATIVE = (
    *(LINE, "price_subtotal", "which SMART does not take", "or issue a credit note"),
    *("lo que SMART no admite", "o emita una nota de crédito"),
)


@bad(*NEGATIVE)
def a_discount_at_another_rate(test):
    return invoice(test, line(test), line(test, -10.0, "reduced", name="Descuento"))


@bad(*NEGATIVE)
def a_discount_larger_than_what_it_is_off(test):
    exempt = line(test, 500.0, "exempt")
    return invoice(test, exempt, line(test), line(test, -100.01, name="Descuento"))


@bad(*NEGATIVE)
def an_invoice_below_zero(test):
    return invoice(test, line(test), line(test, -150.0, name="Devolución"))


ZERO = (
    *(MOVE, "invoice_line_ids", "The amount is zero", "Enter a line with an amount"),
    *("El monto es cero", "Indique una línea con un monto"),
)


@bad(*ZERO)
def an_invoice_of_nothing(test):
    return invoice(test, line(test, 0.0))


@bad(*ZERO)
def an_invoice_that_is_given_away(test):
    return invoice(test, line(test, discount=100), line(test, 50.0, "exempt", discount=100))


@bad(
    *(MOVE, "invoice_line_ids", "The document has no lines", "Enter what is sold"),
    *("El documento no tiene líneas", "Indique lo que se vende"),
)
def an_invoice_of_words_only(test):
    words = {"display_type": "line_note", "name": "Gracias por su compra", "tax_ids": False}
    return invoice(test, words)


@bad(
    *(MOVE, "invoice_line_ids", "has 1001 lines", "Divide it into several documents"),
    *("tiene 1001 líneas", "Divídalo en varios documentos"),
)
def a_thousand_and_one_lines(test):
    return invoice(test, *(line(test, 1.0, None, name=f"Pieza {n}") for n in range(1001)))


@bad(
    *(LINE, "price_unit", "cannot be written as price times quantity", "Round the price"),
    *("no se puede expresar como precio por cantidad", "Redondee el precio"),
)
def a_price_with_more_digits_than_a_double_carries(test):
    return invoice(test, line(test, 0.01, "exempt", quantity=2 * 10.0**13))


@bad(
    *(MOVE, "invoice_cash_rounding_id", "cash rounding changes the total by 0.02", "Remove"),
    *("redondeo de efectivo modifica el total en 0,02", "Elimine el método de redondeo"),
)
def cash_rounding_as_a_line(test):
    rounding = test.env["account.cash.rounding"].create(
        {
            "name": "A la décima",
            "rounding": 0.1,
            "strategy": "add_invoice_line",
            "profit_account_id": test.company_data["default_account_revenue"].id,
            "loss_account_id": test.company_data["default_account_expense"].id,
        }
    )
    return invoice(test, line(test, 11.1), invoice_cash_rounding_id=rounding.id)


@bad(
    *(MOVE, "invoice_cash_rounding_id", "cash rounding changes the total by 0.02", "Remove"),
    *("redondeo de efectivo modifica el total en 0,02", "Elimine el método de redondeo"),
)
def cash_rounding_in_the_tax(test):
    rounding = test.env["account.cash.rounding"].create(
        {"name": "A la décima", "rounding": 0.1, "strategy": "biggest_tax"}
    )
    return invoice(test, line(test, 11.1), invoice_cash_rounding_id=rounding.id)


@bad(
    *(MOVE, "invoice_payment_term_id", "early payment discount reduces the tax", "Choose a"),
    *("descuento por pronto pago reduce el impuesto", "Elija un término de pago"),
)
def a_tax_reduced_by_early_payment(test):
    term = test.env["account.payment.term"].create(
        {
            "name": "2 % a siete días",
            "early_discount": True,
            "discount_percentage": 2,
            "discount_days": 7,
            "early_pay_discount_computation": "mixed",
            "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})],
        }
    )
    return invoice(test, invoice_payment_term_id=term.id)


# -- notes -----------------------------------------------------------------------------------

NO_ORIGIN = (
    *(MOVE, "smart_note_origin_id", "must refer to the invoice", "Choose the invoice, or enter"),
    *("debe referirse a la factura que corrige", "Elija la factura, o indique el número"),
)
NOT_ISSUED = (
    *(MOVE, "smart_note_origin_id", "was not issued through SMART", "Choose another invoice"),
    *("no se emitió a través de SMART", "Elija otra factura"),
)
OTHER_ISSUER = (
    *(MOVE, "smart_note_origin_id", "was issued by", "that the same company issued"),
    *("se emitió a nombre de", "que la misma empresa haya emitido"),
)


def note(test, origin=None, move_type="out_refund", **values):
    values |= {"smart_note_origin_id": origin.id} if origin else {}
    return invoice(test, line(test, 10.0), move_type=move_type, **values)


@bad(*NO_ORIGIN)
def a_credit_note_about_nothing(test):
    return note(test)


@bad(*NOT_ISSUED)
def a_credit_note_about_a_draft(test):
    return note(test, invoice(test))


@bad(*NOT_ISSUED)
def a_debit_note_about_an_invoice_on_pre_printed_paper(test):
    journal = test.company_data["default_journal_sale"]
    journal.smart_enabled = False
    origin = test.confirm(invoice(test))
    journal.smart_enabled = True
    return note(test, origin, "out_invoice")


@bad(*NOT_ISSUED)
def a_credit_note_about_an_invoice_that_went_back_to_draft(test):
    origin = invoice(test)
    origin.action_post()
    test.env.cr.postcommit.clear()
    origin.button_draft()
    return note(test, origin)


@bad(
    *(MOVE, "smart_note_origin_id", "was annulled", "Choose another invoice"),
    *("se anuló: no hay nada que corregir", "Elija otra factura"),
)
def a_credit_note_about_an_annulled_invoice(test):
    origin = test.confirm(invoice(test))
    origin.smart_document_id.sudo().state = "annulled"
    return note(test, origin)


@bad(
    *(MOVE, "smart_note_origin_id", "was issued to Inversiones La Trinidad", "of the customer"),
    *("se emitió a Inversiones La Trinidad", "Elija una factura del cliente de esta nota"),
)
def a_credit_note_for_another_customer(test):
    other = test.customer.copy({"name": "Ferretería El Rosal", "vat": "J-00041312-6"})
    return note(test, test.confirm(invoice(test)), partner_id=other.id)


@bad(*OTHER_ISSUER)
def a_credit_note_about_an_invoice_of_another_environment(test):
    origin = test.confirm(invoice(test))
    origin.smart_document_id.sudo().environment = "test"
    return note(test, origin)


@bad(*OTHER_ISSUER)
def a_debit_note_about_an_invoice_of_another_company(test):
    origin = test.confirm(invoice(test))
    other = test.env["res.company"].create({"name": "Otra empresa"})
    origin.smart_document_id.sudo().issuer_id = other
    return note(test, origin, "out_invoice")


@bad(
    *(MOVE, "smart_former_reason", "asks for the reason", "Enter why the document 00-0012345"),
    *("SMART pide el motivo", "Indique por qué se corrige el documento 00-0012345"),
)
def an_old_document_corrected_without_reason(test):
    return note(test, smart_former_number="00-0012345")


@bad(
    *(MOVE, "smart_former_number", "longer than 12 characters", "without further words"),
    *("tiene más de 12 caracteres", "sin más palabras"),
)
def an_old_number_with_words_around_it(test):
    return note(test, smart_former_number="Factura 0012345", smart_former_reason="Error")


@bad(
    *(MOVE, "smart_former_number", "which was issued through SMART", "Remove the number"),
    *("que se emitió a través de SMART", "Elimine el número anterior a SMART"),
)
def an_old_number_beside_an_issued_invoice(test):
    origin = test.confirm(invoice(test))
    return note(test, origin, smart_former_number="00-0012345", smart_former_reason="Error")


# -- currencies ------------------------------------------------------------------------------

NO_RATE = (
    *(CURRENCY, "rate_ids", "has no exchange rate on or before", "Enter the official rate"),
    *("No hay tasa de cambio de", "Indique la tasa oficial de ese día"),
)


@bad(
    *(MOVE, "currency_id", "does not know the currency COP", "Use bolívares, US dollars or euros"),
    *("SMART no admite la moneda COP", "Use bolívares, dólares estadounidenses o euros"),
)
def a_fourth_currency(test):
    peso = test.env.ref("base.COP")
    peso.active = True
    return invoice(test, currency_id=peso.id)


@bad(*NO_RATE)
def dollars_without_a_rate(test):
    test.usd.rate_ids.unlink()
    return invoice(test, currency_id=test.usd.id)


@bad(*NO_RATE)
def euros_whose_rate_begins_tomorrow(test):
    euro = test.env.ref("base.EUR")
    euro.active = True
    euro.rate_ids.unlink()
    test.env["res.currency.rate"].create(
        {
            "currency_id": euro.id,
            "company_id": test.company.id,
            "name": "2099-01-01",
            "inverse_company_rate": 44.1,
        }
    )
    return invoice(test, currency_id=euro.id)


@bad(*NO_RATE)
def bolivares_without_a_rate_of_the_dollar(test):
    test.usd.rate_ids.unlink()
    return invoice(test)


@bad(*NO_RATE)
def bolivares_of_a_company_without_additional_currency(test):
    test.company.smart_additional_currency_id = False
    test.usd.rate_ids.unlink()
    return invoice(test)


@bad(
    *(COMPANY, "smart_additional_currency_id", "is the bolívar", "Choose a foreign one"),
    *("es el propio bolívar", "Elija una extranjera"),
)
def bolivares_beside_bolivares(test):
    test.company.smart_additional_currency_id = test.bolivar
    return invoice(test)


@bad(
    *(MOVE, "invoice_currency_rate", "is zero when rounded", "Correct the exchange rate"),
    *("es cero al redondearla", "Corrija la tasa de cambio"),
)
def a_rate_upside_down(test):
    draft = invoice(test, currency_id=test.usd.id)
    draft.invoice_currency_rate = 405647.0
    return draft


@bad(
    *(CURRENCY, "rounding", "USD is not rounded to cents", "Set its rounding factor to 0.01"),
    *("USD no se redondea al céntimo", "Fije su factor de redondeo en 0.01"),
)
def dollars_of_three_decimals(test):
    test.usd.rounding = 0.001
    return invoice(test, currency_id=test.usd.id)


# -- IGTF ------------------------------------------------------------------------------------


def with_igtf(test, price=3.48, base=116.0, **values):
    test.company.smart_collects_igtf = True
    account = test.company._smart_igtf_account()
    igtf = {
        "name": "IGTF",
        "product_id": test.company.smart_igtf_product_id.id,
        "price_unit": price,
        "account_id": account.id,
        "tax_ids": False,
    }
    return invoice(test, line(test), igtf | values, smart_igtf_base=base)


AGAIN = ("Use the button “IGTF” again", "Use de nuevo el botón «IGTF»")


@bad(
    *(MOVE, "smart_igtf_base", "but SMART computes 0.00", AGAIN[0]),
    *("pero SMART calcula 0,00", AGAIN[1]),
)
def igtf_typed_as_a_line(test):
    return with_igtf(test, base=0)


@bad(
    *(MOVE, "smart_igtf_base", "is 5.00 here, but SMART computes 3.48", AGAIN[0]),
    *("es aquí 5,00, pero SMART calcula 3,48", AGAIN[1]),
)
def igtf_of_another_amount(test):
    return with_igtf(test, 5.0)


@bad(
    *(MOVE, "smart_igtf_base", "comes to 116.00 without it", AGAIN[0]),
    *("suma 116,00 sin ese impuesto", AGAIN[1]),
)
def igtf_of_more_than_the_document(test):
    return with_igtf(test, 6.0, 200.0)


@bad(
    *(LINE, "tax_ids", "The IGTF is not subject to VAT", AGAIN[0]),
    *("El IGTF no está sujeto a IVA", AGAIN[1]),
)
def igtf_with_vat(test):
    return with_igtf(test, tax_ids=[Command.set(test.taxes["general"].ids)])


@bad(
    *(LINE, "account_id", "is owed to the treasury; it is no revenue", AGAIN[0]),
    *("se adeuda al Fisco; no es un ingreso", AGAIN[1]),
)
def igtf_as_revenue(test):
    return with_igtf(test, account_id=test.company_data["default_account_revenue"].id)


@bad(
    *(COMPANY, "smart_collects_igtf", "does not collect the IGTF", "Remove the line, or switch"),
    *("no percibe el IGTF", "Elimine la línea, o active el IGTF"),
)
def igtf_of_a_company_that_collects_none(test):
    draft = with_igtf(test)
    test.company.smart_collects_igtf = False
    return draft


# -- customers -------------------------------------------------------------------------------


@bad(
    *(MOVE, "partner_id", "The customer is missing", "Choose one"),
    *("Falta el cliente", "Elija uno"),
)
def nobody(test):
    return invoice(test, partner_id=False)


NOT_A_RIF = (
    *(PARTNER, "vat", "is not a valid RIF", "the last digit is a check digit"),
    *("no es un RIF válido", "el último dígito es un dígito verificador"),
)


@bad(*NOT_A_RIF)
def a_wrong_check_digit(test):
    return customer(test, vat="J-30984512-1")


@bad(*NOT_A_RIF)
def a_foreign_number_as_a_rif(test):
    return customer(test, vat="DE136695976", country_id=test.env.ref("base.de").id)


@bad(
    *(PARTNER, "vat", "The identification is missing", "Enter the RIF, cédula or passport"),
    *("Falta la identificación", "Indique el RIF, la cédula o el pasaporte"),
)
def a_foreigner_without_passport(test):
    france = test.env.ref("base.fr")
    return customer(test, vat=False, kind="l10n_latam_base.it_pass", country_id=france.id)


@bad(
    *(PARTNER, "vat", "is not a valid passport number", "at most 12"),
    *("no es un número de pasaporte válido", "12 como máximo"),
)
def a_passport_that_is_too_long(test):
    return customer(test, vat="PASAPORTE123456", kind="l10n_latam_base.it_pass")


@bad(
    *(PARTNER, "vat", "is not a valid cédula", "Enter V or E and up to eight digits"),
    *("no es una cédula válida", "Indique V o E y hasta ocho dígitos"),
)
def a_cedula_of_nine_digits(test):
    return customer(test, vat="V-123456789", kind="l10n_ve_edi_smart.it_ve_cedula")


KIND = ("l10n_latam_identification_type_id", "Choose RIF, cédula or passport")


@bad(
    *(PARTNER, KIND[0], "does not know the identification type", KIND[1]),
    *("SMART no admite el tipo de identificación", "Elija RIF, cédula o pasaporte"),
)
def another_kind_of_identification(test):
    draft = customer(test)
    kind = test.env["l10n_latam.identification.type"].sudo().create({"name": "Carnet"})
    draft.partner_id.l10n_latam_identification_type_id = kind
    return draft


@bad(
    *(PARTNER, KIND[0], "The identification type is missing", KIND[1]),
    *("Falta el tipo de identificación", "Elija RIF, cédula o pasaporte"),
)
def no_kind_of_identification(test):
    draft = customer(test)
    draft.partner_id.l10n_latam_identification_type_id = False
    return draft


@bad(
    *(PARTNER, "name", "The name is missing", "Enter it"),
    *("Falta el nombre o razón social", "Indíquelo"),
)
def a_name_that_nobody_can_read(test):
    return customer(test, name="\u200b\u202e")


@bad(
    *(PARTNER, "street", "The address is missing", "Enter street or city"),
    *("Falta la dirección", "Indique la calle o la ciudad"),
)
def no_address(test):
    return customer(test, street=False, city=False)


@bad(
    *(PARTNER, "phone", "The phone number is missing", "for example +58 412-1234567"),
    *("Falta el número de teléfono", "por ejemplo +58 412-1234567"),
)
def no_phone(test):
    return customer(test, phone=False)


BAD_PHONE = (
    *("is not a valid phone number", "for example +58 412-1234567"),
    *("no es un número de teléfono válido", "por ejemplo +58 412-1234567"),
)


@bad(PARTNER, "phone", *BAD_PHONE)
def words_for_a_phone(test):
    return customer(test, phone="llamar por la tarde")


@bad(PARTNER, "phone", *BAD_PHONE)
def a_phone_that_is_too_short(test):
    return customer(test, phone="+43 1 234")


@bad(COMPANY, "smart_walk_in_phone", *BAD_PHONE)
def a_bad_phone_for_walk_in_customers(test):
    test.company.smart_walk_in_phone = "no tiene"
    return customer(test, phone=False)


@bad(
    *(PARTNER, "email", "The e-mail address is missing", "Enter it, or set one"),
    *("Falta el correo electrónico", "Indíquelo, o configure"),
)
def no_mail(test):
    return customer(test, email=False)


BAD_MAIL = (
    *("is not a valid e-mail address", "for example compras@example.com"),
    *("no es un correo electrónico válido", "por ejemplo compras@example.com"),
)


@bad(PARTNER, "email", *BAD_MAIL)
def words_for_mail(test):
    return customer(test, email="no tiene")


@bad(PARTNER, "email", "“ventas@” " + BAD_MAIL[0], BAD_MAIL[1], "«ventas@» " + BAD_MAIL[2], BAD_MAIL[3])
def one_bad_address_of_several(test):
    return customer(test, email="compras@example.com; ventas@, caja@example.com")


@bad(COMPANY, "smart_walk_in_email", *BAD_MAIL)
def bad_mail_for_walk_in_customers(test):
    test.company.smart_walk_in_email = "nadie"
    return customer(test, email=False)


@bad(
    *(PARTNER, "email", "longer than 100 characters together", "Remove some of them"),
    *("suman más de 100 caracteres", "Elimine algunas"),
)
def more_addresses_than_fit(test):
    return customer(test, email=",".join(f"comprador.{n}@example.com" for n in range(6)))


# -- issuer and branch -----------------------------------------------------------------------

LONG_BRANCH = (
    *("smart_branch_code", "longer than 10 characters", "Shorten it"),
    *("tiene más de 10 caracteres", "Acórtelo"),
)


@bad(JOURNAL, *LONG_BRANCH)
def a_branch_code_of_the_journal_that_is_too_long(test):
    test.company_data["default_journal_sale"].smart_branch_code = "VALENCIA-NORTE"
    return invoice(test)


@bad(COMPANY, *LONG_BRANCH)
def a_branch_code_of_the_company_that_is_too_long(test):
    test.company.smart_branch_code = "VALENCIA-NORTE"
    return invoice(test)


@bad(
    *(COMPANY, "vat", "the SMART token belongs to J-41256789-6", "Correct the token"),
    *("el token de SMART pertenece a J-41256789-6", "Corrija el token"),
)
def the_token_of_another_company(test):
    test.company.vat = "J-30984512-8"
    return invoice(test)


@bad(
    *(COMPANY, "vat", "is not a valid RIF", "Enter the company's RIF"),
    *("no es un RIF válido", "Indique el RIF de la empresa"),
)
def a_company_without_rif(test):
    test.company.vat = False
    return invoice(test)

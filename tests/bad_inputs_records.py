"""Currencies, IGTF, customers and issuers that SMART would not take."""

from datetime import timedelta

from odoo import Command

from .bad_inputs import (
    COMPANY,
    CURRENCY,
    JOURNAL,
    LINE,
    MOVE,
    PARTNER,
    bad,
    customer,
    invoice,
    line,
)

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


def begins_later(test, currency):
    """Have a company that enters rates of a currency have none for today."""
    currency.rate_ids.unlink()
    test.env["res.currency.rate"].create(
        {
            "currency_id": currency.id,
            "company_id": test.company.id,
            "name": "2099-01-01",
            "inverse_company_rate": 44.1,
        }
    )


@bad(*NO_RATE)
def dollars_without_a_rate(test):
    test.usd.rate_ids.unlink()
    return invoice(test, currency_id=test.usd.id)


@bad(*NO_RATE)
def euros_whose_rate_begins_tomorrow(test):
    euro = test.env.ref("base.EUR")
    euro.active = True
    begins_later(test, euro)
    return invoice(test, currency_id=euro.id)


@bad(*NO_RATE)
def bolivares_without_a_rate_of_the_dollar(test):
    begins_later(test, test.usd)
    return invoice(test)


@bad(*NO_RATE)
def bolivares_of_a_company_without_additional_currency(test):
    test.company.smart_additional_currency_id = False
    begins_later(test, test.usd)
    return invoice(test)


def with_rates(test, **days):
    """Have the dollar no rates but these: days from today -> bolívares."""
    test.usd.rate_ids.unlink()
    today = test.env["account.move"]._smart_today()
    test.env["res.currency.rate"].create(
        [
            {
                "currency_id": test.usd.id,
                "company_id": test.company.id,
                "name": today + timedelta(days={"old": -9, "now": 0, "next": 1}[day]),
                "inverse_company_rate": rate,
            }
            for day, rate in days.items()
        ]
    )


@bad(
    *(CURRENCY, "rate_ids", "9 days before the document", "enter the last one for that day again"),
    *("9 días antes del documento", "vuelva a registrar la última con esa fecha"),
)
def dollars_with_an_old_rate_where_the_company_refuses_it(test):
    test.company.smart_requires_rate = True
    with_rates(test, old=40.5)
    return invoice(test, currency_id=test.usd.id)


@bad(
    *(MOVE, "invoice_currency_rate", "but there is one of", "Press the arrows beside the rate"),
    *("pero existe la del", "Pulse las flechas junto a la tasa"),
)
def dollars_with_the_rate_of_another_day_where_the_company_refuses_it(test):
    test.company.smart_requires_rate = True
    with_rates(test, old=40.5, now=41.5)
    draft = invoice(test, currency_id=test.usd.id)
    draft.invoice_currency_rate = 1 / 40.5
    return draft


@bad(
    *(MOVE, "invoice_currency_rate", "which is not in force yet", "Set the date to today"),
    *("que todavía no está vigente", "Fije la fecha de hoy"),
)
def dollars_with_the_rate_of_tomorrow(test):
    with_rates(test, now=41.5, next=42.5)
    draft = invoice(test, currency_id=test.usd.id)
    draft.invoice_currency_rate = 1 / 42.5
    return draft


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
    return customer(test, vat=False, kind="l10n_ve_edi_smart.it_ve_passport", country_id=france.id)


@bad(
    *(PARTNER, "vat", "is not a valid passport number", "at most 12"),
    *("no es un número de pasaporte válido", "12 como máximo"),
)
def a_passport_that_is_too_long(test):
    return customer(test, vat="PASAPORTE123456", kind="l10n_ve_edi_smart.it_ve_passport")


@bad(
    *(PARTNER, "vat", "is not a valid cédula", "Enter V or E and up to eight digits"),
    *("no es una cédula válida", "Indique V o E y hasta ocho dígitos"),
)
def a_cedula_of_nine_digits(test):
    return customer(test, vat="V-123456789", kind="l10n_ve_edi_smart.it_ve_cedula")


@bad(
    *(PARTNER, "vat", "“12345678” has no letter", "Enter it with its letter: V or E"),
    *("«12345678» no tiene letra", "Indíquelo con su letra: V o E"),
)
def a_cedula_without_letter(test):
    return customer(test, vat="12345678", kind="l10n_ve_edi_smart.it_ve_cedula")


@bad(
    *(PARTNER, "vat", "“30984512-8” has no letter", "Enter it with its letter: V or E"),
    *("«30984512-8» no tiene letra", "Indíquelo con su letra: V o E"),
)
def a_rif_without_letter(test):
    return customer(test, vat="30984512-8")


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


@bad(COMPANY, "smart_walk_in_email", *BAD_MAIL)
def bad_mail_for_walk_in_customers(test):
    test.company.smart_walk_in_email = "nadie"
    return customer(test, email=False)


@bad(
    *(PARTNER, "email", "longer than 100 characters", "Enter a shorter one"),
    *("tiene más de 100 caracteres", "Indique uno más corto"),
)
def an_address_that_is_too_long(test):
    return customer(test, email=f"compras@{'a' * 60}.{'b' * 60}.example.com")


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

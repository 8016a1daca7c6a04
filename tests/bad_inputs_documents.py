"""Taxes, lines and notes that SMART would not take."""

from datetime import timedelta

from odoo import Command

from .bad_inputs import (
    LINE,
    MOVE,
    TAX,
    bad,
    group,
    invoice,
    line,
    new_tax,
    taxed,
)

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


@bad(
    *(LINE, "tax_ids", "The line “Servicio” has no tax", "what is exempt has the tax “Exempt”"),
    *("La línea «Servicio» no tiene impuesto", "lo exento lleva el impuesto «Exento»"),
)
def a_line_without_tax(test):
    return invoice(test, line(test), line(test, tax=None))


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
    *(MOVE, "invoice_line_ids", "is too large for SMART", "Divide it into several documents"),
    *("es demasiado grande para SMART", "Divídalo en varios documentos"),
)
def a_thousand_and_one_lines(test):
    return invoice(test, *(line(test, 1.0, "exempt", name=f"Pieza {n}") for n in range(1001)))


@bad(
    *(LINE, "price_unit", "cannot be written as price times quantity", "Round the price"),
    *("no se puede expresar como precio por cantidad", "Redondee el precio"),
)
def a_price_with_more_digits_than_a_double_carries(test):
    return invoice(test, line(test, 0.01, "exempt", quantity=2 * 10.0**13))


def written(move):
    """Write another tax into a draft, so that its rounding cannot be made lines of it."""
    tax = move.line_ids.filtered(lambda one: one.display_type == "tax")
    move.line_ids = [Command.update(tax.id, {"amount_currency": tax.amount_currency - 1})]
    return move


@bad(
    *(MOVE, "invoice_cash_rounding_id", "cash rounding changes the total by 0.02", "Remove"),
    *("redondeo de efectivo modifica el total en 0,02", "Elimine el método de redondeo"),
)
def cash_rounding_as_a_line_beside_a_tax_that_somebody_wrote(test):
    rounding = test.env["account.cash.rounding"].create(
        {
            "name": "A la décima",
            "rounding": 0.1,
            "strategy": "add_invoice_line",
            "profit_account_id": test.company_data["default_account_revenue"].id,
            "loss_account_id": test.company_data["default_account_expense"].id,
        }
    )
    return written(invoice(test, line(test, 11.1), invoice_cash_rounding_id=rounding.id))


@bad(
    *(MOVE, "invoice_cash_rounding_id", "cash rounding changes the total by 0.02", "Remove"),
    *("redondeo de efectivo modifica el total en 0,02", "Elimine el método de redondeo"),
)
def cash_rounding_in_a_tax_that_somebody_wrote(test):
    rounding = test.env["account.cash.rounding"].create(
        {"name": "A la décima", "rounding": 0.1, "strategy": "biggest_tax"}
    )
    return written(invoice(test, line(test, 11.1), invoice_cash_rounding_id=rounding.id))


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


OLD = {
    "smart_former_number": "00-0012345",
    "smart_former_date": "2024-03-15",
    "smart_former_amount": 1160.0,
}


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
    origin.smart_document_id.sudo()._engine_write({"state": "annulled"})
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
    origin.smart_document_id.sudo()._engine_write({"environment": "test"})
    return note(test, origin)


@bad(*OTHER_ISSUER)
def a_debit_note_about_an_invoice_of_another_company(test):
    origin = test.confirm(invoice(test))
    other = test.env["res.company"].create({"name": "Otra empresa"})
    origin.smart_document_id.sudo()._engine_write({"issuer_id": other})
    return note(test, origin, "out_invoice")


@bad(
    *(MOVE, "amount_total", "takes back", "Lower its amount, or choose the invoice"),
    *("esta nota devuelve", "Reduzca su monto, o elija la factura"),
)
def a_credit_note_of_more_than_was_invoiced(test):
    return note(test, test.confirm(invoice(test, line(test, 5.0))))


@bad(
    *(MOVE, "smart_note_reason", "asks for the reason", "Enter why the document 00-0012345"),
    *("SMART pide el motivo", "Indique por qué se corrige el documento 00-0012345"),
)
def an_old_document_corrected_without_reason(test):
    return note(test, **OLD)


@bad(
    *(MOVE, "smart_former_date", "must say when the document", "Enter the date of 00-0012345"),
    *("debe indicar cuándo se emitió", "Indique la fecha de 00-0012345"),
)
def an_old_document_without_its_date(test):
    return note(test, **OLD | {"smart_former_date": False}, smart_note_reason="Error")


@bad(
    *(MOVE, "smart_former_date", "must say when the document", "Enter the date of 00-0012345"),
    *("debe indicar cuándo se emitió", "Indique la fecha de 00-0012345"),
)
def an_old_document_of_tomorrow(test):
    tomorrow = test.env["account.move"]._smart_today() + timedelta(days=1)
    return note(test, **OLD | {"smart_former_date": tomorrow}, smart_note_reason="Error")


@bad(
    *(MOVE, "smart_former_amount", "must say the amount", "Enter the total of 00-0012345"),
    *("debe indicar el monto del documento que corrige", "Indique el total de 00-0012345"),
)
def an_old_document_without_its_amount(test):
    return note(test, **OLD | {"smart_former_amount": 0.0}, smart_note_reason="Error")


@bad(
    *(MOVE, "amount_total", "takes back", "Lower its amount, or choose the invoice"),
    *("esta nota devuelve", "Reduzca su monto, o elija la factura"),
)
def a_credit_note_of_more_than_the_old_document(test):
    return note(test, **OLD | {"smart_former_amount": 5.0}, smart_note_reason="Error")


@bad(
    *(MOVE, "smart_former_number", "longer than 12 characters", "without further words"),
    *("tiene más de 12 caracteres", "sin más palabras"),
)
def an_old_number_with_words_around_it(test):
    return note(test, **OLD | {"smart_former_number": "Factura 0012345"}, smart_note_reason="Error")


@bad(
    *(MOVE, "smart_former_number", "which was issued through SMART", "Remove the number"),
    *("que se emitió a través de SMART", "Elimine el número anterior a SMART"),
)
def an_old_number_beside_an_issued_invoice(test):
    origin = test.confirm(invoice(test))
    return note(test, origin, **OLD, smart_note_reason="Error")

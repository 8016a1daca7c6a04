"""Documents whose requests are kept as files in ``data/payloads``: one interesting case each.

Each function takes the test, and returns the document that is to be converted.
"""

from odoo import Command

CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


def one(test, price=100.0, tax="general", **values):
    taxes = [Command.set(test.taxes[tax].ids)]
    return {"name": "Servicio", "price_unit": price, "tax_ids": taxes} | values


def invoice(test, *lines, **values):
    commands = [
        Command.create({"sequence": number} | line) for number, line in enumerate(lines, start=1)
    ]
    return test.make_invoice(invoice_line_ids=commands, **values)


def product(test, name, code):
    return test.env["product.product"].create({"name": name, "default_code": code})


@case
def plain_invoice(test):
    cap = product(test, "Gorra tejida", "G-1")
    return invoice(test, one(test, 12.5, product_id=cap.id, name=cap.display_name, quantity=4))


@case
def four_rates(test):
    return invoice(
        test,
        one(test, 1245.5, quantity=24),
        one(test, 2140.0, "reduced", quantity=12.5),
        one(test, 98500.0, "luxury"),
        one(test, 310.25, "exempt", quantity=100),
        one(test, 10.0, "exempt", name="Otro exento"),
    )


@case
def exempt_only(test):
    return invoice(test, one(test, 75.35, "exempt", quantity=3))


@case
def luxury_on_a_half_cent(test):
    return invoice(test, one(test, 0.5, "luxury"))


@case
def rounded_base_of_three_decimals(test):
    return invoice(test, one(test, 50.485), one(test, 10.111, quantity=3))


@case
def in_dollars(test):
    return invoice(test, one(test, 5.12, quantity=60), currency_id=test.usd.id)


@case
def in_euros(test):
    return invoice(test, one(test, 19.99, "reduced", quantity=2), currency_id=test.eur.id)


@case
def rate_set_by_the_user(test):
    move = invoice(test, one(test), currency_id=test.usd.id)
    move.invoice_currency_rate = 1 / 50.25
    return move


@case
def discount_in_percent(test):
    return invoice(
        test, one(test, 9800.0, quantity=8, discount=10), one(test, 33.33, discount=33.33)
    )


@case
def global_discount(test):
    return invoice(test, one(test, 60.0), one(test, 40.0), one(test, -10.01, name="Descuento 10 %"))


@case
def returned_goods(test):
    cap = product(test, "Gorra", "G-1")
    sold = one(test, 12.5, product_id=cap.id, name="Gorra", quantity=10)
    return invoice(test, sold, {**sold, "quantity": -3})


@case
def down_payment_deducted(test):
    return invoice(
        test, one(test, 1000.0, name="Obra"), one(test, 300.0, quantity=-1, name="Anticipo")
    )


@case
def one_discount_of_many_lines(test):
    lines = [one(test, 10.0 + number, name=f"Renglón {number}") for number in range(11)]
    return invoice(test, *lines, one(test, -16.5, name="Descuento por pronto pago 10 %"))


@case
def units(test):
    crate = test.env["uom.uom"].create({"name": "Caja"})
    known = [test.env.ref(f"uom.product_uom_{name}") for name in ("unit", "kgm", "litre", "meter")]
    others = [test.env.ref(f"uom.product_uom_{name}") for name in ("dozen", "gram", "hour")]
    return invoice(
        test,
        *(
            one(test, 30.0, quantity=2, name="Huevos", product_uom_id=unit.id)
            for unit in [*known, crate, *others]
        ),
    )


@case
def series_of_the_journal(test):
    test.company_data["default_journal_sale"].smart_series = "A"
    return invoice(test, one(test))


@case
def free_lines(test):
    return invoice(
        test, one(test, 10.0), one(test, 0.0, name="Muestra"), one(test, 8.0, discount=100)
    )


@case
def many_decimals(test):
    return invoice(
        test,
        one(test, 0.3333, quantity=3),
        one(test, 1.234567, quantity=12.345678),
        one(test, 19.99, quantity=0.333333, discount=33.33),
    )


@case
def tax_included_in_the_price(test):
    tax = test.taxes["general"].copy({"name": "16 % incl."})
    tax.price_include_override = "tax_included"
    taxes = [Command.set(tax.ids)]
    return invoice(
        test, one(test, 116.0, tax_ids=taxes), one(test, 9.99, quantity=3, tax_ids=taxes)
    )


@case
def group_of_taxes_for_luxury(test):
    general = test.taxes["general"]
    children = general.copy({"name": "16"}) + general.copy({"name": "15", "amount": 15})
    group = test.env["account.tax"].create(
        {
            "name": "Suntuario",
            "amount_type": "group",
            "type_tax_use": "sale",
            "children_tax_ids": [Command.set(children.ids)],
        }
    )
    return invoice(test, one(test, 1000.5, tax_ids=[Command.set(group.ids)]), one(test, 100.0))


@case
def notes_and_sections(test):
    return invoice(
        test,
        {"display_type": "line_section", "name": "Instalación", "tax_ids": False},
        one(test, 10.0, name="Cableado"),
        {"display_type": "line_note", "name": "Incluye\nmateriales\u0007", "tax_ids": False},
        one(test, 5.0, name="Traslado"),
    )


@case
def long_texts(test):
    return invoice(
        test,
        one(test, name="palabra " * 60),
        {"display_type": "line_note", "name": "comentario " * 30, "tax_ids": False},
        narration="<p>" + "condición " * 40 + "</p>",
    )


@case
def walk_in_customer_with_cedula(test):
    test.company.write(
        {
            "smart_walk_in_address": "Caracas",
            "smart_walk_in_phone": "0212-9511234",
            "smart_walk_in_email": "caja@example.com",
            "smart_send_mail": True,
        }
    )
    walk_in = test.env["res.partner"].create(
        {
            "name": "María Gómez",
            "vat": "v 9.876.543",
            "l10n_latam_identification_type_id": test.env.ref("l10n_ve_edi_smart.it_ve_cedula").id,
            "country_id": test.env.ref("base.ve").id,
        }
    )
    return invoice(test, one(test), partner_id=walk_in.id)


@case
def foreign_customer_with_passport(test):
    foreigner = test.env["res.partner"].create(
        {
            "name": "Anna Müller",
            "vat": "c01x00t47",
            "l10n_latam_identification_type_id": test.env.ref(
                "l10n_ve_edi_smart.it_ve_passport"
            ).id,
            "street": "Unter den Linden 1",
            "city": "Berlin",
            "zip": "10117",
            "country_id": test.env.ref("base.de").id,
            "phone": "030 901820",
            "email": "anna@example.com",
        }
    )
    return invoice(test, one(test), partner_id=foreigner.id)


@case
def contact_of_a_company(test):
    contact = test.env["res.partner"].create(
        {
            "parent_id": test.customer.id,
            "type": "invoice",
            "name": "Cuentas por pagar",
            "street": "Av. Bolívar 12",
            "city": "Valencia",
            "phone": "0241-8580011",
            "email": "pagos@latrinidad.example.com",
        }
    )
    return invoice(test, one(test), partner_id=contact.id)


@case
def several_addresses_and_mail_from_smart(test):
    test.customer.write(
        {"email": "uno@example.com, Dos <dos@example.com>", "smart_send_mail": "yes"}
    )
    return invoice(test, one(test))


@case
def branch_of_the_journal(test):
    test.company_data["default_journal_sale"].write(
        {"smart_branch_code": "VAL-01", "smart_branch_address": "Av. Bolívar, Valencia"}
    )
    return invoice(test, one(test))


@case
def terms_and_payment_term(test):
    return invoice(
        test,
        one(test),
        narration="<p>Válido por <b>15</b> días.</p><ul><li>Sin devolución</li></ul>",
        invoice_payment_term_id=test.env.ref("account.account_payment_term_30days").id,
    )


@case
def paid_in_two_ways(test):
    # Converted again after it was paid, as a refused document is.
    move = test.confirm(invoice(test, one(test)))
    for amount, name in ((100.0, "bank"), (16.0, "cash")):
        test.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create(
            {"amount": amount, "journal_id": test.company_data[f"default_journal_{name}"].id}
        ).action_create_payments()
    return move


@case
def igtf_on_an_invoice_in_dollars(test):
    move = invoice(test, one(test), currency_id=test.usd.id)
    test.add_igtf(move)
    return move


@case
def igtf_on_part_of_an_invoice_in_bolivares(test):
    move = invoice(test, one(test, 1000.0))
    test.add_igtf(move, 10.0)
    return move


@case
def debit_note(test):
    origin = test.confirm(invoice(test, one(test)))
    return invoice(test, one(test, 7.5, name="Intereses"), debit_origin_id=origin.id)


@case
def partial_credit_note(test):
    origin = test.confirm(invoice(test, one(test, quantity=5), one(test, 20.0)))
    wizard = (
        test.env["account.move.reversal"]
        .with_context(active_model="account.move", active_ids=origin.ids)
        .create({"journal_id": origin.journal_id.id, "reason": "Devolución"})
    )
    wizard.refund_moves()
    note = wizard.new_move_ids
    note.invoice_line_ids = [
        Command.update(note.invoice_line_ids[0].id, {"quantity": 2}),
        Command.delete(note.invoice_line_ids[1].id),
    ]
    return note


@case
def credit_note_that_waits_for_its_invoice(test):
    origin = invoice(test, one(test))
    origin.action_post()  # queued; nothing is sent before the commit
    return invoice(test, one(test, 10.0), move_type="out_refund", smart_note_origin_id=origin.id)


@case
def credit_note_about_a_document_from_before_smart(test):
    return invoice(
        test,
        one(test),
        move_type="out_refund",
        smart_former_number="00-0012345",
        smart_former_date="2024-03-15",
        smart_former_amount=1160.0,
        smart_note_reason="Devolución de mercancía",
    )


@case
def debit_note_about_a_document_from_before_smart(test):
    return invoice(
        test,
        one(test),
        smart_former_number="00-0012346",
        smart_former_date="2024-03-16",
        smart_former_amount=2320.5,
        smart_note_reason="Intereses de mora",
        narration="<p>Según contrato.</p>",
    )

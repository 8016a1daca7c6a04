"""Ways to change an issued document, or what it rests on; and what stays free."""

from servers import OdooError

BY_HAND = "Nobody can add, change or delete it by hand"
TAX_LOCKED = "The tax .* stays as it is. Make a new tax instead, and archive this one"


def load(world, model, columns, record_id, value):
    """Import one row, as a file with the record's id does; raise what the import says."""
    result = world.call(model, "load", [".id", *columns], [[str(record_id), str(value)]])
    errors = [message["message"] for message in result["messages"]]
    if errors:
        raise OdooError({"message": "\n".join(errors)})


def merge(world, source, target):
    return world.wizard(
        "base.partner.merge.automatic.wizard",
        "action_merge",
        {
            "state": "selection",
            "partner_ids": [[6, 0, [source, target]]],
            "dst_partner_id": target,
        },
    )


# -- the invoice itself ------------------------------------------------------------------

ROADS = {
    "form: customer": lambda w: w.write(partner_id=w.other),
    "form: fiscal date": lambda w: w.write(invoice_date="2026-01-01"),
    "form: accounting date": lambda w: w.write(date="2026-01-01"),
    "form: date that the rate goes by": lambda w: w.write(taxable_supply_date="2020-06-01"),
    "form: currency": lambda w: w.write(currency_id=w.bolivar),
    "form: rate of exchange": lambda w: w.write(invoice_currency_rate=1.0),
    "form: journal": lambda w: w.write(journal_id=w.cash, name="/"),
    "form: number": lambda w: w.write(name="INV/2026/77777"),
    "form: type": lambda w: w.write(move_type="out_refund"),
    "form: what it corrects": lambda w: w.write(smart_note_origin_id=w.issued_too),
    "form: a line more": lambda w: w.write(
        invoice_line_ids=[[0, 0, {"name": "x", "price_unit": 1}]]
    ),
    "form: a line less": lambda w: w.write(invoice_line_ids=[[2, w.line]]),
    "form: price": lambda w: w.write(invoice_line_ids=[[1, w.line, {"price_unit": 1}]]),
    "form: journal items": lambda w: w.write(line_ids=[[1, w.tax_line, {"balance": -1}]]),
    "form: total": lambda w: w.write(amount_total=1.0),
    "form: status draft": lambda w: w.write(state="draft"),
    "form: status cancelled": lambda w: w.write(state="cancel"),
    "list: number of several": lambda w: w.call(
        "account.move", "write", [w.issued, w.draft], {"name": "INV/2026/88888"}
    ),
    "import": lambda w: load(w, "account.move", ["partner_id/.id"], w.issued, w.other),
    "import of lines": lambda w: load(w, "account.move.line", ["price_unit"], w.line, 5),
    "reset to draft": lambda w: w.call("account.move", "button_draft", [w.issued]),
    "cancel": lambda w: w.call("account.move", "button_cancel", [w.issued]),
    "cancel several": lambda w: w.call("account.move", "button_cancel", [w.issued, w.draft]),
    "delete": lambda w: w.call("account.move", "unlink", [w.issued]),
    "delete by force": lambda w: w.call(
        "account.move", "unlink", [w.issued], context={"force_delete": True}
    ),
    "switch to credit note": lambda w: w.call(
        "account.move", "action_switch_move_type", [w.issued]
    ),
    "renumber": lambda w: w.wizard(
        "account.resequence.wizard",
        "resequence",
        {"move_ids": [[6, 0, [w.issued]]], "first_name": "INV/2026/00099"},
        context={"active_model": "account.move", "active_ids": [w.issued]},
    ),
    # -- its lines, behind its back --
    "line: price": lambda w: w.write_line(price_unit=1),
    "line: quantity": lambda w: w.write_line(quantity=7),
    "line: discount": lambda w: w.write_line(discount=50),
    "line: text": lambda w: w.write_line(name="Otra cosa"),
    "line: product": lambda w: w.write_line(product_id=False),
    "line: tax": lambda w: w.write_line(tax_ids=[[6, 0, []]]),
    "line: amount": lambda w: w.write_line(balance=-1),
    "line: debit": lambda w: w.write_line(debit=1),
    "line: tax amount": lambda w: w.write_line(w.tax_line, amount_currency=-1),
    "line: customer": lambda w: w.write_line(w.term_line, partner_id=w.other),
    "line: to another invoice": lambda w: w.write_line(move_id=w.draft),
    "line: from another invoice": lambda w: w.write_line(w.draft_line, move_id=w.issued),
    "line: new": lambda w: w.call(
        "account.move.line",
        "create",
        [{"move_id": w.issued, "name": "x", "price_unit": 1, "account_id": w.account}],
    ),
    "line: delete": lambda w: w.call(
        "account.move.line",
        "unlink",
        [w.line],
        context={"force_delete": True, "dynamic_unlink": True},
    ),
    "line: what is due": lambda w: w.write_line(w.term_line, balance=1),
    "line: another one that is due": lambda w: w.call(
        "account.move.line",
        "create",
        [
            {"move_id": w.issued, "display_type": "payment_term", "balance": 0},
            {"move_id": w.issued, "display_type": "cogs", "balance": 0, "account_id": w.account},
        ],
    ),
    # -- by way of other fields, methods and models --
    "form: no lines": lambda w: w.write(line_ids=False),
    "form: other lines": lambda w: w.write(invoice_line_ids=[[6, 0, [w.draft_line]]]),
    "form: journal items, by their old name": lambda w: w.write(
        journal_line_ids=[[1, w.line, {"price_unit": 1}]]
    ),
    "form: saving": lambda w: w.call(
        "account.move", "web_save", [w.issued], {"invoice_origin": "SO1"}, specification={}
    ),
    "form: totals": lambda w: w.write(tax_totals={"subtotals": []}),
    "list: saving": lambda w: w.call(
        "account.move.line", "web_save_multi", [w.line], [{"sequence": 77}], specification={}
    ),
    "list: order of the lines": lambda w: w.call(
        "account.move.line", "web_resequence", [w.line], {}, offset=77
    ),
    "lines moved to a draft": lambda w: w.call(
        "account.move",
        "write",
        [w.draft],
        {"line_ids": [[4, w.line]]},
        context={"skip_readonly_check": True},
    ),
    "lines taken along to a new invoice": lambda w: w.call(
        "account.move", "create", [{"move_type": "out_invoice", "line_ids": [[4, w.line]]}]
    ),
    "made the reversal of a draft": lambda w: w.call(
        "account.move", "write", [w.draft], {"reversal_move_ids": [[4, w.issued]]}
    ),
    "customer: its invoices": lambda w: w.call(
        "res.partner",
        "write",
        [w.customer],
        {"invoice_ids": [[1, w.issued, {"invoice_origin": "SO1"}]]},
    ),
    "customer: taking over an invoice": lambda w: w.call(
        "res.partner", "write", [w.other], {"invoice_ids": [[4, w.issued]]}
    ),
    "print: another file": lambda w: w.call("ir.attachment", "create", [w.forged_print()]),
    "print: another file in its place": lambda w: w.call(
        "ir.attachment",
        "write",
        w.call("ir.attachment", "create", [{"name": "x.pdf", "datas": "JVBERi0="}]),
        {**w.forged_print(), "datas": "JVBERi0="},
    ),
}

# -- what issued documents rest on, and what belongs to SMART ------------------------------

OTHERS = {
    "draft set to posted by hand": (
        lambda w: w.call("account.move", "write", [w.draft], {"state": "posted"}),
        "must be issued.*Confirm it instead",
    ),
    "journal: delete": (
        lambda w: w.call("account.journal", "unlink", [w.journal]),
        "cannot be deleted. Archive it",
    ),
    "journal: type": (
        lambda w: w.call("account.journal", "write", [w.journal], {"type": "general"}),
        "Make a new journal instead, and archive this one",
    ),
    "tax: delete": (
        lambda w: w.call("account.tax", "unlink", [w.tax]),
        "cannot be deleted. Archive it",
    ),
    "tax: rate": (
        lambda w: w.call("account.tax", "write", [w.tax], {"amount": 12}),
        "Make a new tax instead, and archive this one",
    ),
    "tax: kind": (
        lambda w: w.call("account.tax", "write", [w.tax], {"smart_tax_kind": "exempt"}),
        "Make a new tax instead, and archive this one",
    ),
    "tax: label": (
        lambda w: w.call("account.tax", "write", [w.tax], {"invoice_label": "IVA 99 %"}),
        TAX_LOCKED,
    ),
    "tax: label in another language": (
        lambda w: w.call(
            "account.tax", "update_field_translations", [w.tax], "name", {"es_VE": "Otro"}
        ),
        TAX_LOCKED,
    ),
    "tax: import": (
        lambda w: load(w, "account.tax", ["amount"], w.tax, 12),
        TAX_LOCKED,
    ),
    "tax: distribution": (
        lambda w: w.call(
            "account.tax.repartition.line", "write", [w.repartition], {"factor_percent": 50}
        ),
        TAX_LOCKED,
    ),
    "tax: distribution by the tax": (
        lambda w: w.call(
            "account.tax",
            "write",
            [w.tax],
            {"invoice_repartition_line_ids": [[1, w.repartition, {"factor_percent": 50}]]},
        ),
        TAX_LOCKED,
    ),
    "tax: a part more": (
        lambda w: w.call(
            "account.tax.repartition.line",
            "create",
            [{"tax_id": w.tax, "document_type": one} for one in ("invoice", "refund")],
        ),
        TAX_LOCKED,
    ),
    "tax: a part less": (
        lambda w: w.call("account.tax.repartition.line", "unlink", [w.repartition]),
        TAX_LOCKED,
    ),
    "tax: a part of another one": (
        lambda w: w.call(
            "account.tax.repartition.line", "write", [w.free_repartition], {"tax_id": w.tax}
        ),
        TAX_LOCKED,
    ),
    "tax: printed under another name": (
        lambda w: w.call("account.tax.group", "write", [w.tax_group], {"name": "Otro"}),
        "The tax group .* stays as it is. Make a new one",
    ),
    "customer: delete": (
        lambda w: w.call("res.partner", "unlink", [w.customer]),
        "Archive it instead",
    ),
    "customer: become another": (
        lambda w: merge(w, w.customer, w.other),
        "J-?30984512-?8.*Merge contacts with the same identification only",
    ),
    "fiscal document: by hand": (
        lambda w: w.call("smart.document", "write", [w.document], {"state": "annulled"}),
        BY_HAND,
    ),
    "fiscal document: delete": (
        lambda w: w.call("smart.document", "unlink", [w.document]),
        BY_HAND,
    ),
    "fiscal document: give away": (
        lambda w: w.write(smart_document_id=False),
        "cannot be set by hand",
    ),
    "fiscal document: take off": (
        lambda w: w.write(smart_document_ids=[[5]]),
        "credit or debit note, or annul it. Not changed",
    ),
    "log: delete": (
        lambda w: w.call(
            "smart.exchange", "unlink", w.call("smart.exchange", "search", [], limit=1)
        ),
        BY_HAND,
    ),
    "reverse without the wizard": (
        lambda w: w.call("account.move", "_reverse_moves", [w.issued]),
        "[Pp]rivate",
    ),
}

# -- what stays free -------------------------------------------------------------------------

FREE = {
    "due date": lambda w: w.write(invoice_date_due="2030-01-01"),
    "salesperson": lambda w: w.write(invoice_user_id=w.user),
    "internal note": lambda w: w.call(
        "account.move", "message_post", [w.issued], body="Llamar al cliente"
    ),
    "references": lambda w: w.write(ref="OC-77", payment_reference="REF-77"),
    "terms": lambda w: w.write(narration="Gracias"),
    "analytics": lambda w: w.write(invoice_line_ids=[[1, w.line, {"analytic_distribution": {}}]]),
    "reviewed": lambda w: w.call("account.move", "set_moves_checked", [w.issued]),
    "the same customer again": lambda w: w.write(partner_id=w.customer),
    "product's name and price": lambda w: w.call(
        "product.product", "write", [w.product], {"name": "Otra", "list_price": 7}
    ),
    "rate of the currency": lambda w: w.call(
        "res.currency.rate",
        "create",
        [
            {
                "currency_id": w.call("res.currency", "search", [["name", "=", "USD"]])[0],
                "name": "2021-01-01",
                "inverse_company_rate": 99.0,
                "company_id": w.company,
            }
        ],
    ),
    "journal's code and name": lambda w: w.call(
        "account.journal", "write", [w.journal], {"code": "VTA", "name": "Ventas"}
    ),
    "where a tax is booked": lambda w: w.call(
        "account.tax.repartition.line",
        "write",
        [w.repartition],
        {"account_id": w.account, "use_in_tax_closing": False},
    ),
    "order of the taxes": lambda w: w.call("account.tax", "web_resequence", [w.tax], {}, offset=9),
    "print deleted, to be printed anew": lambda w: w.call("ir.attachment", "unlink", [w.printed()]),
    "archived tax": lambda w: w.call("account.tax", "write", [w.tax], {"active": False}),
    "customer's name and RIF": lambda w: w.call(
        "res.partner", "write", [w.customer], {"name": "Nueva, C.A.", "street": "Otra calle"}
    ),
    "customer merged with itself": lambda w: merge(w, w.same, w.customer),
    "payment": lambda w: w.wizard(
        "account.payment.register",
        "action_create_payments",
        {},
        context={"active_model": "account.move", "active_ids": [w.issued]},
    ),
}

"""What addons are told to do with invoices: installed and left alone, most of them do nothing.

Runs inside a process with Odoo. Each function gets the company, in an environment of an accountant
who is an administrator; where its addon is not installed it is not called.
"""

from odoo.fields import Command


def audit_all(company):
    """Have every change of invoices and of their lines written down."""
    model = company.env["ir.model"]
    for name in ("account.move", "account.move.line", "smart.document", "res.partner"):
        if name in company.env:
            company.env["auditlog.rule"].create(
                {
                    "name": f"All of {name}",
                    "model_id": model._get_id(name),
                    "log_type": "full",
                    "log_read": False,
                    "log_create": True,
                    "log_write": True,
                    "log_unlink": True,
                }
            ).set_to_confirmed()


def review_invoices(company):
    """Have each invoice approved by somebody before it is confirmed."""
    company.env["tier.definition"].create(
        {
            "name": "Invoices",
            "model_id": company.env["ir.model"]._get_id("account.move"),
            "definition_domain": "[('move_type', 'in', ('out_invoice', 'out_refund'))]",
            "review_type": "individual",
            "reviewer_id": company.env.uid,
            "company_id": company.id,
        }
    )


def check_chronology(company):
    """Have sale journals refuse a document that is older than the last one."""
    journals = company.env["account.journal"].search(
        [("company_id", "=", company.id), ("type", "=", "sale")]
    )
    journals.check_chronology = True


#: By addon.
SET_UPS = {
    "auditlog": audit_all,
    "account_move_tier_validation": review_invoices,
    "account_invoice_constraint_chronology": check_chronology,
}


def set_up(company):
    """Have the installed addons take part; return the names of those that do."""
    installed = set(company.env["ir.module.module"]._installed())
    done = [name for name in SET_UPS if name in installed]
    for name in done:
        SET_UPS[name](company)
    return done


def before_confirming(move):
    """Do what an addon asks of people before they confirm."""
    if "review_ids" in move._fields and move.need_validation:
        move.request_validation()
        move.invalidate_recordset()
        move.validate_tier()


def line_values(fields):
    """Return the values of a line by which addons change its price, where they can."""
    values = {}
    if "discount_fixed" in fields:
        values["discount_fixed"] = 10.0
    elif "discount2" in fields:
        values |= {"discount1": 10.0, "discount2": 5.0}
    else:
        values["discount"] = 10.0
    if "start_date" in fields:
        values |= {"start_date": "2026-01-01", "end_date": "2026-12-31"}
    return values


def lines(company):
    """Return the lines of an invoice: one with 16 %, less a discount, and one that is exempt."""
    exempt = company.env["account.tax"].search(
        [
            ("company_id", "=", company.id), ("type_tax_use", "=", "sale"), ("amount", "=", 0),
            ("price_include_override", "!=", "tax_included"),
        ],
        limit=1,
    )  # fmt: skip
    fields = company.env["account.move.line"]._fields
    taxed = {"name": "Asesoría", "quantity": 3, "price_unit": 100.0}
    return [
        Command.create(taxed | {"tax_ids": company.account_sale_tax_id.ids} | line_values(fields)),
        Command.create({"name": "Libros", "price_unit": 50.0, "tax_ids": exempt.ids}),
    ]

"""A served database with issued documents, for those who try to change them over JSON-RPC."""

import contextlib
import json

from conftest import RIF, TOOLS, checked, connect
from preloaded import ForkedServer, run_script
from servers import copied, psql

from lab.simulator.testing import SimulatorProcess

ACCOUNTANT = """
admin = env.ref("base.user_admin")
env["res.users"].create({
    "name": "Contadora", "login": "contadora", "password": "contadora",
    "company_id": company.id, "company_ids": [(6, 0, company.ids)],
    "group_ids": [(6, 0, [env.ref(one).id for one in (
        "base.group_user", "account.group_account_manager", "base.group_partner_manager",
        "base.group_multi_currency", "product.group_product_manager")])],
})
env["res.users"].create({
    "name": "Cajera", "login": "cajera", "password": "cajera",
    "company_id": company.id, "company_ids": [(6, 0, company.ids)],
    "group_ids": [(6, 0, [env.ref(one).id for one in (
        "base.group_user", "account.group_account_invoice")])],
})
other = customer.copy({"name": "Otra, C.A.", "vat": "J-41256789-6", "ref": "OTHER"})
same = customer.copy({"name": "La Trinidad (bis)", "vat": customer.vat, "ref": "SAME"})
product = env["product.product"].create({"name": "Asesoría", "list_price": 100.0})
tax = env["account.tax"].search([
    ("company_id", "=", company.id), ("type_tax_use", "=", "sale"),
    ("smart_tax_kind", "=", "general")], limit=1)
def sold(**values):
    return env["account.move"].create({
        "move_type": "out_invoice", "partner_id": customer.id,
        "currency_id": env.ref("base.USD").id,
        "invoice_line_ids": [(0, 0, {
            "product_id": product.id, "price_unit": 100.0, "tax_ids": [(6, 0, tax.ids)]})],
        **values,
    })
issued, issued_too, draft = sold(), sold(), sold()
for one in (issued, issued_too):
    one.action_post()
    cr.commit()
unused = tax.copy({"name": "Unused", "smart_tax_kind": False})
def part(tax):
    return tax.invoice_repartition_line_ids.filtered(lambda one: one.repartition_type == "tax")
rounding = env["account.cash.rounding"].create({
    "name": "Rounding", "rounding": 0.05, "strategy": "biggest_tax"})
cash = env["account.journal"].search(
    [("company_id", "=", company.id), ("type", "=", "cash")], limit=1)
import json
print(json.dumps({
    "issued": issued.id, "issued_too": issued_too.id, "draft": draft.id,
    "line": issued.invoice_line_ids.id, "draft_line": draft.invoice_line_ids.id,
    "tax_line": issued.line_ids.filtered(lambda one: one.display_type == "tax")[:1].id,
    "term_line": issued.line_ids.filtered(lambda one: one.display_type == "payment_term")[:1].id,
    "customer": customer.id, "other": other.id, "same": same.id, "product": product.id,
    "tax": tax.id, "journal": issued.journal_id.id, "company": company.id, "cash": cash.id,
    "bolivar": env.ref("base.VES").id, "document": issued.smart_document_id.id,
    "account": issued.invoice_line_ids.account_id.id, "user": admin.id,
    "repartition": part(tax).id, "free_repartition": part(unused).id,
    "tax_group": tax.tax_group_id.id, "rounding": rounding.id, "dollar": env.ref("base.USD").id,
    "receivable": issued.line_ids.filtered(
        lambda one: one.display_type == "payment_term").account_id[:1].id,
}))
cr.commit(); cr.close()
"""


class World:
    """A served database with two issued documents and a draft, and who tries to change them."""

    def __init__(self, database, server, ids):
        self.database, self.server = database, server
        self.__dict__.update(ids)

    def call(self, model, method, *args, **kwargs):
        return self.server.call(model, method, *args, company=self.company, **kwargs)

    def write(self, **values):
        """Write on the issued invoice, past the protection that Odoo's forms have."""
        return self.call(
            "account.move", "write", [self.issued], values, context={"skip_readonly_check": True}
        )

    def write_line(self, line=None, **values):
        return self.call("account.move.line", "write", [line or self.line], values)

    def wizard(self, model, method, values, **kwargs):
        ids = self.call(model, "create", [values], **kwargs)
        return self.call(model, method, ids, **kwargs)

    def script(self, code):
        """Run Python in Odoo on this database; return what it prints."""
        return checked(run_script(self.database, TOOLS + code))

    def options(self, model, name):
        """Return the values that a selection can have."""
        found = self.call(model, "fields_get", [name], ["selection"])
        return [value for value, _label in found[name]["selection"]]

    def forged_print(self):
        """Return the values of a file that takes the place of Odoo's print of the invoice."""
        return {
            "name": "x.pdf", "raw": "JVBERi0=", "res_model": "account.move",
            "res_id": self.issued, "res_field": "invoice_pdf_report_file",
        }  # fmt: skip

    def printed(self):
        """Have the invoice printed by Odoo; return the id of the file."""
        made = self.script(
            'file = env["ir.attachment"].create({"name": "x.pdf", "raw": b"%PDF-",'
            f' "res_model": "account.move", "res_id": {self.issued},'
            ' "res_field": "invoice_pdf_report_file"})\nprint(file.id)\ncr.commit()'
        )
        return int(made.splitlines()[-1])

    def content(self):
        """Return what was issued, as Odoo has it now."""
        return psql(
            "SELECT m.id, m.name, m.state, m.date, m.invoice_date, m.partner_id, m.currency_id,"
            " m.invoice_currency_rate, m.amount_total, m.journal_id, m.move_type,"
            " d.state, d.control_number, d.request_body, l.id, l.price_unit, l.quantity,"
            " CASE WHEN l.display_type != 'payment_term' THEN l.name END, l.balance,"
            " l.amount_currency, l.partner_id, t.amount, j.type"
            " FROM account_move m JOIN account_move_line l ON l.move_id = m.id"
            " JOIN smart_document d ON d.move_id = m.id JOIN account_journal j"
            " ON j.id = m.journal_id LEFT JOIN account_tax t ON t.id = l.tax_line_id"
            " ORDER BY m.id, l.id",
            self.database,
        )


@contextlib.contextmanager
def served(prepared, log):
    """Serve a copy of the prepared database to the accountant, with documents issued in it.

    No scheduled action has one of them in hand at the same time.
    """
    simulator = SimulatorProcess()
    simulator.mint(RIF)
    with copied(prepared) as name:
        connect(name, simulator)
        made = checked(run_script(name, TOOLS + ACCOUNTANT))
        server = ForkedServer(name, log, "--max-cron-threads=0")
        try:
            server.login("contadora", "contadora")
            yield World(name, server, json.loads(made.splitlines()[-1]))
        finally:
            server.stop()
            simulator.stop()

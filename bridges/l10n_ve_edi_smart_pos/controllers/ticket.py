"""The page behind the code on a ticket: the order's documents, or who they are to be for."""

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.point_of_sale.controllers.main import PosController

#: What a customer enters; all that a contact has besides is the shop's affair.
FIELDS = ("kind", "vat", "name", "street", "phone", "email")

#: In how many seconds a page that waits for a number looks again.
LOOK_AGAIN_SECONDS = 15


class SmartTicketController(PosController):
    @http.route()
    def show_ticket_validation_screen(self, access_token="", **kwargs):
        # EXTENDS 'point_of_sale', which asks for a whole address, and shows what waits as if it
        # were issued
        order = self._smart_order(access_token)
        if not order:
            return super().show_ticket_validation_screen(access_token=access_token, **kwargs)
        if order.smart_ticket["documents"]:
            return self._smart_show(order)
        if order.account_move:
            return super().show_ticket_validation_screen(access_token=access_token, **kwargs)
        if order.state not in ("paid", "done"):
            return request.render("l10n_ve_edi_smart_pos.ticket_unpaid", {"order": order})
        return self._smart_ask_and_invoice(order, kwargs)

    def _smart_order(self, access_token):
        """Return the order whose ticket has this token, if its shop issues through SMART."""
        # sudo: whoever has the ticket's token may see its documents
        orders = request.env["pos.order"].sudo()
        order = access_token and orders.search([("access_token", "=", access_token)], limit=1)
        if not order or not order._smart_is_fiscal():
            return None
        company = order.company_id
        return order.with_company(company).with_context(allowed_company_ids=company.ids)

    # -- documents that are there ------------------------------------------------------------

    def _smart_show(self, order):
        ticket = order.smart_ticket
        moves = order._smart_ticket_moves()
        response = request.render(
            "l10n_ve_edi_smart_pos.ticket_documents",
            {
                "order": order,
                "documents": [
                    dict(document, address=move.get_portal_url(report_type="pdf", download=True))
                    for document, move in zip(ticket["documents"], moves, strict=True)
                ],
                "waits": ticket["waits"],
                "when": order._smart_when_to_come_back(),
            },
        )
        if ticket["waits"]:
            response.headers["Refresh"] = str(LOOK_AGAIN_SECONDS)
        return response

    # -- documents that are asked for --------------------------------------------------------

    def _smart_ask_and_invoice(self, order, posted):
        entered, errors, banner = order._smart_proposed_customer(request.env.user), {}, ""
        if request.httprequest.method == "POST":
            entered = {name: self._smart_text(posted.get(name)) for name in FIELDS}
            errors = order._smart_check_entered_customer(entered)
            if not errors:
                try:
                    with request.env.cr.savepoint():
                        order._smart_invoice_to(entered)
                except UserError as error:
                    banner = error.args[0]
                else:
                    order.invalidate_recordset(["smart_ticket"])
                    return self._smart_show(order)
        return request.render(
            "l10n_ve_edi_smart_pos.ticket_customer",
            {"order": order, "entered": entered, "errors": errors, "banner": banner},
        )

    def _smart_text(self, value):
        # A form may have sent a file.
        return value.strip() if isinstance(value, str) else ""

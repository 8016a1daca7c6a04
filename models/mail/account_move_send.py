from odoo import api, fields, models

#: The sending method beside Odoo's own e-mail, post and so on.
METHOD = "l10n_ve_edi_smart"


class ResPartner(models.Model):
    _inherit = "res.partner"

    invoice_sending_method = fields.Selection(selection_add=[(METHOD, "by SMART's e-mail")])


class AccountMoveSend(models.AbstractModel):
    """SMART's e-mail among the ways in which Odoo sends invoices, one or many."""

    _inherit = "account.move.send"

    @api.model
    def _is_applicable_to_company(self, method, company):
        # EXTENDS 'account'
        if method == METHOD:
            return bool(company.smart_issuer_id)
        return super()._is_applicable_to_company(method, company)

    @api.model
    def _is_applicable_to_move(self, method, move, **move_data):
        # EXTENDS 'account'
        if method == METHOD:
            # What waits for its control number is e-mailed once it has it.
            can = move._smart_is_unnumbered() or not move._smart_why_no_email()
            return can and bool(move._smart_email_addresses())
        return super()._is_applicable_to_move(method, move, **move_data)

    @api.model
    def _smart_add_alert_of_emails(self, alerts, moves, moves_data):
        problems = []
        for move in moves:
            if METHOD not in moves_data[move]["sending_methods"]:
                continue
            why = "" if move._smart_is_unnumbered() else move._smart_why_no_email()
            if not why and not move._smart_email_addresses():
                why = self.env._(
                    "%(document)s: %(customer)s has no e-mail address.",
                    document=move.display_name,
                    customer=move.partner_id.display_name,
                )
            if why:
                problems.append(why)
        if problems:
            alerts["smart_email"] = {
                "level": "danger" if len(moves) == 1 else "warning",
                "message": self.env._("SMART will not e-mail these:\n%s", "\n".join(problems)),
            }

    @api.model
    def _hook_if_success(self, moves_data, from_cron=False):
        # EXTENDS 'account'
        by_user = {}
        for move, move_data in moves_data.items():
            if METHOD in move_data["sending_methods"] and self._is_applicable_to_move(
                METHOD, move, **move_data
            ):
                user_id = move_data.get("author_user_id") or self.env.uid
                addresses = by_user.setdefault(user_id, {})
                addresses[move.smart_document_id] = move._smart_email_addresses()
        for user_id, addresses in by_user.items():
            self.env["smart.email"].with_user(user_id)._ask(addresses)
        return super()._hook_if_success(moves_data, from_cron)

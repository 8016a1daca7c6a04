from odoo import api, models

from ..terms import LOCKED_STATES, UNNUMBERED_STATES


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    @api.model
    def _get_alerts(self, moves, moves_data):
        # EXTENDS 'account'
        alerts = super()._get_alerts(moves, moves_data)
        self._smart_add_alert_of_waiting(alerts, moves)
        self._smart_add_alert_of_emails(alerts, moves, moves_data)
        return alerts

    @api.model
    def _smart_add_alert_of_waiting(self, alerts, moves):
        waiting = moves.filtered(lambda move: move.smart_state in UNNUMBERED_STATES)
        if waiting:
            alerts["smart_no_control_number"] = {
                "level": "warning",
                "message": self.env._(
                    "No control number yet: %s. What you send now is not a fiscal document; the "
                    "print says so.",
                    ", ".join(waiting.mapped("name")),
                ),
                **(
                    {
                        "action_text": self.env._("View"),
                        "action": waiting._get_records_action(name=self.env._("Check for SMART")),
                    }
                    if len(waiting) < len(moves)
                    else {}
                ),
            }

    @api.model
    def _get_invoice_extra_attachments(self, move):
        # EXTENDS 'account'
        attachments = super()._get_invoice_extra_attachments(move)
        document = move.smart_document_id
        if document.state not in LOCKED_STATES:
            return attachments
        # A print that Odoo made before the document was sent to SMART lacks the control number.
        current = attachments.filtered(
            lambda attachment: (
                attachment != move.invoice_pdf_report_id
                or attachment.create_date >= document.sent_at
            )
        )
        # Until SMART's own print is here an outdated one is better than none: core needs one.
        return (current + document._file_attachment()) or attachments

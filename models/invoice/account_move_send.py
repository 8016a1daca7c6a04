from odoo import api, models

#: Documents that an alert names; the rest is counted.
NAMED = 10


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    @api.model
    def _get_alerts(self, moves, moves_data):
        # EXTENDS 'account'
        alerts = super()._get_alerts(moves, moves_data)
        self._smart_add_alert_of_waiting(alerts, moves)
        self._smart_add_alert_of_emails(alerts, moves, moves_data)
        self._smart_add_alert_of_both(alerts, moves, moves_data)
        return alerts

    @api.model
    def _smart_add_alert_of_waiting(self, alerts, moves):
        waiting = moves.filtered(lambda move: move._smart_is_unnumbered())
        if not waiting:
            return
        names = ", ".join(waiting[:NAMED].mapped("name")) + ("…" if len(waiting) > NAMED else "")
        if len(moves) == 1:
            message = self.env._(
                "%s has no control number yet, so it is not sent now. It is sent by itself as soon "
                "as it is issued.",
                names,
            )
        else:
            message = self.env._(
                "%(count)s of %(total)s have no control number yet: %(names)s. These are sent by "
                "themselves as soon as they are issued; the others are sent now.",
                count=len(waiting),
                total=len(moves),
                names=names,
            )
        alerts["smart_no_control_number"] = {"level": "info", "message": message}
        if len(moves) > 1:
            alerts["smart_no_control_number"].update(
                action_text=self.env._("View"),
                action=waiting._get_records_action(name=self.env._("Without control number")),
            )

from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Field -> entry (see ``schedule``) and priority of an issuer's own scheduled actions.
ACTIONS = {
    "smart_sending_action_id": ("_smart_send_waiting", 3),
    "smart_errands_action_id": ("_smart_do_errands", 6),
}

#: Nobody waits longer for a document than a browser, or a proxy, does for a page.
LONGEST_WAIT_SECONDS = 30


class ResCompany(models.Model):
    """The scheduled actions of an issuer, so that Odoo's scheduler runs issuers side by side.

    They are triggered when there is something to do. The scheduled action of all issuers (see
    ``schedule``) makes what is missing here, and triggers what was not.
    """

    _inherit = "res.company"

    smart_sending_action_id = fields.Many2one(
        comodel_name="ir.cron",
        string="SMART: Sending",
        ondelete="set null",
        readonly=True,
        copy=False,
        groups="base.group_system",
    )
    smart_errands_action_id = fields.Many2one(
        comodel_name="ir.cron",
        string="SMART: Printed Documents and E-mails",
        ondelete="set null",
        readonly=True,
        copy=False,
        groups="base.group_system",
    )
    smart_wait_seconds = fields.Integer(
        string="Wait for the Control Number",
        default=3,
        help="Whoever confirms one document waits at most so many seconds for its control number. "
        "After that the form comes back, and shows the number once it is there. 0: do not wait.",
        groups="base.group_user",
    )

    @api.constrains("smart_wait_seconds")
    def _check_smart_wait_seconds(self):
        for company in self:
            if not 0 <= company.smart_wait_seconds <= LONGEST_WAIT_SECONDS:
                raise ValidationError(
                    self.env._(
                        "Choose from 0 to %s seconds to wait for the control number.",
                        LONGEST_WAIT_SECONDS,
                    )
                )

    def _smart_make_actions(self):
        """Give issuers the scheduled actions that they lack; wake those that were put to sleep."""
        # sudo: scheduled actions are administrators'; whoever enters a token needs them
        companies = self.sudo()
        asleep = companies.env["ir.config_parameter"].get_param("database.is_neutralized")
        model = companies.env["ir.model"]._get(self._name)
        for company in companies:
            names = {
                "smart_sending_action_id": self.env._(
                    "SMART: send fiscal documents (%s)", company.name
                ),
                "smart_errands_action_id": self.env._(
                    "SMART: printed documents and e-mails (%s)", company.name
                ),
            }
            for field, (entry, priority) in ACTIONS.items():
                action = company[field]
                if not action:
                    company[field] = action.create(
                        {
                            "name": names[field],
                            "model_id": model.id,
                            "state": "code",
                            "code": f"model.browse({company.id}).{entry}()",
                            "user_id": self.env.ref("base.user_root").id,
                            "interval_number": 1,
                            "interval_type": "days",
                            "priority": priority,
                            "active": not asleep,
                        }
                    )
                elif not action.active and not asleep and action.try_lock_for_update():
                    action.active = True  # the scheduler puts to sleep what fails for a week

    def _smart_trigger(self, field, at=None):
        """Have issuers' own actions run at once, or at a moment (UTC).

        :param str field: which one, see ``ACTIONS``
        """
        # sudo: scheduled actions are administrators'; whoever confirmed may have one run
        for company in self.sudo():
            action = company[field]
            if not action.active:
                # sudo: as above
                action = self.env.ref("l10n_ve_edi_smart.ir_cron_smart_send").sudo()
            action._trigger(at=at)

    def _smart_trigger_errands(self, at=None):
        """Have printed documents fetched, e-mails sent, and owners told, in the background."""
        self._smart_trigger("smart_errands_action_id", at)

    def _smart_actions(self):
        """Return the companies' own scheduled actions."""
        # sudo: scheduled actions are administrators'
        companies = self.sudo()
        return companies.smart_sending_action_id | companies.smart_errands_action_id

    def unlink(self):
        # EXTENDS 'base': an action of a company that is gone has nothing to do
        actions = self._smart_actions()
        res = super().unlink()
        actions.unlink()
        return res

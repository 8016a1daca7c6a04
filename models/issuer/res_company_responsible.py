from odoo import api, fields, models


class ResCompany(models.Model):
    """Who looks after the company's fiscal documents."""

    _inherit = "res.company"

    smart_responsible_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible for Fiscal Documents",
        domain="[('share', '=', False), ('company_ids', 'in', id)]",
        help="Gets an activity when a fiscal document needs a person. Without one it is the "
        "first accounting manager of the company.",
        groups="base.group_user",
    )
    smart_effective_responsible_id = fields.Many2one(
        comodel_name="res.users",
        string="Gets the Activities",
        compute="_compute_smart_effective_responsible_id",
        compute_sudo=True,
        groups="base.group_user",
    )

    @api.depends("smart_responsible_id")
    def _compute_smart_effective_responsible_id(self):
        for company in self:
            company.smart_effective_responsible_id = company._smart_responsible()

    def _smart_responsible(self):
        """Return the user who gets the activities; there is always one.

        The chosen person if active and still of this company, else its first accounting
        manager, else its first administrator, else the database's.
        """
        self.ensure_one()
        # sudo: the user who sends may have no right to read the company's other users
        company = self.sudo()
        chosen = company.smart_responsible_id
        if chosen.active and company in chosen.company_ids:
            return chosen
        for group in ("account.group_account_manager", "base.group_system"):
            found = company.env["res.users"].search(
                [
                    ("all_group_ids", "in", company.env.ref(group).ids),
                    ("company_ids", "in", company.ids),
                    ("share", "=", False),
                ],
                order="id",
                limit=1,
            )
            if found:
                return found
        return company.env.ref("base.user_admin")

from odoo import api, fields, models
from odoo.exceptions import UserError


class SmartProduction(models.TransientModel):
    """The step that makes documents legal: says what changes, and asks for the production token."""

    _name = "smart.production"
    _description = "Go to Production"
    _inherit = "smart.company.window"
    _smart_inputs = frozenset({"company_id", "token", "understood"})

    consequences = fields.Text(compute="_compute_consequences")
    obstacle = fields.Text(compute="_compute_consequences")
    token = fields.Char(
        string="Token for Production",
        compute="_compute_token",
        inverse="_inverse_token",
        readonly=False,
        help="The one that SMART has handed out for production. It is asked for again, because a "
        "token goes only to the address that it was entered for.",
    )
    # Between saving the window and its button the token is kept as the company's own: sealed.
    token_sealed = fields.Char(groups=fields.NO_ACCESS, readonly=True)
    token_problem = fields.Text(
        string="What Is Wrong with the Token", compute="_compute_token_problem"
    )
    token_holder = fields.Char(string="Whose the Token Is", compute="_compute_token_problem")
    understood = fields.Boolean(string="I know that every document will be a legal one")

    @api.depends("company_id")
    def _compute_consequences(self):
        for wizard in self:
            company = wizard.company_id
            wizard.consequences = "\n".join(company._smart_words_production())
            wizard.obstacle = company._smart_obstacle_to_production()

    @api.depends("company_id")
    def _compute_token(self):
        self.token = False  # nobody reads it here

    def _inverse_token(self):
        seal = self.env["smart.token.key"]._seal()
        for wizard in self:
            wizard._update({"token_sealed": wizard.token and seal.seal(wizard.token)})

    @api.depends("company_id", "token")
    def _compute_token_problem(self):
        for wizard in self:
            problem, holder = wizard.company_id._smart_judge_credentials(
                wizard.company_id.vat, "production", False, wizard.token
            )
            wizard.token_problem = wizard.token and problem
            wizard.token_holder = holder and f"{holder.rif} · {holder.name}"

    def action_go(self):
        """Button: make every document from now on a legal one.

        :raises UserError: if something stands in the way; nothing is changed then
        """
        wizard = self._acting()
        if not wizard.understood:
            raise UserError(self.env._("Tick first that you know what changes."))
        # sudo: for the token that was entered here; it goes to the company alone
        sealed = wizard.sudo().token_sealed
        token = sealed and self.env["smart.token.key"]._seal().open(sealed)
        wizard.company_id._smart_enter_production(token)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

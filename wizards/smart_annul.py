from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.annulment.document import REASON_LENGTH
from ..models.terms import ANNULMENT_STATES, ANNULMENT_UNDER_WAY
from ..smart_api import texts


class SmartAnnulWizard(models.TransientModel):
    """Ask for the reason of annulments, say what stands in their way, show how they end."""

    _name = "smart.annul.wizard"
    _description = "Annul Fiscal Documents"
    _inherit = "smart.wizard"
    _smart_inputs = frozenset({"reason", "unreconcile"})

    document_ids = fields.Many2many(
        comodel_name="smart.document", string="Documents", readonly=True
    )
    left_out = fields.Text(readonly=True, help="What has no document to annul.")
    line_ids = fields.One2many(
        comodel_name="smart.annul.wizard.line", inverse_name="wizard_id", readonly=True
    )
    reason = fields.Char(
        size=REASON_LENGTH,
        help="SMART keeps it with the annulled document. At most 200 characters.",
    )
    unreconcile = fields.Boolean(
        string="Remove the reconciliation",
        help="When SMART has annulled a document, it is no longer reconciled with its payments and "
        "notes. They stay as outstanding amounts of the customer.",
    )
    requested = fields.Boolean(readonly=True)
    document_count = fields.Integer(string="Number of Documents", compute="_compute_counts")
    ready_count = fields.Integer(string="Can Be Annulled", compute="_compute_counts")
    is_reconciled = fields.Boolean(compute="_compute_is_reconciled")
    problems = fields.Text(compute="_compute_counts")
    done_count = fields.Integer(string="Annulled", compute="_compute_progress")
    failed_count = fields.Integer(string="Need Attention", compute="_compute_progress")
    waiting_count = fields.Integer(string="Under Way", compute="_compute_progress")
    progress = fields.Float(compute="_compute_progress")
    is_running = fields.Boolean(compute="_compute_progress")

    @api.depends("line_ids.problem")
    def _compute_counts(self):
        for wizard in self:
            wizard.document_count = len(wizard.line_ids)
            wizard.ready_count = len(wizard.line_ids.filtered(lambda line: not line.problem))
            wizard.problems = wizard.document_count == 1 and wizard.line_ids.problem

    @api.depends("document_ids")
    def _compute_is_reconciled(self):
        for wizard in self:
            wizard.is_reconciled = any(
                document._owner()._smart_reconciled_with() for document in wizard.document_ids
            )

    @api.depends("line_ids.result")
    def _compute_progress(self):
        for wizard in self:
            results = wizard.line_ids.filtered("requested").mapped("result")
            wizard.waiting_count = sum(
                result in (*ANNULMENT_UNDER_WAY, "cancelling") for result in results
            )
            wizard.done_count = results.count("done")
            wizard.failed_count = len(results) - wizard.waiting_count - wizard.done_count
            wizard.progress = 100 * (1 - wizard.waiting_count / len(results)) if results else 0
            wizard.is_running = bool(wizard.waiting_count)

    @api.model
    def _open_on(self, owners):
        """Return the action that shows a window about what the user may annul."""
        documents = owners.smart_document_id
        left_out = owners.filtered(lambda owner: not owner.smart_document_id)
        wizard = self._make(
            [
                {
                    "document_ids": documents.ids,
                    "left_out": ", ".join(left_out.mapped("display_name")),
                }
            ]
        )
        self.env["smart.annul.wizard.line"]._make(
            [{"wizard_id": wizard.id, "document_id": document.id} for document in documents]
        )
        return wizard._open()

    def _open(self):
        """Return the action that shows the wizard."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Annul at SMART"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_annul(self):
        """Button: request the annulment of every document that can be annulled.

        SMART is asked after this transaction has committed.
        """
        wizard = self._acting()
        for owners in wizard.document_ids._owners():
            owners._smart_check_may_annul()
        if wizard.requested:
            raise UserError(self.env._("The annulment of these documents was already requested."))
        reason = wizard._reason()
        # sudo: fiscal documents are written by their transitions alone
        wizard.document_ids.sudo()._lock_unless_called()
        lines = wizard.line_ids
        self.env.add_to_compute(lines._fields["problem"], lines)  # anew, now that they are locked
        ready = lines.filtered(lambda line: not line.problem)
        if not ready:
            raise UserError("\n".join(lines.mapped(lambda line: line._sentence())))
        ready._update({"requested": True})
        wizard._update({"requested": True})
        # sudo: as above
        ready.document_id.sudo()._request_annulment(reason, wizard.unreconcile)
        if len(lines) == 1:
            return {"type": "ir.actions.act_window_close"}
        return wizard._open()

    def _reason(self):
        """Return the reason as SMART takes it.

        :raises UserError: if there is none, or it is too long
        """
        reason = texts.readable(self.reason)
        if not reason:
            raise UserError(self.env._("Enter the reason of the annulment: SMART asks for it."))
        if len(reason) > REASON_LENGTH:
            raise UserError(
                self.env._(
                    "The reason has %(length)s characters; SMART takes %(most)s. Shorten it.",
                    length=len(reason),
                    most=REASON_LENGTH,
                )
            )
        return reason

    def action_show_documents(self):
        """Button: show the documents in a list that stays after this window is closed."""
        wizard = self._acting()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Annulled Documents"),
            "res_model": "smart.document",
            "view_mode": "list,form",
            "domain": [("id", "in", wizard.document_ids.ids)],
            "context": {"group_by": "annulment_state"},
        }


class SmartAnnulWizardLine(models.TransientModel):
    _name = "smart.annul.wizard.line"
    _description = "Document to Annul"
    _inherit = "smart.wizard"
    _order = "requested, id"

    wizard_id = fields.Many2one(
        comodel_name="smart.annul.wizard", required=True, index=True, ondelete="cascade"
    )
    document_id = fields.Many2one(
        comodel_name="smart.document",
        string="Fiscal Document",
        required=True,
        ondelete="cascade",
    )
    name = fields.Char(related="document_id.display_name", related_sudo=False, string="Document")
    control_number = fields.Char(related="document_id.control_number", related_sudo=False)
    partner_id = fields.Many2one(related="document_id.partner_id", related_sudo=False)
    requested = fields.Boolean(readonly=True)
    problem = fields.Text(
        string="What Stands in the Way",
        compute="_compute_problem",
        compute_sudo=False,
        store=True,
    )
    result = fields.Selection(
        selection=[
            ("ready", "Can be annulled"),
            ("blocked", "Cannot be annulled"),
            *ANNULMENT_STATES,
        ],
        compute="_compute_result",
    )
    message = fields.Text(compute="_compute_result")

    @api.depends("wizard_id.unreconcile")
    def _compute_problem(self):
        for line in self.filtered(lambda line: not line.requested):
            wizard = line.wizard_id
            owner = line.document_id._origin._owner()
            problems = owner._smart_annulment_problems(
                wizard.unreconcile, wizard.document_ids._origin
            )
            line.problem = "\n".join(problem.sentence(owner) for problem in problems)

    @api.depends("requested", "problem", "document_id.annulment_state")
    def _compute_result(self):
        for line in self:
            if line.requested:
                line.result = line.document_id.annulment_state
                line.message = line.document_id.annulment_error
            else:
                line.result = "blocked" if line.problem else "ready"
                line.message = line.problem

    def _sentence(self):
        return f"{self.document_id._owner().display_name}: {self.problem}"

    def action_open(self):
        """Button: open the document."""
        return self._acting().document_id.action_open_owner()

from pydantic import ValidationError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..base.labels import labels
from ..base.said import SaidText
from ..conversion.problem import Problem
from ..terms import (
    ANNULLED,
    ANNULMENT_UNDER_WAY,
    CANCEL_ANNULLED,
    ISSUED,
    PAST_APPROVALS,
    PENDING,
    REQUESTED,
    UNCANCELLED,
    UNKNOWN,
    WITHDRAWN,
)


class SmartDocumentOwner(models.AbstractModel):
    """Annulling an owner's document: the buttons, and what stands in the way."""

    _inherit = "smart.document.owner"

    smart_annulment_state = fields.Selection(
        related="smart_document_id.annulment_state",
        string="SMART Annulment",
        groups="base.group_user",
    )
    smart_annulment_reason = fields.Char(
        related="smart_document_id.annulment_reason",
        groups="base.group_user",
    )
    smart_annulment_user_id = fields.Many2one(
        related="smart_document_id.annulment_user_id",
        groups="base.group_user",
    )
    smart_annulment_requested_at = fields.Datetime(
        related="smart_document_id.annulment_requested_at",
        string="Annulment Requested at",
        groups="base.group_user",
    )
    smart_annulled_at = fields.Datetime(
        related="smart_document_id.annulled_at",
        string="Annulled at",
        groups="base.group_user",
    )
    smart_annulment_error = SaidText(
        related="smart_document_id.annulment_error",
        groups="base.group_user",
    )
    smart_annulment_waits_for = fields.Char(
        string="Next Attempt to Annul",
        compute="_compute_smart_annulment_waits_for",
        groups="base.group_user",
    )

    @api.depends("smart_annulment_state")
    def _compute_smart_annulment_waits_for(self):
        for owner in self:
            # sudo: the state of the issuer's queue is shown to whoever sees the document
            owner.smart_annulment_waits_for = owner.smart_document_id.sudo()._annulment_waits_for()

    smart_shows_annul = fields.Boolean(
        compute="_compute_smart_shows_annul", groups="base.group_user"
    )

    @api.depends_context("uid")
    @api.depends("smart_state", "smart_annulment_state")
    def _compute_smart_shows_annul(self):
        may_annul = self.env.user.has_group(self._smart_group_to_annul)
        for owner in self:
            owner.smart_shows_annul = (
                may_annul
                and owner.smart_state == ISSUED
                and owner.smart_annulment_state not in ANNULMENT_UNDER_WAY
            )

    # -- buttons ---------------------------------------------------------------------------

    def action_smart_annul(self):
        """Ask for the reason, and say what will happen; several from the list."""
        self._smart_check_may_annul()
        if not self.filtered("smart_document_id"):
            raise UserError(self.env._("None of these documents was issued through SMART."))
        return self.env["smart.annul.wizard"]._open_on(self)

    def action_smart_annul_again(self):
        """Button: ask SMART now to annul what is pending."""
        self._smart_check_may_annul()
        # sudo: fiscal documents and queues are written by their transitions alone
        documents = self.smart_document_id.sudo().filtered(
            lambda document: document.annulment_state in (REQUESTED, PENDING)
        )
        documents._lock_unless_called()
        documents._engine_write({"annulment_next_attempt": False})
        documents.lane_id._resume()
        self.env["smart.lane"]._annul_after_commit(documents)

    def action_smart_recall_annulment(self):
        """Button: take the request back; SMART was not asked yet."""
        self._smart_check_may_annul()
        # sudo: fiscal documents are written by their transitions alone
        self.smart_document_id.sudo()._recall_annulment()

    def action_smart_cancel_annulled(self):
        """Button “Cancel in Odoo”: what SMART has annulled and Odoo could not cancel."""
        self._smart_check_may_annul()
        # sudo: fiscal documents are written by their transitions alone
        documents = self.smart_document_id.sudo().filtered(
            lambda document: document.annulment_state == UNCANCELLED
        )
        documents._lock_unless_called()
        for document in documents:
            document._cancel_annulled()

    def _smart_check_may_annul(self):
        """Check the right to annul, on the server and for every document."""
        if not self.env.su and not self.env.user.has_group(self._smart_group_to_annul):
            raise AccessError(self.env._("Only managers can annul fiscal documents."))
        self.check_access("write")

    # -- what stands in the way ------------------------------------------------------------

    def _smart_annulment_problems(self, unreconcile, together=None):
        """Return why the document cannot be annulled now, each with its cure.

        :param bool unreconcile: its reconciliation may be removed
        :param together: documents that are annulled with it; notes among them go first
        :rtype: list[Problem]
        """
        self.ensure_one()
        # sudo: the issuer may be a parent company that the user cannot read
        document = self.smart_document_id.sudo()
        if document.state != ISSUED or document.annulment_state in ANNULMENT_UNDER_WAY:
            return [self._smart_not_annullable(document)]
        return [
            *self._smart_annulment_at_smart(document),
            *self._smart_obstacles(unreconcile),
            *self._smart_annulment_of_notes(document, together or document),
        ]

    def _smart_annulment_words(self, unreconcile):
        """Return the problems of a document whose annulment is under way as one text."""
        document = self.smart_document_id
        problems = [
            *self._smart_annulment_at_smart(document),
            *self._smart_obstacles(unreconcile),
            *self._smart_annulment_of_notes(document, document),
        ]
        return " ".join(problem.sentence(self) for problem in problems)

    def _smart_not_annullable(self, document):
        if document.state == ISSUED:
            return Problem(
                self, "", self.env._("Its annulment was already requested."),
                self.env._("It is tried again by itself until SMART answers."),
            )  # fmt: skip
        if document.state == ANNULLED:
            return Problem(self, "", self.env._("It was annulled already."), "")
        if document.state == UNKNOWN:
            what = (
                self.env._("It was issued, but its control number is missing here.")
                if document.proven_issued
                else self.env._("It is not known whether it was issued.")
            )
            cure = self.env._("Look it up in SMART's dashboard and enter its control number first.")
            return Problem(self, "", what, cure)
        return Problem(
            self,
            "",
            self.env._("It was not issued, so there is nothing to annul at SMART."),
            self._smart_how_to_change(),
        )

    def _smart_annulment_at_smart(self, document):
        """Yield what would keep SMART from being asked."""
        issuer = document.issuer_id
        if issuer.smart_environment != document.environment:
            environments = labels(issuer, "smart_environment")
            yield Problem(
                self,
                "",
                self.env._(
                    "It was issued in the environment “%(theirs)s”, but %(company)s is set to "
                    "“%(ours)s”.",
                    theirs=environments[document.environment],
                    company=issuer.name,
                    ours=environments[issuer.smart_environment],
                ),
                self.env._("Ask an administrator to set the environment and its token again."),
            )
            return
        if not issuer.smart_holder_rif:
            yield Problem(
                self,
                "",
                self.env._("%s has no valid SMART token.", issuer.name),
                self.env._("Ask an administrator to enter it in the settings."),
            )
            return
        try:
            document.new(
                {"issuer_id": issuer, "control_number": document.control_number,
                 "annulment_reason": "-"}
            )._annul_request()  # fmt: skip
        except ValidationError:
            yield Problem(
                self,
                "smart_control_number",
                self.env._("“%s” is not a number that SMART annuls.", document.control_number),
                self.env._("Annul it in SMART's dashboard."),
            )

    def _smart_annulment_of_notes(self, document, together):
        """Yield the notes that refer to it and are not annulled with it."""
        # sudo: a note of another branch counts too
        notes = (
            self.env["smart.document"]
            .sudo()
            .search(
                [
                    ("related_document_id", "=", document.id),
                    ("state", "not in", (ANNULLED, WITHDRAWN)),
                    ("annulment_state", "not in", ANNULMENT_UNDER_WAY),
                    ("id", "not in", together.ids),
                ]
            )
        )
        for note in notes:
            if note.state == ISSUED:
                cure = self.env._("Annul that note first, or together with it.")
            elif note.state == UNKNOWN:
                cure = self.env._("First find out whether that note was issued.")
            else:
                cure = self.env._("Reset that note to draft first.")
            yield Problem(
                self,
                "",
                self.env._("%s refers to it.", note.display_name),
                cure,
            )

    # -- cancelling ------------------------------------------------------------------------

    def _smart_cancel_annulled(self):
        """Cancel it in Odoo through the locks; returns the names of what that sets free."""
        self.ensure_one()
        freed = self._smart_reconciled_with()
        self.with_context(smart_cancel_annulled=CANCEL_ANNULLED, **PAST_APPROVALS)._smart_undo()
        return freed

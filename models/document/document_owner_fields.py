from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..base.said import SaidText
from ..terms import DONE, LOCKED_STATES, NUMBERED_STATES, UNNUMBERED_STATES


class SmartDocumentOwner(models.AbstractModel):
    """What an owner shows of its fiscal document.

    The fields are related, not stored: Odoo searches, groups, sorts and exports such fields
    by a join, and a sender that stores a control number then never touches, or waits for,
    the row of the invoice that a person may be paying in the same moment.
    """

    _inherit = "smart.document.owner"

    smart_document_id = fields.Many2one(
        comodel_name="smart.document",
        string="Fiscal Document",
        compute="_compute_smart_document_id",
        store=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
    )
    smart_legal_name = fields.Char(related="smart_document_id.legal_name", string="Legal Number")
    smart_number = fields.Char(
        string="Document",
        compute="_compute_smart_number",
        search="_search_smart_number",
        help="Its legal number once it is issued; before that, what Odoo calls it. Found by "
        "12, 00000012, or its control number in any spelling.",
    )
    smart_state = fields.Selection(related="smart_document_id.state", string="SMART Status")
    smart_control_number = fields.Char(
        related="smart_document_id.control_number", string="Control Number"
    )
    smart_internal_number = fields.Char(
        related="smart_document_id.internal_number", string="Internal Number"
    )
    smart_document_type = fields.Selection(
        related="smart_document_id.document_type", string="Fiscal Document Type"
    )
    smart_environment = fields.Selection(
        related="smart_document_id.environment",
        string="SMART Environment",
        groups="base.group_user",
    )
    smart_issued_at = fields.Datetime(related="smart_document_id.issued_at", string="Issued at")
    smart_legal_footer = fields.Html(
        related="smart_document_id.legal_footer", string="Legal Footer"
    )
    smart_document_url = fields.Char(
        related="smart_document_id.document_url", string="Document at SMART"
    )
    smart_document_file = fields.Binary(
        related="smart_document_id.document_file", string="Printed Document"
    )
    smart_document_filename = fields.Char(
        related="smart_document_id.document_filename", string="Name of the Printed Document"
    )
    smart_related_document_id = fields.Many2one(
        related="smart_document_id.related_document_id",
        string="Refers to",
        groups="base.group_user",
    )
    smart_last_error = SaidText(
        related="smart_document_id.last_error",
        string="What SMART Said",
        groups="base.group_user",
    )
    smart_attempts = fields.Integer(
        related="smart_document_id.attempts",
        string="Attempts",
        groups="base.group_user",
    )
    smart_sent_at = fields.Datetime(
        related="smart_document_id.sent_at",
        string="Last Attempt",
        groups="base.group_user",
    )
    smart_exchange_ids = fields.One2many(
        related="smart_document_id.exchange_ids",
        string="Exchanges",
        groups="base.group_user",
    )
    smart_is_locked = fields.Boolean(compute="_compute_smart_is_locked", groups="base.group_user")

    @api.depends("smart_document_ids")
    def _compute_smart_document_id(self):
        for owner in self:
            owner.smart_document_id = owner.smart_document_ids[:1]

    @api.depends(lambda self: ["smart_legal_name", *filter(None, [self._rec_name])])
    @api.depends_context("lang")
    def _compute_smart_number(self):
        for owner in self:
            owner.smart_number = owner.smart_legal_name or owner[owner._rec_name]

    @api.model
    def _search_smart_number(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        return Domain("smart_legal_name", operator, value) | Domain(self._rec_name, operator, value)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        # EXTENDS 'base': in lists people sort by the number that they see
        if field_name != "smart_number":
            return super()._order_field_to_sql(alias, field_name, direction, nulls, query)
        number = self._smart_number_to_sql(alias, query)
        query._order_groupby.append(number)
        return SQL("%s %s %s", number, direction, nulls)

    def _smart_number_to_sql(self, alias, query):
        """Return in SQL what records are sorted by for the number that people see."""
        Document, document = self._fields["smart_document_id"].join(self, alias, query)
        return SQL(
            "COALESCE(CASE WHEN %s IN %s THEN %s || %s END, %s)",
            Document._field_to_sql(document, "state", query),
            NUMBERED_STATES,
            Document._field_to_sql(document, "document_type", query),
            Document._field_to_sql(document, "internal_number", query),
            self._field_to_sql(alias, self._rec_name, query),
        )

    @api.depends("smart_state", "smart_document_id.annulment_state")
    def _compute_smart_is_locked(self):
        for owner in self:
            owner.smart_is_locked = (
                owner.smart_state in LOCKED_STATES and not owner._smart_stands_annulled()
            )

    def _smart_stands_annulled(self):
        """Tell whether its document was annulled, and it may get another one."""
        self.ensure_one()
        document = self.sudo().smart_document_id  # sudo: for the state only
        return not self._smart_cancelled_by_annulling and document.annulment_state == DONE

    def _smart_is_unnumbered(self):
        """Tell whether it is confirmed, and has no control number so far."""
        self.ensure_one()
        # sudo: for the state only; customers, too, are told that it waits
        return self.sudo().smart_document_id.state in UNNUMBERED_STATES

    def _smart_is_numbered(self):
        """Tell whether its document has its control number, annulled or not."""
        self.ensure_one()
        return self.sudo().smart_document_id.state in NUMBERED_STATES  # sudo: likewise

    def _field_to_sql(self, alias, field_expr, query=None):
        # EXTENDS 'base', which asks where a related field leads to for access, and not the field
        # itself: who may not read one could group and sort by it
        field = self._fields.get(field_expr.partition(".")[0])
        if field and field.related and not field.store:
            self._check_field_access(field, "read")
        return super()._field_to_sql(alias, field_expr, query)

    def action_smart_open_document(self):
        """Button: the fiscal document with its exchanges."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Fiscal Document"),
            "res_model": "smart.document",
            "res_id": self.smart_document_id.id,
            "view_mode": "form",
        }

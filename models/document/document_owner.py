from odoo import api, fields, models


class SmartDocumentOwner(models.AbstractModel):
    """What a model gets to own fiscal documents.

    The fields are related, not stored: Odoo searches, groups, sorts and exports such fields by a
    join. So a sender that stores a control number neither touches the invoice's row nor waits
    for it: a person may be registering a payment there at the same moment.
    """

    _name = "smart.document.owner"
    _description = "Owner of a Fiscal Document"
    _inherit = "smart.own.defaults"

    smart_document_id = fields.Many2one(
        comodel_name="smart.document",
        string="Fiscal Document",
        compute="_compute_smart_document_id",
        store=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
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
    smart_last_error = fields.Text(
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
    smart_waits_for = fields.Char(
        string="Next Attempt",
        compute="_compute_smart_waits_for",
        help="When a waiting document will be tried next, or what it waits for.",
        groups="base.group_user",
    )

    @api.model
    def _smart_contents(self, ids):
        """Return what owners say that nothing may change once their documents wait.

        Called when documents are queued and when the integrity chain is checked, for many
        owners at a time: it takes one query.

        :returns: id -> :class:`owner.OwnerContent`, of those that exist
        """
        raise NotImplementedError

    def _field_to_sql(self, alias, field_expr, query=None):
        # EXTENDS 'base', which checks access to the target of a related field, but not to the
        # field itself: users who may not read it could group and sort by it
        field = self._fields.get(field_expr.partition(".")[0])
        if field and field.related and not field.store:
            self._check_field_access(field, "read")
        return super()._field_to_sql(alias, field_expr, query)

    def _compute_smart_document_id(self):
        """Find the document by the field of ``smart.document`` that points to the owner."""
        raise NotImplementedError

    @api.depends("smart_state", "smart_related_document_id")
    def _compute_smart_waits_for(self):
        for owner in self:
            # sudo: everyone who sees the document may see the state of the issuer's queue
            owner.smart_waits_for = owner.smart_document_id.sudo()._waits_for()

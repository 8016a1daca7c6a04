from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

from ..base.said import SaidText
from ..terms import (
    ANNULLED,
    ANNULMENT_STATES,
    DOCUMENT_TYPES,
    ENVIRONMENTS,
    LOCKED_STATES,
    QUEUED,
    REFUSED,
    SENDING,
    STATES,
    UNKNOWN,
    WITHDRAWN,
)


class SmartDocument(models.Model):
    """A fiscal document: what is, was or will be issued for one owner, an invoice for example.

    Users never write here; every change is one of the transitions below, made by the
    owner's confirmation, by the sender that holds the issuer's lane, or by a wizard.
    """

    _name = "smart.document"
    _inherit = ["smart.record"]
    _description = "Fiscal Document"
    _order = "id desc"

    name = fields.Char(
        string="Odoo Reference",
        readonly=True,
        help="What Odoo calls it until it has its legal number, and in its journal's sequence.",
    )
    has_owner = fields.Boolean(compute="_compute_has_owner")
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    issuer_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        ondelete="restrict",
        help="The company in whose name the document is issued.",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True, index=True
    )
    # Who confirmed is a fiscal fact, so the database keeps that user, too.
    create_uid = fields.Many2one(
        comodel_name="res.users", string="Created by", readonly=True, ondelete="restrict"
    )
    environment = fields.Selection(selection=ENVIRONMENTS, required=True, readonly=True)
    # Of all documents there is no index by queue: only those in it are looked for, see below.
    lane_id = fields.Many2one(
        comodel_name="smart.lane",
        string="Queue",
        required=True,
        readonly=True,
        ondelete="restrict",
        help="That of its issuer in its environment.",
    )
    document_type = fields.Selection(selection=DOCUMENT_TYPES, required=True, readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    amount_total = fields.Monetary(string="Total", readonly=True)
    related_document_id = fields.Many2one(
        comodel_name="smart.document",
        string="Refers to",
        readonly=True,
        index="btree_not_null",
        help="The document that a credit or debit note corrects. The note waits for it.",
    )
    state = fields.Selection(
        selection=STATES,
        required=True,
        readonly=True,
        default=QUEUED,
        help="Waiting: confirmed, waits for its turn.\n"
        "Being sent: the call to SMART is under way.\n"
        "Issued: has its control number.\n"
        "Refused: SMART said no; nothing was issued. Correct it and send it again.\n"
        "Unknown: it was sent, but the answer never came: it may or may not be issued.\n"
        "Annulled: annulled at SMART.\n"
        "Withdrawn: back in draft before it was issued.",
    )
    annulment_state = fields.Selection(
        selection=ANNULMENT_STATES,
        string="Annulment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="To be annulled: SMART will be asked next.\n"
        "Being annulled: the call to SMART is under way.\n"
        "Annulment pending: SMART was asked but did not answer. It is asked again by itself; "
        "annulling twice is harmless.\n"
        "Not annulled: the document is still issued; the message says why.\n"
        "Annulled at SMART, still posted in Odoo: cancel it in Odoo too.",
    )
    queue_position = fields.Integer(readonly=True, copy=False)
    queued_at = fields.Datetime(readonly=True, copy=False)
    internal_number = fields.Char(
        readonly=True, copy=False, help="The consecutive number that Odoo gives it, per type."
    )
    internal_sequence = fields.Integer(readonly=True, copy=False)
    control_number = fields.Char(
        readonly=True, copy=False, index="btree_not_null", help="What makes it a legal document."
    )
    conflicting_number = fields.Char(
        string="Other Control Number",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="SMART answered with this control number when the document had another already.",
    )
    issued_at = fields.Datetime(readonly=True, copy=False, help="The moment that SMART stamped.")
    # Cleaned at every write, more strictly than Odoo's own sanitizing does.
    legal_footer = fields.Html(readonly=True, copy=False, sanitize=False)
    document_url = fields.Char(string="Document at SMART", readonly=True, copy=False)
    request_body = fields.Text(string="Request", readonly=True, copy=False)
    owner_digest = fields.Char(
        readonly=True, copy=False, help="SHA-256 of what the invoice said when it was confirmed."
    )
    last_error = SaidText(readonly=True, copy=False)
    attempts = fields.Integer(readonly=True, copy=False)
    sent_at = fields.Datetime(string="Last Attempt", readonly=True, copy=False)
    repeatable = fields.Boolean(
        readonly=True,
        copy=False,
        help="SMART enforced the numbering when it was sent: sending the same request under the "
        "same number again cannot issue it twice.",
    )
    repeating = fields.Boolean(readonly=True, copy=False)  # in doubt, and the call is under way
    proven_issued = fields.Boolean(
        readonly=True,
        copy=False,
        help="SMART says that the number of this document is in use: it was issued. Only its "
        "control number is missing here.",
    )
    exchange_ids = fields.One2many(
        comodel_name="smart.exchange", inverse_name="document_id", readonly=True
    )

    _control_number_unique = models.UniqueIndex(
        "(issuer_id, environment, control_number) WHERE control_number IS NOT NULL",
        "This control number already belongs to another document.",
    )
    # An index of this table costs each document three times: queued, begun, settled. So two
    # partial indexes find states; they leave out the many issued documents.
    _in_flight_index = models.Index(
        "(lane_id, queue_position) WHERE state IN ('queued', 'sending', 'unknown')"
    )
    _set_aside_index = models.Index("(state) WHERE state IN ('refused', 'annulled', 'withdrawn')")
    _numbering_index = models.Index("(issuer_id, environment, document_type, internal_sequence)")

    def init(self):
        # The order of posting, over all transactions: see `smart.lane._take_positions`.
        self.env.cr.execute("CREATE SEQUENCE IF NOT EXISTS smart_document_queue_position_seq")

    # -- whose it is -----------------------------------------------------------------------

    @api.model
    def _is_owner(self, model):
        """Tell whether a model is there, and owns fiscal documents."""
        registry = self.env.registry
        return model in registry and issubclass(registry[model], registry["smart.document.owner"])

    @api.model
    def _owner_fields(self):
        """Return the fields that point to owners: name -> model.

        Those by which owners find their documents: an addon that brings one forgets nothing here.
        """
        owners = {
            field.name: field.comodel_name
            for field in self._fields.values()
            if field.type == "many2one" and field.store and self._is_owner(field.comodel_name)
        }
        return {
            name: model
            for name, model in owners.items()
            if self.env[model]._fields["smart_document_ids"].inverse_name == name
        }

    def _owners(self):
        """Return what the documents were issued for, model by model; where all that is gone, of
        the abstract model none, to which nobody has access.
        """
        found = [owners for name in self._owner_fields() if (owners := self[name])]
        return found or [self.env["smart.document.owner"]]

    def _owner(self):
        """Return what the document was issued for, see :meth:`_owners`."""
        self.ensure_one()
        return self._owners()[0]

    @api.depends(lambda self: list(self._owner_fields()))
    def _compute_has_owner(self):
        for document in self:
            document.has_owner = bool(document._owner())

    def action_open_owner(self):
        """Button: what it was issued for."""
        return self._owner()._get_records_action()

    # -- taking back -----------------------------------------------------------------------

    def _withdraw(self):
        """Take documents back that were not issued.

        :raises UserError: when one is being sent, or SMART has it or may have it
        """
        self._lock_unless_called()
        for document in self:
            if document.state in LOCKED_STATES:
                raise UserError(document._why_locked())
            if document._is_doubt_open():
                raise UserError(document._why_doubted())
        # Its content may change now, so a number in use no longer proves that it was issued.
        self._engine_write({"state": WITHDRAWN, "doubted_sequence": 0})

    def _lock_unless_called(self):
        """Lock the documents for a person's decision.

        :raises UserError: when a sender or annuller has one of them in hand
        """
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError:
            raise UserError(
                self.env._("This document is just being processed with SMART. Try again shortly.")
            ) from None

    def _why_locked(self):
        """Return in words why the document cannot change, and what can be done instead."""
        self.ensure_one()
        if self.state == SENDING:
            return self.env._(
                "%s is being sent to SMART right now. Try again shortly.", self._title()
            )
        if self.state in (QUEUED, REFUSED):
            return self.env._(
                "%(name)s is confirmed, and its request to SMART made. %(cure)s",
                name=self._title(),
                cure=self._owner()._smart_how_to_change(),
            )
        if self.state == UNKNOWN:
            return self.env._(
                "%s was sent to SMART but no answer came: it may be issued. First find out "
                "whether it was; until then it cannot be changed, cancelled or deleted.",
                self._title(),
            )
        if self.state == ANNULLED:
            return self.env._(
                "%s was annulled at SMART and can no longer be changed.", self._title()
            )
        return self.env._(
            "%(name)s was issued with control number %(number)s: it cannot be changed, reset to "
            "draft, cancelled or deleted. %(cure)s",
            name=self._title(),
            number=self.control_number,
            cure=self._owner()._smart_how_to_correct(),
        )

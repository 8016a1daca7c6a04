from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import groupby

from ..terms import (
    ANNULLED,
    ANNULMENT_STATES,
    DOCUMENT_TYPES,
    ENVIRONMENTS,
    ISSUED,
    LOCKED_STATES,
    QUEUED,
    REFUSED,
    SENDING,
    STATES,
    UNKNOWN,
    WITHDRAWN,
)


class SmartDocument(models.Model):
    """A fiscal document: what is, was or will be issued for one invoice or note.

    Users never write here; every change is one of the transitions below, made by the
    owner's confirmation, by the sender that holds the issuer's lane, or by a wizard.
    """

    _name = "smart.document"
    _inherit = ["smart.record"]
    _description = "Fiscal Document"
    _order = "id desc"

    name = fields.Char(
        string="Number", readonly=True, help="Fiscal number of the document in Odoo."
    )
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Invoice",
        readonly=True,
        ondelete="set null",
    )
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
    last_error = fields.Text(readonly=True, copy=False)
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

    _move_unique = models.UniqueIndex(
        "(move_id) WHERE move_id IS NOT NULL", "An invoice has one fiscal document."
    )
    _control_number_unique = models.UniqueIndex(
        "(issuer_id, environment, control_number) WHERE control_number IS NOT NULL",
        "This control number already belongs to another document.",
    )
    # An index of this table costs each document three times: queued, begun, settled. So two
    # partial indexes find states; they leave out the many issued documents.
    _in_flight_index = models.Index(
        "(issuer_id, environment, queue_position) WHERE state IN ('queued', 'sending', 'unknown')"
    )
    _set_aside_index = models.Index("(state) WHERE state IN ('refused', 'annulled', 'withdrawn')")
    _numbering_index = models.Index("(issuer_id, environment, document_type, internal_sequence)")

    def init(self):
        # The order of posting, over all transactions: see `smart.lane._take_positions`.
        self.env.cr.execute("CREATE SEQUENCE IF NOT EXISTS smart_document_queue_position_seq")

    @api.depends("name", "control_number")
    def _compute_display_name(self):
        for document in self:
            document.display_name = " · ".join(
                filter(None, (document.name, document.control_number))
            ) or self.env._("Fiscal document")

    # -- transitions made by the owner's confirmation ------------------------------------

    @api.model
    def _enqueue(self, conversions):
        """Queue converted documents, in the given order.

        :param conversions: :class:`problem.Conversion` of owners that were just posted
        :returns: their fiscal documents, in the same order
        """
        stated = [conversion.document_vals() for conversion in conversions]
        contents = self._owner_contents(conversions)
        positions = self.env["smart.lane"]._take_positions(
            [(vals["issuer_id"], vals["environment"]) for vals in stated]
        )
        to_create, documents = [], {}
        owners = []
        now = fields.Datetime.now()
        for conversion, vals, position in zip(conversions, stated, positions, strict=True):
            vals.update(
                state=QUEUED,
                queue_position=position,
                queued_at=now,
                last_error=False,
                internal_number=False,
                internal_sequence=0,
                owner_digest=contents[conversion.owner].digest(),
            )
            # sudo: like `self`; no user writes fiscal documents
            document = conversion.owner.smart_document_id.sudo()
            if document:  # refused or withdrawn before: same history, new place in the queue
                document._check_may_queue_again()
                self._forget_number(document, vals)
                document._engine_write(vals)
                documents[conversion.owner] = document.id
            else:
                owners.append(conversion.owner)
                # Most amounts are zero and stay NULL, because writing one also reads its currency.
                to_create.append({name: value for name, value in vals.items() if value})
        created = self._engine_create(to_create)
        documents.update(zip(owners, created.ids, strict=True))
        for owner, document in zip(owners, created, strict=True):
            # What its computation would find; this saves the search for the new document.
            with self.env.protecting([owner._fields["smart_document_id"]], owner):
                owner.smart_document_id = document.with_env(owner.env)
        return self.browse([documents[conversion.owner] for conversion in conversions])

    @api.model
    def _owner_contents(self, conversions):
        """Return what the owners of converted documents say: owner -> ``OwnerContent``."""
        contents = {}
        for model, owners in groupby(
            (conversion.owner for conversion in conversions), lambda owner: owner._name
        ):
            Owner = self.env[model]
            found = Owner._smart_contents([owner.id for owner in owners])
            contents.update((Owner.browse(owner_id), one) for owner_id, one in found.items())
        return contents

    def _check_may_queue_again(self):
        """Refuse a document that a late answer has issued meanwhile: never send it again.

        :raises UserError: if it is neither refused nor withdrawn
        """
        self.ensure_one()
        if self.state not in (REFUSED, WITHDRAWN):
            raise UserError(self._why_locked())

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
            return self.env._("%s is being sent to SMART right now. Try again shortly.", self.name)
        if self.state in (QUEUED, REFUSED):
            return self.env._(
                "%s is confirmed, and its request to SMART made. Reset it to draft to change it.",
                self.name,
            )
        if self.state == UNKNOWN:
            return self.env._(
                "%s was sent to SMART but no answer came: it may be issued. First find out "
                "whether it was; until then it cannot be changed, cancelled or deleted.",
                self.name,
            )
        if self.state == ANNULLED:
            return self.env._("%s was annulled at SMART and can no longer be changed.", self.name)
        return self.env._(
            "%(name)s was issued with control number %(number)s: it cannot be changed, reset to "
            "draft, cancelled or deleted. Correct it with a credit or debit note, or annul it.",
            name=self.name,
            number=self.control_number,
        )

    # -- buttons -----------------------------------------------------------------------

    def action_open_move(self):
        self.ensure_one()
        return self.move_id._get_records_action()

    def _lane(self):
        """Return the lanes that the documents are queued in."""
        Lane = self.env["smart.lane"]
        for issuer, environment in {(doc.issuer_id, doc.environment) for doc in self}:
            Lane |= Lane.search([("issuer_id", "=", issuer.id), ("environment", "=", environment)])
        return Lane

    def _waits_for(self):
        """Return in words what a waiting document waits for, or ``False``."""
        if not self or self.state not in (QUEUED, UNKNOWN):
            return False
        related = self.related_document_id
        if self.state == QUEUED and related.state == ANNULLED:
            return self.env._(
                "%s was annulled: there is nothing to correct. Reset this note to draft.",
                related.display_name,
            )
        if self.state == QUEUED and related and related.state != ISSUED:
            return self.env._("When %s has been issued", related.display_name)
        if self.issuer_id.smart_environment != self.environment:
            return self.env._("When the company is set to the same SMART environment again")
        return self._lane()._next_attempt_words()

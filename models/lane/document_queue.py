from odoo import api, fields, models
from odoo.exceptions import UserError

from ..base.said import SaidText
from ..terms import ANNULLED, ISSUED, QUEUED, REFUSED, UNKNOWN, WITHDRAWN


class SmartDocument(models.Model):
    """How a document gets into its issuer's queue, and what it waits for there."""

    _inherit = "smart.document"

    waits_for = fields.Char(
        string="Next Attempt",
        compute="_compute_waits_for",
        help="When a waiting document will be tried next, or what it waits for.",
    )

    # For its form: why nothing is sent.
    lane_blocked = fields.Boolean(related="lane_id.blocked", string="Sending Has Stopped")
    lane_reason = SaidText(related="lane_id.reason", string="Why Sending Has Stopped")

    @api.model
    def _enqueue(self, owners, stated):
        """Queue the documents of owners that were just confirmed, in the given order.

        :param owners: records of one model
        :param stated: the values of each one's document
        :returns: their fiscal documents, in the same order
        """
        contents = owners._smart_contents(owners.ids)
        places = self.env["smart.lane"]._take_places(
            [(vals["issuer_id"], vals["environment"]) for vals in stated]
        )
        to_create, documents = [], {}
        new = owners.browse()
        now = fields.Datetime.now()
        for owner, vals, (position, lane_id) in zip(owners, stated, places, strict=True):
            vals.update(
                state=QUEUED,
                lane_id=lane_id,
                queue_position=position,
                queued_at=now,
                stumbles=0,
                last_error=False,
                internal_number=False,
                internal_sequence=0,
                owner_digest=contents[owner.id].digest(),
            )
            # sudo: like `self`; no user writes fiscal documents
            document = owner.smart_document_id.sudo()
            if (
                document and not owner._smart_stands_annulled()
            ):  # refused or withdrawn before: same history, new place in the queue
                document._check_may_queue_again()
                self._forget_number(document, vals)
                document._engine_write(vals)
                documents[owner] = document.id
            else:
                new += owner
                # Most amounts are zero, and stay NULL: each costs the currency that it is in.
                to_create.append({name: value for name, value in vals.items() if value})
        created = self._engine_create(to_create)
        for owner, document in zip(new, created, strict=True):
            documents[owner] = document.id
            # What its computation would find; spares the search for what was just made.
            with self.env.protecting([owner._fields["smart_document_id"]], owner):
                owner.smart_document_id = document.with_env(owner.env)
        return self.browse([documents[owner] for owner in owners])

    def _check_may_queue_again(self):
        """A late answer may have issued it since it was withdrawn: never send it once more.

        :raises UserError: then
        """
        self.ensure_one()
        if self.state not in (REFUSED, WITHDRAWN):
            raise UserError(self._why_locked())

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
        return self.lane_id._next_attempt_words()

    @api.depends("state", "related_document_id")
    def _compute_waits_for(self):
        for document in self:
            # sudo: the state of the issuer's queue is shown to whoever sees the document
            document.waits_for = document.sudo()._waits_for()

    def action_send(self):
        """Button: try again now."""
        self.ensure_one()
        return self._owner().action_smart_send()

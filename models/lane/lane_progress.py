from odoo import api, models

from ..base.after_commit import waiting
from ..terms import QUEUED, REFUSED, SENDING, UNKNOWN
from .confirming import SENDING_WORK

STARTED = "l10n_ve_edi_smart.started"
PROGRESS = "l10n_ve_edi_smart.progress"


class SmartLane(models.Model):
    """Tells the web client how a batch gets on; see ``static/src/smart_progress/``."""

    _inherit = "smart.lane"

    @api.model
    def _announce_at_commit(self):
        """Tell the user of this transaction, when it commits, that a batch is sent later."""
        precommit = self.env.cr.precommit
        if not precommit.data.get(STARTED):
            precommit.data[STARTED] = True
            precommit.add(self._announce)

    @api.model
    def _announce(self):
        """Tell the person of this transaction what it has queued, once, as it commits."""
        self.env.cr.precommit.data.pop(STARTED, None)
        pending = waiting(self.env, SENDING_WORK)
        user = self.env.user
        if user._is_superuser():
            return  # nobody is watching
        # sudo: counts, and the state of the queue, of documents that the user confirmed
        documents = self.env["smart.document"].sudo().browse(pending).exists()
        for company, own in documents.grouped("company_id").items():
            lane = own[0].lane_id
            user._bus_send(STARTED, {"count": len(own), **lane._progress_of(company, user)})

    def _tell_progress(self):
        """Tell everybody who looks at documents of the lane how far the lane is."""
        self.ensure_one()
        companies = self.env["res.company"].search([("id", "child_of", self.issuer_id.id)])
        for company in companies:
            self.env["bus.bus"]._sendone(company, PROGRESS, self._progress_of(company))

    def _progress_of(self, company, user=None):
        """Return the message about a company's documents in this lane.

        :param user: who reads it, for the hour of the next attempt
        """
        self.ensure_one()
        counts = dict(
            self.env["smart.document"]._read_group(
                [
                    *self._documents([QUEUED, SENDING, UNKNOWN, REFUSED]),
                    ("company_id", "=", company.id),
                ],
                ["state"],
                ["__count"],
            )
        )
        stopped = self._stopped()
        return {
            "company_id": company.id,
            "waiting": counts.get(QUEUED, 0) + counts.get(SENDING, 0),
            "attention": counts.get(UNKNOWN, 0) + counts.get(REFUSED, 0),
            "blocked": self.blocked,
            # In UTC: each reader's web client knows its own time zone.
            "paused_until": (
                self.paused_until.isoformat() if stopped and not self.blocked else False
            ),
        }


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        # EXTENDS 'bus': who may see fiscal documents hears how those of their companies get on
        channels = super()._build_bus_channel_list(channels)
        user = self.env.user
        if user._is_internal() and self.env["smart.document"].has_access("read"):
            channels.extend(user.company_ids)
        return channels

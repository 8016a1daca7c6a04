from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_datetime

from ..terms import CONTINGENCY, QUEUED, SENDING, UNKNOWN

#: Unless the company sets something else.
DEFAULT_HOURS = 2.0


class ResCompany(models.Model):
    """How long the queue may be down before paper is proposed."""

    _inherit = "res.company"

    smart_outage_hours = fields.Float(
        string="Propose Contingency After",
        default=DEFAULT_HOURS,
        groups="base.group_user",
        help="When nothing could be issued for so many hours and documents wait, the responsible "
        "person is told how to go on with numbered paper. 0 for never.",
    )

    @api.constrains("smart_outage_hours")
    def _check_smart_outage_hours(self):
        for company in self:
            if not 0 <= company.smart_outage_hours <= 24 * 7:
                raise ValidationError(
                    self.env._("Contingency is proposed after 0 (never) to 168 hours.")
                )


class SmartSettings(models.AbstractModel):
    """Where that is set."""

    _inherit = "smart.settings"

    smart_outage_hours = fields.Float(
        related="company_id.smart_outage_hours", readonly=False, related_sudo=False
    )


class SmartLane(models.Model):
    """Since when nothing can be issued, and when that is so long that paper has to do."""

    _inherit = "smart.lane"

    def _find_causes(self, shown):
        # EXTENDS this addon
        causes = super()._find_causes(shown)
        if since := self._outage():
            causes["outage"] = self._outage_cause(since)
        return causes

    def _outage(self):
        """Return since when nothing can be issued, if that is too long; else ``False``."""
        self.ensure_one()
        hours = self.issuer_id.smart_outage_hours
        since = self.down_since
        if not hours or not since or not (self.blocked or self.failures):
            return False
        if fields.Datetime.now() - since < timedelta(hours=hours):
            return False
        waiting = self.env["smart.document"].search_count(
            self._documents([QUEUED, SENDING, UNKNOWN]), limit=1
        )
        return bool(waiting) and since

    def _outage_cause(self, since):
        """Return fingerprint, summary and note of the activity that proposes paper."""
        journals = self.env["account.journal"].search(
            [
                ("company_id", "child_of", self.issuer_id.id),
                ("smart_channel", "=", CONTINGENCY),
            ]
        )
        steps = [
            self.env._("Look whether SMART, the internet line and the token are all right: the "
                       "queue says what failed last."),
            self.env._(
                "Sell in a journal whose emission channel is contingency: %s.",
                ", ".join(journals.mapped("display_name")),
            )
            if journals
            else self.env._(
                "Make a sales journal whose emission channel is contingency, and enter the pad of "
                "numbered paper that you have."
            ),
            self.env._("Write each document on the next sheet of the pad, and confirm it in Odoo "
                       "with that sheet's control number."),
            self.env._("When SMART answers again, return to the digital journal. What waits in the "
                       "queue is issued by itself: do not write it on paper, or it exists twice."),
            self.env._("Then print the contingency report, with the letters to SENIAT and to the "
                       "printing house."),
        ]  # fmt: skip
        moment = format_datetime(self.env, since, tz="America/Caracas", dt_format="short")
        return (
            [fields.Datetime.to_string(since)],
            self.env._("SMART: go on with numbered paper?"),
            Markup("<p>%s</p><p>%s</p><ol>%s</ol>")
            % (
                self.env._("Nothing could be issued since %s, and documents wait.", moment),
                self.reason or "",
                Markup().join(Markup("<li>%s</li>") % step for step in steps),
            ),
        )

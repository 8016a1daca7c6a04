import logging
from datetime import timedelta

import psycopg2
from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ..base.labels import labels
from ..base.said import as_kept
from ..terms import ISSUED, QUEUED, REFUSED, SENDING, UNKNOWN

_logger = logging.getLogger(__name__)

#: An unknown document that Odoo can settle by repeating is reported only after so many attempts.
PATIENT_ATTEMPTS = 6

#: The user who confirmed a document saw its refusal, and can act for so long; then it is a cause.
SEEN_MINUTES = 10

#: A queue that fails so often in a row (some twenty minutes) does not recover by itself.
PATIENT_FAILURES = 8

#: Documents that an activity names; the rest is counted.
NAMED = 10

ACTIVITY_TYPES = {
    "blocked": "l10n_ve_edi_smart.mail_activity_type_blocked",
    "unknown": "l10n_ve_edi_smart.mail_activity_type_unknown",
    "refused": "l10n_ve_edi_smart.mail_activity_type_refused",
    "conflict": "l10n_ve_edi_smart.mail_activity_type_conflict",
    "stranded": "l10n_ve_edi_smart.mail_activity_type_stranded",
    "outage": "l10n_ve_edi_smart.mail_activity_type_outage",
}
MISSING_NUMBERS = "l10n_ve_edi_smart.mail_activity_type_missing_numbers"


class SmartLane(models.Model):
    """Tells the responsible person what sending alone cannot settle.

    The causes are read from the state of the queue after a run, in a transaction of their own:
    one activity per cause, kept up to date, and closed when the cause is gone. No outcome of a
    call waits for this or fails with it. If it is missed (a process was killed), the next run of
    the scheduled action does it.
    """

    _name = "smart.lane"
    _inherit = ["smart.lane", "mail.thread", "mail.activity.mixin"]
    # Nobody may write queues; everyone who sees one may post on it and see its activities.
    _mail_post_access = "read"

    #: What was told: cause -> fingerprint. An activity that somebody has marked as done
    #: comes back only when there is something new.
    notices = fields.Json(readonly=True)

    # -- after a run -----------------------------------------------------------------------

    @api.model
    def _notify(self, registry, lane_ids=None, shown=None):
        """Bring the activities of lanes up to date.

        If two processes do so at once, both write what was told (``notices``), so one of them
        fails and opens nothing.

        :param lane_ids: the lanes to look at; all by default
        :param int shown: a document whose outcome somebody is looking at
        """
        try:
            with registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                for lane in env["smart.lane"]._with_something_to_tell(lane_ids):
                    lane = lane.with_context(lang=lane._responsible().lang)
                    lane._update_notices(shown)
        except psycopg2.OperationalError as error:
            _logger.info("The activities of SMART lanes %s wait: %s", lane_ids or "", error)
        except Exception:
            # All outcomes are settled and committed; the scheduled action tells of them later.
            _logger.exception("The activities of SMART lanes %s were not updated", lane_ids or "")

    @api.model
    def _with_something_to_tell(self, lane_ids):
        """Return the lanes that have a cause now, or had one; in one query over all issuers."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT lane.id
                  FROM smart_lane AS lane
                 WHERE %s
                   AND (lane.blocked
                        OR lane.failures >= %s
                        OR EXISTS (SELECT 1 FROM res_company AS issuer
                                    WHERE issuer.id = lane.issuer_id
                                      AND issuer.smart_outage_hours > 0
                                      AND lane.down_since <= %s
                                          - issuer.smart_outage_hours * interval '1 hour')
                        OR EXISTS (SELECT 1
                                     FROM smart_document AS document
                                     JOIN res_company AS issuer ON issuer.id = document.issuer_id
                                    WHERE document.state IN ('queued', 'sending', 'unknown')
                                      AND document.lane_id = lane.id
                                      AND issuer.smart_environment != lane.environment)
                        OR lane.notices IS NOT NULL
                        OR EXISTS (SELECT 1 FROM smart_document AS document
                                    WHERE document.state IN ('refused', 'unknown')
                                      AND document.lane_id = lane.id)
                        OR EXISTS (SELECT 1 FROM smart_document AS document
                                    WHERE document.conflicting_number IS NOT NULL
                                      AND document.lane_id = lane.id)
                        OR EXISTS (SELECT 1 FROM smart_numbering AS numbering
                                    WHERE numbering.notice_pending
                                      AND numbering.issuer_id = lane.issuer_id
                                      AND numbering.environment = lane.environment))
              ORDER BY lane.id
                """,
                SQL("TRUE") if lane_ids is None else SQL("lane.id = ANY(%s)", list(lane_ids)),
                PATIENT_FAILURES,
                fields.Datetime.now(),
            )
        )
        return self.browse(row[0] for row in rows)

    def _responsible(self):
        """Return who looks after the fiscal documents of the issuer."""
        self.ensure_one()
        return self.issuer_id._smart_responsible()

    def _update_notices(self, shown=None):
        """Open, update and close the activities of the lane."""
        self.ensure_one()
        causes = self._find_causes(shown)
        notices = dict(self.notices or {})
        for cause, activity_type in ACTIVITY_TYPES.items():
            activities = self.activity_search([activity_type])
            found = causes.get(cause)
            if not found:
                if cause == "blocked" and activities and not self._sends_again(activities):
                    continue
                activities.action_feedback(feedback=self.env._("Settled."))
                notices.pop(cause, None)
                continue
            fingerprint, summary, note = found
            if notices.get(cause) == fingerprint:
                continue
            news = set(fingerprint) - set(notices.get(cause) or [])
            if activities:
                activities.write({"summary": summary, "note": note})
            elif news:
                self.activity_schedule(
                    activity_type, summary=summary, note=note, user_id=self._responsible().id
                )
            notices[cause] = fingerprint
        if notices != (self.notices or {}):
            self._engine_write({"notices": notices or False})
        self._tell_missing_numbers()

    def _sends_again(self, activities):
        """Tell whether something was accepted since the lane was blocked, or nothing waits."""
        Document = self.env["smart.document"]
        if not Document.search_count(self._documents([QUEUED, SENDING]), limit=1):
            return True
        since = min(activities.mapped("create_date"))
        return bool(
            Document.search_count([*self._documents([ISSUED]), ("sent_at", ">=", since)], limit=1)
        )

    def _find_causes(self, shown):
        """Return what needs a person: cause -> (fingerprint, summary, note).

        A fingerprint is a sorted list; whatever is new in it is news.
        """
        self.ensure_one()
        causes = {}
        if self.blocked:
            causes["blocked"] = (
                [as_kept(self.reason or "")],
                self.env._("SMART: sending has stopped"),
                Markup("<p>%s</p><p>%s</p>")
                % (
                    self.reason or "",
                    self.env._(
                        "Nothing is sent until the cause has been dealt with. Then press “Try "
                        "again now” on the queue, in the settings or on a waiting document."
                    ),
                ),
            )
        elif self.failures >= PATIENT_FAILURES and self._has_work():
            causes["blocked"] = (
                ["failing"],
                self.env._("SMART: nothing can be sent"),
                Markup("<p>%s</p><p>%s</p>")
                % (
                    self.reason or "",
                    self.env._(
                        "It has failed %s times in a row. It goes on being tried by itself; until "
                        "then documents wait for their control numbers.",
                        self.failures,
                    ),
                ),
            )
        for cause, documents in self._documents_by_cause(shown).items():
            if documents:
                causes[cause] = (
                    sorted(documents.ids),
                    self._summary(cause, len(documents)),
                    self._note(cause, documents),
                )
        return causes

    def _documents_by_cause(self, shown):
        Document = self.env["smart.document"]
        unknown = Document.search(self._documents([UNKNOWN]), order="queue_position")
        enforced = self.issuer_id.smart_enforces_numbering
        seen_after = fields.Datetime.now() - timedelta(minutes=SEEN_MINUTES)
        refused = Document.search(self._documents([REFUSED]), order="queue_position")
        doubtful = unknown.filtered(
            lambda document: (
                document.proven_issued
                or not (document.repeatable and enforced)
                or document.attempts >= PATIENT_ATTEMPTS
            )
        )
        return {
            "unknown": doubtful,
            "stranded": self._stranded() - doubtful,
            "refused": refused.filtered(
                lambda document: (
                    document.id != shown
                    and (
                        not document.sent_at
                        or document.sent_at < seen_after
                        or not document._was_seen()
                    )
                )
            ),
            "conflict": Document.search(
                [("lane_id", "=", self.id), ("conflicting_number", "!=", False)]
            ),
        }

    def _stranded(self):
        """Return the documents that wait in an environment that the issuer no longer uses."""
        if self.issuer_id.smart_environment == self.environment:
            return self.env["smart.document"]
        return self.env["smart.document"].search(
            self._documents([QUEUED, SENDING, UNKNOWN]), order="queue_position"
        )

    def _summary(self, cause, count):
        return {
            "stranded": self.env._("SMART: documents wait in another environment (%s)", count),
            "unknown": self.env._("SMART: documents in doubt (%s)", count),
            "refused": self.env._("SMART: refused documents (%s)", count),
            "conflict": self.env._("SMART: documents with two control numbers (%s)", count),
        }[cause]

    def _note(self, cause, documents):
        """Return what happened, with links to the documents and what to do."""
        environments = labels(self, "environment")
        what = {
            "stranded": self.env._(
                "These were confirmed while the company was set to the SMART environment "
                "“%(before)s”; now it is set to “%(now)s”, and nobody sends them. Set it back "
                "until they are issued; or reset to draft what was not sent yet, and confirm it "
                "again.",
                before=environments[self.environment],
                now=environments[self.issuer_id.smart_environment],
            ),
            "unknown": self.env._(
                "These were sent to SMART, but no answer with a control number came. Open each "
                "and press “Resolve”: the evidence is on one screen."
            ),
            "refused": self.env._(
                "SMART refused these: nothing was issued. Open each, correct what SMART says, "
                "then send it again."
            ),
            "conflict": self.env._(
                "SMART answered with another control number than the one that is recorded. Find "
                "out in SMART's dashboard which documents exist; what was issued twice has to be "
                "annulled there once. Then open each and press “Resolve”."
            ),
        }[cause]
        items = Markup().join(
            Markup("<li>%s %s</li>") % (self._link(document), self._detail(cause, document))
            for document in documents[:NAMED]
        )
        more = len(documents) - NAMED
        if more > 0:
            items += Markup("<li>%s</li>") % self.env._("and %s more", more)
        return Markup("<p>%s</p><ul>%s</ul>") % (what, items)

    @api.model
    def _link(self, document):
        record = document._owner() or document
        return record._get_html_link(title=document._title() or document.display_name)

    @api.model
    def _detail(self, cause, document):
        if cause == "conflict":
            return f"{document.control_number} / {document.conflicting_number}"
        return document.last_error or ""

    def _tell_missing_numbers(self):
        """Open an activity for each numbering that was re-aligned upward since the last time."""
        numberings = self.env["smart.numbering"].search(
            [
                ("issuer_id", "=", self.issuer_id.id),
                ("environment", "=", self.environment),
                ("notice_pending", "=", True),
            ]
        )
        for numbering in numberings:
            summary = self.env._("SMART: numbers %s are missing here", numbering.missing_numbers)
            note = self.env._(
                "SMART has issued these numbers, but this database does not know their documents: "
                "another system issued them, or the database was restored from a backup. Look "
                "them up in SMART's dashboard."
            )
            activities = numbering.activity_search([MISSING_NUMBERS])
            if activities:
                activities.write({"summary": summary})
            else:
                numbering.activity_schedule(
                    MISSING_NUMBERS,
                    summary=summary,
                    note=note,
                    user_id=self._responsible().id,
                )
        numberings._engine_write({"notice_pending": False})

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..chain.content import moment
from ..terms import SHORTENING

RETENTION_BATCH = 500

#: Younger exchanges stay whole, whatever the setting: somebody may still have to read them.
SHORTEST_MONTHS = 3


class ResCompany(models.Model):
    _inherit = "res.company"

    smart_retention_months = fields.Integer(
        string="Keep Exchanges Whole (Months)",
        help="After so many months the texts of requests and answers are removed from the log of "
        "exchanges, as far as they prove nothing. No row is ever removed, nor what an issued "
        "document is proven by. 0 keeps everything.",
        groups="base.group_user",
    )

    @api.constrains("smart_retention_months")
    def _check_smart_retention_months(self):
        for company in self:
            if company.smart_retention_months and (
                company.smart_retention_months < SHORTEST_MONTHS
            ):
                raise ValidationError(
                    self.env._(
                        "Exchanges with SMART are kept whole for at least %s months. Enter more, "
                        "or 0 to keep everything.",
                        SHORTEST_MONTHS,
                    )
                )


class SmartSettings(models.AbstractModel):
    _inherit = "smart.settings"

    smart_retention_months = fields.Integer(
        related="company_id.smart_retention_months", readonly=False, related_sudo=False
    )


class SmartExchange(models.Model):
    """Shortening old bodies: the one exception to a log that nobody can change.

    Only the texts of request and answer are removed. The row stays, with the SHA-256 of both: a
    copy of a text from elsewhere can be proven by it. What proves an issue or an annulment is
    never removed. That is SMART's answer, even if it left a doubt, and the request; the request
    of an issue can go only because the fiscal document itself keeps the same text.
    """

    _inherit = "smart.exchange"

    shortened_at = fields.Datetime(
        readonly=True, help="When the texts were removed that the company's settings let go."
    )
    shortening_link_id = fields.Many2one(
        comodel_name="smart.chain.link", readonly=True, ondelete="restrict"
    )

    _shortenable_index = models.Index("(issuer_id, id) WHERE shortened_at IS NULL")

    @api.model
    def _cron_shorten(self):
        """Shorten what is older than the settings say; the entry of the scheduled action."""
        cron = self.env["ir.cron"]
        issuers = self.env["res.company"].search([("smart_retention_months", ">", 0)])
        work = []
        for issuer in issuers:
            now = fields.Datetime.now()
            before = min(
                now - relativedelta(months=issuer.smart_retention_months),
                now - timedelta(days=30 * SHORTEST_MONTHS - 5),  # whatever the setting is
            )
            work += [(issuer, environment, before) for environment in self._environments(issuer)]
        cron._commit_progress(remaining=sum(self._count_shortenable(*one) for one in work))
        for issuer, environment, before in work:
            while done := self._shorten(issuer, environment, before):
                if not cron._commit_progress(done):
                    return
        cron._commit_progress(remaining=0)

    @api.model
    def _environments(self, issuer):
        return [
            environment
            for [environment] in self._read_group([("issuer_id", "=", issuer.id)], ["environment"])
        ]

    @api.model
    def _shortenable(self, issuer, environment, before):
        """Return the query of texts to remove: (id, whether the request, whether the answer)."""
        return SQL(
            """
            SELECT id, no_request, no_answer
              FROM (SELECT exchange.id,
                           exchange.request_body IS NOT NULL
                           AND (NOT proof.it_is OR (exchange.operation = 'issue'
                                AND document.state IN ('issued', 'annulled')
                                AND document.request_body = exchange.request_body)) AS no_request,
                           exchange.answer_body IS NOT NULL AND NOT proof.it_is AS no_answer
                      FROM smart_exchange AS exchange
                 LEFT JOIN smart_document AS document ON document.id = exchange.document_id
        CROSS JOIN LATERAL (SELECT exchange.operation IN ('issue', 'annul')
                                   AND exchange.outcome IN ('accepted', 'unknown') AS it_is)
                           AS proof
                     WHERE exchange.issuer_id = %s
                       AND exchange.environment = %s
                       AND exchange.started_at < %s
                       AND exchange.shortened_at IS NULL) AS found
             WHERE no_request OR no_answer
            """,
            issuer.id,
            environment,
            before,
        )

    @api.model
    def _count_shortenable(self, issuer, environment, before):
        query = self._shortenable(issuer, environment, before)
        [[count]] = self.env.execute_query(SQL("SELECT count(*) FROM (%s) AS found", query))
        return count

    @api.model
    def _shorten(self, issuer, environment, before):
        """Shorten one batch, and write its ids into the chain; return how many.

        In SQL, because ``write`` refuses it: it removes bodies and changes nothing else.
        """
        self.env.flush_all()
        found = self.env.execute_query(
            SQL(
                "%s ORDER BY id LIMIT %s",
                self._shortenable(issuer, environment, before),
                RETENTION_BATCH,
            )
        )
        if not found:
            return 0
        ids = [row[0] for row in found]
        carrier = self.new({"issuer_id": issuer, "company_id": issuer, "environment": environment})
        link_id = self.env["smart.chain.link"]._append(
            carrier,
            SHORTENING,
            {"exchanges": ids, "before": moment(before)},
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE smart_exchange AS exchange
                   SET request_body = CASE WHEN no_request THEN NULL ELSE request_body END,
                       answer_body = CASE WHEN no_answer THEN NULL ELSE answer_body END,
                       shortened_at = %s,
                       shortening_link_id = %s
                  FROM (VALUES %s) AS found (id, no_request, no_answer)
                 WHERE exchange.id = found.id
                """,
                self.env.cr.now(),  # as the link says
                link_id,
                SQL(", ").join(SQL("(%s, %s, %s)", *row) for row in found),
            )
        )
        self.invalidate_model()
        return len(found)

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.mail import plaintext2html

from ..base.labels import labels
from ..base.said import SaidText, telling
from ..chain.content import GENESIS
from .walk import MOST_FINDINGS, Walk

ACTIVITY_TYPE = "l10n_ve_edi_smart.mail_activity_type_chain"


class SmartChain(models.Model):
    """Walking the chain: is everything still what it was when it was written?"""

    _inherit = "smart.chain"

    broken = fields.Boolean(readonly=True)
    checked_at = fields.Datetime(string="Last Check", readonly=True)
    checked_position = fields.Integer(
        string="Links Checked", readonly=True, aggregator=None, help="In the last check."
    )
    finding = SaidText(readonly=True, help="Where the chain is broken, and by what.")
    uncovered = SaidText(
        string="Not Covered", readonly=True, help="What nobody can tell from this chain, and why."
    )
    announced_position = fields.Integer(
        readonly=True, help="The link whose fingerprint was last told in the chatter."
    )

    # -- entries ---------------------------------------------------------------------------

    def action_check(self):
        """Button: walk the chain now."""
        if not self.env.su and not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("You do not have the right to check the chain."))
        self.check_access("read")
        self.ensure_one()
        self._seal_all(self.env.registry)
        # sudo: nobody has the right to write chains; the walk reads the issuer's whole chain,
        # with branches that the user cannot see, and tells only what is broken
        walked = self.sudo()._check()
        self.invalidate_recordset()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("The chain is broken")
                if walked.findings
                else self.env._("The chain is unbroken"),
                "message": "\n".join(walked.findings)
                or self.env._("%s links were checked.", walked.checked),
                "type": "danger" if walked.findings else "success",
                "sticky": bool(walked.findings),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _cron_check(self):
        """Walk every chain; the entry of the weekly scheduled action."""
        self._seal_all(self.env.registry)
        self._restore_missing()
        chains = self.search(Domain.TRUE)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(chains))
        for chain in chains:
            chain._for_responsible()._check(announce=True)
            if not cron._commit_progress(1):
                break

    @api.model
    def _restore_missing(self):
        """Create missing chains: without one, nothing is walked and no change is found."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO smart_chain (issuer_id, environment, position, hash, broken)
                     SELECT issuer_id, environment, 0, %s, false
                       FROM (SELECT issuer_id, environment FROM smart_exchange
                              UNION
                             SELECT issuer_id, environment FROM smart_chain_link
                              UNION
                             SELECT issuer_id, environment FROM smart_document
                              WHERE state IN ('issued', 'annulled')) AS present
                         ON CONFLICT DO NOTHING
                """,
                GENESIS,
            )
        )

    @api.model
    def _cron_seal(self):
        """Seal the links that no sender has sealed; the entry of the scheduled action.

        If it finds links that Odoo has not written, the chain is checked at once.
        """
        self._seal_all(self.env.registry)
        self._tell_rejected()

    @api.model
    def _tell_rejected(self):
        """Check the chains that have had links rejected since their last check."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT chain.id
                  FROM smart_chain AS chain
                 WHERE EXISTS (
                       SELECT FROM smart_chain_link AS link
                        WHERE link.issuer_id = chain.issuer_id
                          AND link.environment = chain.environment
                          AND link.position IS NULL
                          AND link.rejected_at > coalesce(chain.checked_at, '-infinity'))
                """
            )
        )
        for chain in self.browse(row[0] for row in rows):
            chain._for_responsible()._check()

    def _for_responsible(self):
        """Return the chain in the responsible person's language, for messages that are kept."""
        return self.with_context(lang=self.issuer_id._smart_responsible().lang)

    def _check(self, announce=False):
        """Walk the chain and keep what was found, with an activity if it is broken.

        Walking and keeping have a new cursor each. So the walk sees what was just sealed, which
        a transaction that began before would not. The chain may grow during the walk: a
        transaction that had read its row before the walk could then not write into it.

        :param bool announce: send the fingerprint out if nothing is wrong
        :rtype: walk.Walked
        """
        self.ensure_one()
        registry = self.env.registry
        # su: the caller has checked access; people cannot write a chain, and see a part of it only
        with registry.cursor() as cr:
            walked = Walk(self.with_env(self.env(cr=cr, su=True))).run()
        # su: as above
        self._attempt(
            registry, lambda cr: self.with_env(self.env(cr=cr, su=True))._keep(walked, announce)
        )
        self.invalidate_recordset()
        return walked

    def _keep(self, walked, announce):
        """Keep what a walk has found."""
        findings = walked.findings
        if len(findings) == MOST_FINDINGS:
            findings = [
                *findings,
                telling(self.env)._("The check ended with these; there may be more."),
            ]
        self._engine_write(
            {
                "broken": bool(findings),
                "finding": bool(findings) and telling(self.env).join("\n", findings),
                "uncovered": self._words_uncovered(walked.uncovered) or False,
                "checked_at": fields.Datetime.now(),
                "checked_position": walked.checked,
            }
        )
        self._update_activity()
        news = walked.position and self.announced_position != walked.position
        if announce and news and not findings:
            self._announce(walked)

    def _words_uncovered(self, uncovered):
        """Return in words what this chain cannot prove, for those who use it as a proof.

        :param uncovered: counters by reason, see ``walk``
        """
        words = {
            "mark": telling(self.env)._(
                "Links from before links had marks: %s. Their fingerprints prove them as far as "
                "a copy of one exists outside of Odoo.",
                uncovered["mark"],
            ),
            "content": telling(self.env)._(
                "Documents confirmed before the chain covered lines and totals of the invoice "
                "itself: %s. Those are not compared; what was sent to SMART is.",
                uncovered["content"],
            ),
            "file": telling(self.env)._(
                "Printed documents fetched before the chain covered them: %s.", uncovered["file"]
            ),
            "key": telling(self.env)._(
                "Links marked with a key that this server does not have: %s. Whether it was Odoo "
                "that wrote them cannot be verified here.",
                uncovered["key"],
            ),
        }
        return telling(self.env).join("\n", [words[one] for one in words if uncovered[one]])

    def _update_activity(self):
        responsible = self.issuer_id._smart_responsible()
        reader = self.with_context(lang=responsible.lang)
        activities = self.activity_search([ACTIVITY_TYPE])
        if not self.broken:
            activities.unlink()
        elif activities:
            activities.note = plaintext2html(reader.finding)
        else:
            reader.activity_schedule(
                ACTIVITY_TYPE,
                user_id=responsible.id,
                summary=reader.env._("The integrity chain is broken"),
                note=plaintext2html(reader.finding),
            )

    def _announce(self, walked):
        """Send the fingerprint out, so that a copy of it exists outside of the database."""
        self.message_post(
            body=self.env._(
                "The chain of %(issuer)s (%(environment)s) was checked and is unbroken. "
                "Fingerprint of link %(position)s: %(hash)s. Keep this message: it proves later "
                "that nothing up to this link was changed.",
                issuer=self.issuer_id.name,
                environment=labels(self, "environment")[self.environment],
                position=walked.position,
                hash=walked.hash,
            ),
            partner_ids=self.issuer_id._smart_responsible().partner_id.ids,
        )
        self._engine_write({"announced_position": walked.position})

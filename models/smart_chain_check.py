import json

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .chain_content import GENESIS, canonical, differences, digest, fingerprint
from .smart_chain_link import ANNULMENT, EXCHANGE, ISSUE

CHECK_BATCH = 1000

EXCHANGE_WITHOUT_LINK = """
    SELECT id
      FROM smart_exchange AS fact
     WHERE issuer_id = %s
       AND environment = %s
       AND NOT EXISTS (SELECT 1 FROM smart_chain_link AS link WHERE link.exchange_id = fact.id)
  ORDER BY id
     LIMIT 1
"""

DOCUMENT_WITHOUT_LINK = """
    SELECT id
      FROM smart_document AS fact
     WHERE issuer_id = %s
       AND environment = %s
       AND (state IN ('issued', 'annulled') OR control_number IS NOT NULL)
       AND NOT EXISTS (
               SELECT 1
                 FROM smart_chain_link AS link
                WHERE link.document_id = fact.id
                  AND link.kind = CASE fact.state WHEN 'annulled' THEN 'annulment' ELSE 'issue' END
           )
  ORDER BY id
     LIMIT 1
"""

ACTIVITY_TYPE = "l10n_ve_edi_smart.mail_activity_type_chain"


class SmartChain(models.Model):
    """Walking the chain: is everything still what it was when it was written?"""

    _inherit = "smart.chain"

    broken = fields.Boolean(readonly=True)
    checked_at = fields.Datetime(string="Last Check", readonly=True)
    checked_position = fields.Integer(
        string="Links Checked", readonly=True, aggregator=None, help="In the last check."
    )
    finding = fields.Text(readonly=True, help="Where the chain is broken first, and by what.")
    announced_position = fields.Integer(
        readonly=True, help="The link whose fingerprint was last told in the chatter."
    )

    # -- entries ---------------------------------------------------------------------------

    def action_check(self):
        """Button: walk the chain now."""
        if not self.env.su and not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("You do not have the right to check the chain."))
        self.check_access("read")
        self._seal_all(self.env.registry)
        self.env.cr.flush()
        self.invalidate_recordset()
        # sudo: chains have no rights of writing; the walk reads the issuer's whole chain, also
        # of branches that the user cannot see, and tells about the first broken link only
        self.sudo()._check()
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("The chain is broken")
                if self.broken
                else self.env._("The chain is unbroken"),
                "message": self.finding
                or self.env._("%s links were checked.", self.checked_position),
                "type": "danger" if self.broken else "success",
                "sticky": self.broken,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _cron_check(self):
        """Walk every chain; the entry of the weekly scheduled action."""
        self._seal_all(self.env.registry)
        chains = self.search([("position", ">", 0)])
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(chains))
        for chain in chains:
            # What is found is kept as words: in the language of who is told.
            chain = chain.with_context(lang=chain.issuer_id._smart_responsible().lang)
            chain._check()
            chain._announce()
            if not cron._commit_progress(1):
                break

    def _check(self):
        """Walk the chains and keep what was found, with an activity where one is broken."""
        for chain in self:
            checked, finding = chain._walk()
            chain._engine_write(
                {
                    "broken": bool(finding),
                    "finding": finding,
                    "checked_at": fields.Datetime.now(),
                    "checked_position": checked,
                }
            )
            chain._update_activity()

    def _update_activity(self):
        activities = self.activity_search([ACTIVITY_TYPE])
        if not self.broken:
            activities.unlink()
        elif activities:
            activities.note = self.finding
        else:
            self.activity_schedule(
                ACTIVITY_TYPE,
                user_id=self.issuer_id._smart_responsible().id,
                summary=self.env._("The integrity chain is broken"),
                note=self.finding,
            )

    def _announce(self):
        """Send the fingerprint out, so that a copy of it exists outside of the database."""
        if self.broken or self.announced_position == self.position:
            return
        self.message_post(
            body=self.env._(
                "The chain of %(issuer)s (%(environment)s) was checked and is unbroken. "
                "Fingerprint of link %(position)s: %(hash)s. Keep this message: it proves later "
                "that nothing up to this link was changed.",
                issuer=self.issuer_id.name,
                environment=dict(
                    self._fields["environment"]._description_selection(self.env)
                )[self.environment],
                position=self.position,
                hash=self.hash,
            ),
            partner_ids=self.issuer_id._smart_responsible().partner_id.ids,
        )
        self._engine_write({"announced_position": self.position})

    # -- the walk --------------------------------------------------------------------------

    def _walk(self):
        """Follow the chain from its first link.

        In batches, so that memory stays flat however long it is.

        :returns: (number of links that are right, what is wrong with the next or ``False``)
        """
        self.ensure_one()
        self.env.flush_all()
        previous, position = GENESIS, 0
        while links := self._links_after(position):
            facts = self._present_facts(links)
            for link in links:
                finding = self._why_broken(link, position + 1, previous, facts[link["id"]])
                if finding:
                    return position, finding
                position, previous = link["position"], link["hash"]
            self.env.invalidate_all(flush=False)
        return position, self._why_end_broken(position, previous) or self._why_outside() or False

    def _links_after(self, position):
        self.env.cr.execute(
            SQL(
                """
                SELECT link.*,
                       NOT EXISTS (SELECT 1 FROM smart_chain_link AS later
                                    WHERE later.document_id = link.document_id
                                      AND later.kind = link.kind
                                      AND later.id > link.id) AS is_last
                  FROM smart_chain_link AS link
                 WHERE issuer_id = %s AND environment = %s AND position > %s
              ORDER BY position
                 LIMIT %s
                """,
                self.issuer_id.id,
                self.environment,
                position,
                CHECK_BATCH,
            )
        )
        return self.env.cr.dictfetchall()

    def _present_facts(self, links):
        """Return by id of the link what its record says now; ``None`` where there is none.

        Empty for what is not compared: a number that was corrected has a later link.
        """
        models_by_kind = {
            kind: self.env[model].browse(link[field] for link in links if link["kind"] == kind)
            for kind, model, field in (
                (EXCHANGE, "smart.exchange", "exchange_id"),
                (ISSUE, "smart.document", "document_id"),
                (ANNULMENT, "smart.document", "document_id"),
            )
        }
        present = {kind: set(records.exists()) for kind, records in models_by_kind.items()}
        facts = {}
        for link in links:
            kind = link["kind"]
            if kind not in present or not (kind == EXCHANGE or link["is_last"]):
                facts[link["id"]] = ""
                continue
            record = models_by_kind[kind].browse(link["exchange_id"] or link["document_id"])
            if record not in present[kind]:
                facts[link["id"]] = None
                continue
            fact = record._chain_fact() if kind == EXCHANGE else record._chain_fact(kind)
            facts[link["id"]] = canonical(
                {
                    "kind": kind,
                    "issuer": record.issuer_id.id,
                    "environment": record.environment,
                    **fact,
                }
            )
        return facts

    def _why_broken(self, link, position, previous, present):
        """Return in words what is wrong with a link, or ``None``.

        :param present: the canonical text of its record now, see :meth:`_present_facts`
        """
        if link["position"] != position:
            return self.env._(
                "Link %(first)s is missing (the next one is %(next)s): it was deleted.",
                first=position,
                next=link["position"],
            )
        name = self._link_name(link)
        if link["previous_hash"] != previous:
            return self.env._(
                "%s does not follow the link before it: one of the two was replaced.", name
            )
        if fingerprint(position, previous, link["content"]) != link["hash"]:
            return self.env._("%s does not match its own fingerprint: it was changed.", name)
        if present is None:
            return self.env._("%s: the record was deleted.", name)
        if present and present != link["content"]:
            changes = "; ".join(
                f"{key}: {before} → {after}"
                for key, before, after in differences(link["content"], present)
            )
            return self.env._(
                "%(name)s: the record was changed: %(changes)s.", name=name, changes=changes
            )
        return self._why_bodies_broken(link, name) if link["kind"] == EXCHANGE else None

    def _why_bodies_broken(self, link, name):
        exchange = self.env["smart.exchange"].browse(link["exchange_id"])
        for body, expected in (
            (exchange.request_body, exchange.request_hash),
            (exchange.answer_body, exchange.answer_hash),
        ):
            if body and digest(body) != expected:
                return self.env._(
                    "%s: the text of the request or of the answer was changed.", name
                )
            if expected and not body and not self._is_shortened(exchange):
                return self.env._(
                    "%s: the text of the request or of the answer was removed, though not by the "
                    "retention setting.",
                    name,
                )
        return None

    def _is_shortened(self, exchange):
        """Tell whether a link of the chain says that the bodies were shortened."""
        link = exchange.shortening_link_id
        return bool(link) and exchange.id in json.loads(link.content)["exchanges"]

    def _link_name(self, link):
        """Return how a link and its record are called in messages."""
        kinds = dict(
            self.env["smart.chain.link"]._fields["kind"]._description_selection(self.env)
        )
        content = json.loads(link["content"])
        return self.env._(
            "Link %(position)s (%(kind)s %(record)s)",
            position=link["position"],
            kind=kinds[link["kind"]],
            record=content.get("control_number") or f"№ {content.get('id', '')}",
        )

    def _why_end_broken(self, position, previous):
        """Compare the end of the chain with what was kept of it."""
        if position < self.position:
            return self.env._(
                "Links %(first)s to %(last)s at the end of the chain are missing: they were "
                "deleted.",
                first=position + 1,
                last=self.position,
            )
        if position > self.position or previous != self.hash:
            return self.env._(
                "The chain does not end with the fingerprint that was kept of it: links were "
                "added or replaced from outside of Odoo."
            )
        return None

    def _why_outside(self):
        """Name a record that has no link: it was not written by Odoo."""
        key = (self.issuer_id.id, self.environment)
        self.env.cr.execute(EXCHANGE_WITHOUT_LINK, key)
        if row := self.env.cr.fetchone():
            return self.env._(
                "Exchange № %s has no link: it was added from outside of Odoo.", row[0]
            )
        self.env.cr.execute(DOCUMENT_WITHOUT_LINK, key)
        if row := self.env.cr.fetchone():
            return self.env._(
                "Fiscal document № %s has no link: it was issued or annulled from outside of "
                "Odoo.",
                row[0],
            )
        return None

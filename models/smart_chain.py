import logging
import time

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from .chain_content import GENESIS, fingerprint
from .res_company import ENVIRONMENTS

_logger = logging.getLogger(__name__)

SEAL_BATCH = 1000
SEAL_ATTEMPTS = 5


class SmartChain(models.Model):
    """The integrity chain of an issuer in an environment: how far it is sealed.

    Position and fingerprint of the last link are kept here too, so that links missing at the
    end are noticed.
    """

    _name = "smart.chain"
    _description = "Integrity Chain"
    _inherit = ["smart.record", "mail.thread", "mail.activity.mixin"]
    _order = "issuer_id, environment"
    _rec_name = "issuer_id"

    issuer_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="restrict"
    )
    environment = fields.Selection(selection=ENVIRONMENTS, required=True, readonly=True)
    position = fields.Integer(
        string="Links", readonly=True, aggregator=None, help="Exchanges, issues and annulments."
    )
    hash = fields.Char(
        string="Fingerprint",
        readonly=True,
        help="Of the last link, and through it of all before. Whoever keeps a copy of it outside "
        "of Odoo can prove later that nothing up to that link was changed.",
    )
    sealed_at = fields.Datetime(readonly=True)

    _issuer_environment_unique = models.Constraint(
        "UNIQUE (issuer_id, environment)", "An issuer has one chain per environment."
    )

    @api.model
    def _seal_all(self, registry):
        """Seal what waits, in short transactions of their own.

        Never fails for what can be made good later: the scheduled action comes back to it.
        """
        with registry.cursor() as cr:
            cr.execute(
                "SELECT DISTINCT issuer_id, environment FROM smart_chain_link"
                " WHERE position IS NULL"
            )
            keys = cr.fetchall()
        for key in keys:
            while self._seal_once(registry, *key):
                pass

    @api.model
    def _seal_once(self, registry, issuer_id, environment):
        """Seal one batch; tell whether there may be more."""
        for attempt in range(SEAL_ATTEMPTS):
            try:
                with registry.cursor() as cr:
                    chain = api.Environment(cr, SUPERUSER_ID, {})["smart.chain"]
                    return chain._seal(issuer_id, environment)
            except psycopg2.OperationalError as error:
                # Another process sealed the same links; they are sealed, or are next time.
                _logger.info("Sealing the chain of issuer %s: %s", issuer_id, error)
                time.sleep(0.02 * attempt)
        return False

    @api.model
    def _seal(self, issuer_id, environment):
        """Give the links that wait their positions and fingerprints.

        One process at a time, by the lock on the chain's row; another one just leaves. Under
        REPEATABLE READ whoever comes with an outdated view gets a serialisation failure.

        :returns: whether there may be more
        """
        head = self._lock_head(issuer_id, environment)
        if not head:
            return False
        chain_id, position, previous = head
        pending = self.env.execute_query(
            SQL(
                "SELECT id, content FROM smart_chain_link WHERE issuer_id = %s"
                " AND environment = %s AND position IS NULL ORDER BY id LIMIT %s",
                issuer_id,
                environment,
                SEAL_BATCH,
            )
        )
        sealed = []
        for link_id, content in pending:
            position += 1
            current = fingerprint(position, previous, content)
            sealed.append(SQL("(%s, %s, %s, %s)", link_id, position, previous, current))
            previous = current
        if sealed:
            self.env.cr.execute(
                SQL(
                    "UPDATE smart_chain_link AS link SET position = new.position,"
                    " previous_hash = new.previous, hash = new.hash"
                    " FROM (VALUES %s) AS new (id, position, previous, hash)"
                    " WHERE link.id = new.id",
                    SQL(", ").join(sealed),
                )
            )
            self.env.cr.execute(
                SQL(
                    "UPDATE smart_chain SET position = %s, hash = %s,"
                    " sealed_at = now() AT TIME ZONE 'UTC' WHERE id = %s",
                    position,
                    previous,
                    chain_id,
                )
            )
        return len(pending) == SEAL_BATCH

    @api.model
    def _lock_head(self, issuer_id, environment):
        """Return (id, position, fingerprint) of a chain, locked, or ``None`` if it is busy."""
        select = SQL(
            "SELECT id, position, hash FROM smart_chain WHERE issuer_id = %s"
            " AND environment = %s FOR UPDATE SKIP LOCKED",
            issuer_id,
            environment,
        )
        rows = self.env.execute_query(select)
        if not rows:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO smart_chain (issuer_id, environment, position, hash, broken)"
                    " VALUES (%s, %s, 0, %s, false) ON CONFLICT DO NOTHING",
                    issuer_id,
                    environment,
                    GENESIS,
                )
            )
            rows = self.env.execute_query(select)
        return rows[0] if rows else None

    @api.model
    def _cron_seal(self):
        """Seal what no sender has sealed; the entry of the scheduled action."""
        self._seal_all(self.env.registry)

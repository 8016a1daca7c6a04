import logging
import re
import time

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ..terms import ENVIRONMENTS
from .content import GENESIS, fingerprint
from .mark import Marker, Verdict, place_of, said_by

_logger = logging.getLogger(__name__)

SEAL_BATCH = 1000

ATTEMPTS = 5

#: The head as it should be. If somebody has written anything else there, documents do not wait.
HEAD = re.compile(r"([0-9]+) ([0-9a-f]{64})")


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
        string="Links",
        readonly=True,
        aggregator=None,
        help="Exchanges, issues, annulments and whatever else can be proven.",
    )
    hash = fields.Char(
        string="Fingerprint",
        readonly=True,
        help="Of the last link, and through it of all before. Whoever keeps a copy of it outside "
        "of Odoo can prove later that nothing up to that link was changed.",
    )
    sealed_at = fields.Datetime(readonly=True)
    waiting_count = fields.Integer(
        string="Links Waiting",
        compute="_compute_waiting",
        help="Written, but not sealed yet: until then they can be deleted without a trace. A "
        "moment, as a rule.",
    )
    waiting_since = fields.Datetime(compute="_compute_waiting")

    _issuer_environment_unique = models.Constraint(
        "UNIQUE (issuer_id, environment)", "An issuer has one chain per environment."
    )

    def _compute_waiting(self):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT chain.id, count(*), min(link.create_date)
                  FROM smart_chain AS chain
                  JOIN smart_chain_link AS link
                    ON link.issuer_id = chain.issuer_id AND link.environment = chain.environment
                 WHERE chain.id = ANY(%s)
                   AND link.position IS NULL
                   AND link.rejected_at IS NULL
              GROUP BY chain.id
                """,
                self.ids,
            )
        )
        waiting = {chain_id: rest for chain_id, *rest in rows}
        for chain in self:
            chain.waiting_count, chain.waiting_since = waiting.get(chain.id, (0, False))

    # -- the head, for anchors -------------------------------------------------------------

    @api.model
    def _head_query(self, document):
        """Return the query for the head of a document's chain, as :meth:`_as_head` reads it."""
        return SQL(
            "SELECT position || ' ' || hash FROM smart_chain"
            " WHERE issuer_id = %s AND environment = %s",
            document.issuer_id.id,
            document.environment,
        )

    @api.model
    def _as_head(self, found):
        """Return (position, fingerprint) of the last sealed link; (0, GENESIS) if there is none."""
        match = HEAD.fullmatch(found or "")
        return (int(match[1]), match[2]) if match else (0, GENESIS)

    @api.model
    def _head(self, document):
        """Return the head of a document's chain, see :meth:`_as_head`."""
        rows = self.env.execute_query(self._head_query(document))
        return self._as_head(rows and rows[0][0])

    # -- sealing ---------------------------------------------------------------------------

    @api.model
    def _seal_all(self, registry, issuer_id=None):
        """Seal the waiting links, in short transactions of their own.

        An error that a later run can repair is only logged: the scheduled action tries again.

        :param int issuer_id: those of this issuer alone
        """
        with registry.cursor() as cr:
            cr.execute(
                "SELECT DISTINCT issuer_id, environment FROM smart_chain_link"
                " WHERE position IS NULL AND rejected_at IS NULL"
                " AND coalesce(issuer_id = %s, true)",
                (issuer_id,),
            )
            keys = cr.fetchall()
        for key in keys:
            try:
                while self._seal_once(registry, *key):
                    pass
            except Exception:
                # Somebody has changed the chain in the database; the check finds and reports it.
                # It must not stop other issuers' chains, nor the action that sends.
                _logger.exception("The chain of issuer %s (%s) cannot be sealed", *key)

    @api.model
    def _seal_once(self, registry, issuer_id, environment):
        """Seal one batch; tell whether there may be more."""
        return self._attempt(
            registry,
            lambda cr: api.Environment(cr, SUPERUSER_ID, {})["smart.chain"]._seal(
                issuer_id, environment
            ),
        )

    @api.model
    def _attempt(self, registry, step):
        """Run ``step(cr)`` in its own transaction, again if it collides; return its result.

        ``False`` if every attempt collides: a later run does it.
        """
        for attempt in range(ATTEMPTS):
            try:
                with registry.cursor() as cr:
                    return step(cr)
            except psycopg2.OperationalError as error:
                _logger.info("Integrity chain: %s", error)
                time.sleep(0.02 * attempt)
        return False

    @api.model
    def _seal(self, issuer_id, environment):
        """Give the waiting links their positions and fingerprints.

        Links with a wrong mark were not written by Odoo: they are left out, and the check
        reports them. A mark that cannot be verified because its key is missing stops nothing.

        The lock on the chain's row lets in one process at a time; a second one returns at once.
        Under REPEATABLE READ a process with an outdated view gets a serialisation failure.

        :returns: whether there may be more
        """
        head = self._lock_head(issuer_id, environment)
        if not head:
            return False
        chain_id, position, previous = head
        self.env.cr.execute(
            SQL(
                "SELECT * FROM smart_chain_link WHERE issuer_id = %s AND environment = %s"
                " AND position IS NULL AND rejected_at IS NULL ORDER BY id LIMIT %s",
                issuer_id,
                environment,
                SEAL_BATCH,
            )
        )
        pending = self.env.cr.dictfetchall()
        marker = Marker()
        sealed, rejected = [], []
        for link in pending:
            if marker.judge(link["mark"], said_by(link)) is Verdict.WRONG:
                rejected.append(link["id"])
                continue
            position += 1
            link["position"] = position
            link["hash"] = fingerprint(position, previous, link["content"])
            seal = marker.mark(place_of(link)) if marker.keyed else None
            sealed.append((link["id"], position, previous, link["hash"], seal))
            previous = link["hash"]
        if sealed:
            self._keep_sealed(chain_id, sealed)
        if rejected:
            _logger.error("Links that Odoo has not written are not sealed: %s", rejected)
            self.env.cr.execute(
                SQL(
                    "UPDATE smart_chain_link SET rejected_at = now() AT TIME ZONE 'UTC'"
                    " WHERE id = ANY(%s)",
                    rejected,
                )
            )
        return len(pending) == SEAL_BATCH

    @api.model
    def _keep_sealed(self, chain_id, sealed):
        """Write their places into the links, and the last place into the chain.

        :param sealed: (id, position, fingerprint before, fingerprint, seal) of each link
        """
        self.env.cr.execute(
            SQL(
                "UPDATE smart_chain_link AS link SET position = new.position,"
                " previous_hash = new.previous, hash = new.hash, seal = new.seal"
                " FROM (VALUES %s) AS new (id, position, previous, hash, seal)"
                " WHERE link.id = new.id",
                SQL(", ").join(SQL("%s", one) for one in sealed),
            )
        )
        _link_id, position, _previous, current, _seal = sealed[-1]
        self.env.cr.execute(
            SQL(
                "UPDATE smart_chain SET position = %s, hash = %s,"
                " sealed_at = now() AT TIME ZONE 'UTC' WHERE id = %s",
                position,
                current,
                chain_id,
            )
        )

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

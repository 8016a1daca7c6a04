import logging

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models

from ..terms import LEGAL, PRINT

_logger = logging.getLogger(__name__)

#: What is sent to customers waits for SMART's own print through so many attempts to fetch it, some
#: seven minutes; then Odoo's print, which shows the control number, has to do.
PATIENT_ATTEMPTS = 4

#: Owners that are told in one transaction.
BATCH = 50


class SmartDocument(models.Model):
    """What follows, at the owner, once a document has its control number, and its print.

    It is done in transactions of its own, after the control number is committed: nothing that
    another addon does when an invoice may go to the customer can cost the number. What is missed
    (a process that was killed, an error) the next run makes good, for the step is stored.
    """

    _inherit = "smart.document"

    owner_step = fields.Selection(
        selection=[(LEGAL, "That it is legal"), (PRINT, "That it can be sent")],
        string="Owner is to be Told",
        readonly=True,
        copy=False,
    )

    _owner_step_index = models.Index("(owner_step) WHERE owner_step IS NOT NULL")

    def _awaits_file(self):
        """Tell whether what is sent should wait for SMART's own print a little longer."""
        self.ensure_one()
        return bool(self.file_next_at) and self.file_attempts < PATIENT_ATTEMPTS

    @api.model
    def _tell_owners(self, registry):
        """Tell owners what has become of their documents; on cursors of its own."""
        try:
            with registry.cursor() as cr:
                Document = api.Environment(cr, SUPERUSER_ID, {})["smart.document"]
                ids = Document.search(Document._owners_to_tell(), order="id").ids
            for start in range(0, len(ids), BATCH):
                with registry.cursor() as cr:
                    # su: fiscal documents are written by their transitions alone
                    Document = api.Environment(cr, SUPERUSER_ID, {})["smart.document"]
                    documents = Document.browse(ids[start : start + BATCH])
                    # Others tell those that are locked.
                    for document in documents.try_lock_for_update(allow_referencing=True):
                        document._tell_owner()
        except psycopg2.OperationalError as error:
            _logger.info("What follows issued documents waits: %s", error)

    @api.model
    def _owners_to_tell(self):
        return [
            "|",
            ("owner_step", "=", LEGAL),
            "&",
            ("owner_step", "=", PRINT),
            "|",
            ("file_next_at", "=", False),
            ("file_attempts", ">=", PATIENT_ATTEMPTS),
        ]

    def _tell_owner(self):
        """Do one owner's next step, or both; an error there is logged, and stops no other."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                step, owner = self.owner_step, self._owner()
                if step == LEGAL:
                    owner._smart_became_legal()
                    step = PRINT
                if step == PRINT and not self._awaits_file():
                    owner._smart_became_sendable()
                    step = False
                self._engine_write({"owner_step": step})
        except psycopg2.OperationalError:
            raise  # of the database, not of this owner
        except Exception:
            # Its control number stands; it is tried again with the next run.
            _logger.exception("What follows the issue of fiscal document %s failed", self.id)
            self.env.invalidate_all(flush=False)

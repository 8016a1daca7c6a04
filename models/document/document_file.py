import base64
import hashlib
import logging
from datetime import timedelta

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import file_open

from ...smart_api.document_file import FileError, FileProblem, fetch_pdf
from ..base.after_commit import after_commit
from ..base.pauses import Pauses
from ..terms import ANNULLED, FILE, ISSUED, LEGAL, PRINT

_logger = logging.getLogger(__name__)

PAUSES = Pauses(first=timedelta(minutes=1), longest=timedelta(days=1))
#: About two weeks; afterwards only the button tries again.
MOST_ATTEMPTS = 25

#: How the file of each type of document is named, before its internal number.
FILE_KINDS = {
    "invoice": "FAC",
    "debit_note": "ND",
    "credit_note": "NC",
    "dispatch_guide": "GD",
    "delivery_note": "NE",
}

#: Files fetched between two commits of the scheduled action's progress.
BATCH = 20

#: What is sent to customers waits for SMART's own print through so many attempts to fetch it, some
#: seven minutes; then Odoo's print, which shows the control number, has to do.
PATIENT_ATTEMPTS = 4

#: SMART renders a document after it has issued it.
PRINTED_AFTER = timedelta(seconds=4)

#: Owners that are told in one transaction.
TOLD_TOGETHER = 50


class SmartDocument(models.Model):
    """The printed document, kept beside what it prints.

    SMART renders it after it has issued the document, so it is fetched apart from issuing:
    by a scheduled action shortly after, and by a button. Nothing about the control number
    ever waits for it.
    """

    _inherit = "smart.document"

    document_file = fields.Binary(
        string="Printed Document", attachment=True, readonly=True, copy=False
    )
    document_filename = fields.Char(compute="_compute_document_filename")
    file_next_at = fields.Datetime(
        readonly=True, copy=False, help="When the printed document will be fetched from SMART."
    )
    file_attempts = fields.Integer(readonly=True, copy=False)
    file_error = fields.Text(string="Why There Is No File", readonly=True, copy=False)

    _file_due_index = models.Index("(file_next_at) WHERE file_next_at IS NOT NULL")

    @api.depends("name", "document_type", "internal_number")
    def _compute_document_filename(self):
        for document in self:
            stem = (document.name or "").replace("/", "_")
            if document.internal_number:
                stem = f"{FILE_KINDS[document.document_type]}-{document.internal_number}"
            document.document_filename = f"{stem}.pdf"

    def _file_attachment(self):
        """Return the attachments that hold the printed documents."""
        # sudo: users who may read a document may read its file
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("res_field", "=", "document_file"),
                ]
            )
        )

    @api.model
    def _look_at_prints_soon(self):
        """Have it looked, in some seconds, whether a document in doubt was printed at SMART."""
        # sudo: whoever may confirm or annul may have the scheduled action look
        cron = self.env.ref("l10n_ve_edi_smart.ir_cron_smart_witnesses").sudo()
        cron._trigger(at=fields.Datetime.now() + PRINTED_AFTER)

    # -- fetching --------------------------------------------------------------------------

    def action_fetch_file(self):
        """Button: fetch the printed document now, right after this transaction's commit."""
        self.ensure_one()
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("You do not have the right to fetch documents."))
        self.check_access("read")
        if self.state not in (ISSUED, ANNULLED) or not self.document_url:
            raise UserError(self.env._("%s has no printed document at SMART.", self.display_name))
        # sudo: fiscal documents are written by their transitions alone
        self.sudo()._engine_write({"file_next_at": fields.Datetime.now()})
        # sudo: whoever may fetch may have the scheduled action do it
        cron = self.env.ref("l10n_ve_edi_smart.ir_cron_smart_files").sudo()
        after_commit(
            self.env, "fetching", self.ids, self._fetch_inline, lambda *_ids: cron._trigger()
        )

    def _fetch_inline(self, document_id, registry, _uid):
        """Fetch one printed document now, in the language of who waits for it."""
        with registry.cursor() as cr:
            # su: fiscal documents are written by their transitions alone
            env = api.Environment(cr, SUPERUSER_ID, {"lang": self.env.lang})
            env["smart.document"].browse(document_id)._fetch_file()
        self._tell_owners(registry)
        self.env["smart.chain"]._seal_all(registry)

    def _fetch_file(self):
        """Fetch and keep the printed document, or note why not.

        :returns: whether the service could be reached
        """
        self.ensure_one()
        issuer = self.issuer_id
        if issuer.smart_environment != self.environment:
            self._postpone_file(
                self.env._(
                    "The company is set to another SMART environment than the document was "
                    "issued in."
                )
            )
            return True
        try:
            content = fetch_pdf(self.document_url, issuer._smart_base_url())
        except FileError as error:
            _logger.info("No file of fiscal document %s: %s", self.id, error)
            self._postpone_file(self._words_file_problem(error.problem))
            return error.problem is not FileProblem.NOT_REACHED
        self._keep_file(content)
        return True

    def _keep_file(self, content):
        """Keep the printed document, and its digest in the chain."""
        self._engine_write(
            {
                "document_file": base64.b64encode(content),
                "file_next_at": False,
                "file_error": False,
            }
        )
        self._chain(
            FILE,
            control_number=self.control_number or "",
            file_sha256=hashlib.sha256(content).hexdigest(),
            file_size=len(content),
        )
        file = self._file_attachment()
        file.name = self.document_filename  # not that of the field
        # Who opens the invoice would otherwise have the web client draw a thumbnail and try to
        # store it, which nobody may: the attachment belongs to the fiscal document.
        with file_open("web/static/img/mimetypes/pdf.svg", "rb") as icon:
            file.thumbnail = base64.b64encode(icon.read())

    def _words_file_problem(self, problem):
        return {
            FileProblem.FOREIGN_ADDRESS: self.env._(
                "The address of the document is not one of SMART, so nothing was fetched from it."
            ),
            FileProblem.NOT_REACHED: self.env._("SMART could not be reached."),
            FileProblem.HTTP_STATUS: self.env._(
                "SMART does not have the printed document, or not yet."
            ),
            FileProblem.TOO_LARGE: self.env._("What SMART sent is too large for a document."),
            FileProblem.NOT_PDF: self.env._("What SMART sent is not a PDF."),
        }[problem]

    def _postpone_file(self, error):
        attempts = self.file_attempts + 1
        self._engine_write(
            {
                "file_attempts": attempts,
                "file_error": error,
                "file_next_at": (
                    attempts < MOST_ATTEMPTS and fields.Datetime.now() + PAUSES.after(attempts)
                ),
            }
        )

    @api.model
    def _cron_fetch_files(self):
        """Fetch what is due; the entry of the scheduled action."""
        cron = self.env["ir.cron"]
        due = [("file_next_at", "<=", fields.Datetime.now())]
        cron._commit_progress(remaining=self.search_count(due))
        unreachable = self.env["res.company"]
        while documents := self.search(
            [*due, ("issuer_id", "not in", unreachable.ids)], order="file_next_at, id", limit=BATCH
        ):
            for document in documents:
                if document.issuer_id in unreachable:
                    continue
                # The transaction stays open meanwhile, but has written nothing: it locks no row.
                if not document._fetch_file():
                    unreachable |= document.issuer_id
                if not cron._commit_progress(1):
                    return
            self._tell_owners(self.env.registry)  # mails to customers wait for the files
        self.env["smart.chain"]._seal_all(self.env.registry)


class SmartDocumentFollowed(models.Model):
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
            for start in range(0, len(ids), TOLD_TOGETHER):
                with registry.cursor() as cr:
                    # su: fiscal documents are written by their transitions alone
                    Document = api.Environment(cr, SUPERUSER_ID, {})["smart.document"]
                    documents = Document.browse(ids[start : start + TOLD_TOGETHER])
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

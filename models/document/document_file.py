import base64
import hashlib
import logging
from datetime import timedelta

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.http import request
from odoo.tools import file_open

from ...smart_api.document_file import FileError, FileProblem, fetch_pdf
from ..base.after_commit import after_commit
from ..base.pauses import Pauses
from ..base.said import SaidText, telling
from ..terms import ANNULLED, FILE, ISSUED, LEGAL, PAST_APPROVALS, PRINT

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

#: Files that are looked up together.
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
    file_error = SaidText(string="Why There Is No File", readonly=True, copy=False)

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
        self.issuer_id._smart_trigger_errands(fields.Datetime.now() + PRINTED_AFTER)

    # -- fetching --------------------------------------------------------------------------

    def action_fetch_file(self):
        """Button: fetch the printed document now, right after this transaction's commit."""
        self.ensure_one()
        if not self.env.user.has_group(self._owner()._smart_group_to_send):
            raise AccessError(self.env._("You do not have the right to fetch documents."))
        self.check_access("read")
        if self.state not in (ISSUED, ANNULLED) or not self.document_url:
            raise UserError(self.env._("%s has no printed document at SMART.", self.display_name))
        # sudo: fiscal documents are written by their transitions alone
        self.sudo()._engine_write({"file_next_at": fields.Datetime.now()})
        after_commit(self, "fetching", self._fetch_inline, self._fetch_later)

    @api.model
    def _fetch_later(self, document_ids):
        """Have printed documents fetched in the background."""
        # sudo: the issuer may be a parent company that the user does not see
        self.sudo().browse(document_ids).issuer_id._smart_trigger_errands()

    def _fetch_inline(self, document_id, registry, _uid):
        """Fetch one printed document now, in the language of who waits for it.

        In a request of the web client, no longer than the settings say: nothing is in doubt if
        fetching is cut short.
        """
        self._fetch_file(registry, document_id, {"lang": self.env.lang}, in_a_hurry=bool(request))
        self._tell_owners(registry, [("id", "=", document_id)])
        self.env["smart.chain"]._seal_all(registry)

    @api.model
    def _fetch_file(self, registry, document_id, context=None, in_a_hurry=False):
        """Fetch and keep a printed document, or note why not.

        On cursors of its own, and on none while it is fetched: a slow service holds no
        connection, no transaction and no lock.

        :returns: whether the service could be reached
        """
        with registry.cursor() as cr:
            # su: fiscal documents are written by their transitions alone
            document = api.Environment(cr, SUPERUSER_ID, context or {})[self._name]
            document = document.browse(document_id)
            issuer, url = document.issuer_id, document.document_url
            elsewhere = issuer.smart_environment != document.environment
            base_url = issuer._smart_base_url()
            seconds = max(document.company_id.smart_wait_seconds, 1)
        content = problem = None
        timeouts = {"read_timeout": seconds, "total_timeout": seconds} if in_a_hurry else {}
        try:
            content = None if elsewhere else fetch_pdf(url, base_url, **timeouts)
        except FileError as error:
            _logger.info("No file of fiscal document %s: %s", document_id, error)
            problem = error.problem
        with registry.cursor() as cr:
            document = document.with_env(document.env(cr=cr))
            # Somebody else may have fetched it meanwhile: whoever is first keeps it.
            locked = document.try_lock_for_update(allow_referencing=True)
            if locked.file_next_at:
                locked._settle_file(content, problem)
        return problem is not FileProblem.NOT_REACHED

    def _settle_file(self, content, problem):
        """Keep the printed document that was fetched, or say why there is none."""
        if content is not None:
            self._keep_file(content)
        elif problem:
            self._postpone_file(self._words_file_problem(problem))
        else:
            self._postpone_file(
                telling(self.env)._(
                    "The company is set to another SMART environment than the document was "
                    "issued in."
                )
            )

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
            FileProblem.FOREIGN_ADDRESS: telling(self.env)._(
                "The address of the document is not one of SMART, so nothing was fetched from it."
            ),
            FileProblem.NOT_REACHED: telling(self.env)._("SMART could not be reached."),
            FileProblem.HTTP_STATUS: telling(self.env)._(
                "SMART does not have the printed document, or not yet."
            ),
            FileProblem.TOO_LARGE: telling(self.env)._(
                "What SMART sent is too large for a document."
            ),
            FileProblem.NOT_PDF: telling(self.env)._("What SMART sent is not a PDF."),
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
    def _files_due(self):
        """Return the domain of the documents whose file is due."""
        return [("file_next_at", "<=", fields.Datetime.now())]

    @api.model
    def _fetch_due_files(self, registry, issuer_id, goes_on):
        """Fetch what is due of one issuer.

        :param goes_on: called with 1 after each; ends the run when false
        :returns: whether only the time was over
        """
        # Looked up once: what cannot be kept, or not yet, waits for the next run.
        with registry.cursor() as cr:
            Document = api.Environment(cr, SUPERUSER_ID, {})[self._name]
            due = [*Document._files_due(), ("issuer_id", "=", issuer_id)]
            ids = Document.search(due, order="file_next_at, id").ids
        for start in range(0, len(ids), BATCH):
            batch = ids[start : start + BATCH]
            for document_id in batch:
                reached = self._fetch_file(registry, document_id)
                if not goes_on(1):
                    return True
                if not reached:
                    return False
            # Mails to customers wait for the files.
            self._tell_owners(registry, [("id", "in", batch)])
        return False


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
    def _tell_owners(self, registry, among=(), goes_on=bool):
        """Tell owners what has become of their documents; on cursors of its own.

        :param among: a domain: of these documents alone
        :param goes_on: called with the number of those that were told together, now and then;
            ends the run when false
        :returns: whether only the time was over
        """
        try:
            with registry.cursor() as cr:
                Document = api.Environment(cr, SUPERUSER_ID, {})["smart.document"]
                ids = Document.search([*among, *Document._owners_to_tell()], order="id").ids
            for start in range(0, len(ids), TOLD_TOGETHER):
                with registry.cursor() as cr:
                    # su: fiscal documents are written by their transitions alone
                    Document = api.Environment(cr, SUPERUSER_ID, {})["smart.document"]
                    documents = Document.browse(ids[start : start + TOLD_TOGETHER])
                    # Others tell those that are locked.
                    for document in documents.try_lock_for_update(allow_referencing=True):
                        document._tell_owner()
                if not goes_on(len(documents)):
                    return True
        except psycopg2.OperationalError as error:
            _logger.info("What follows issued documents waits: %s", error)
        return False

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
                step, owner = self.owner_step, self._owner().with_context(**PAST_APPROVALS)
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

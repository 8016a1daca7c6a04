import base64
import hashlib
import logging
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import file_open

from ...smart_api.document_file import FileError, FileProblem, fetch_pdf
from ..terms import ANNULLED, FILE, ISSUED

_logger = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(days=1)
#: About two weeks; afterwards only the button tries again.
MOST_ATTEMPTS = 25

#: Files fetched between two commits of the scheduled action's progress.
BATCH = 20


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

    @api.depends("name", "control_number")
    def _compute_document_filename(self):
        for document in self:
            name = "-".join(filter(None, (document.name, document.control_number)))
            document.document_filename = f"{name.replace('/', '_')}.pdf"

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

    # -- fetching --------------------------------------------------------------------------

    def action_fetch_file(self):
        """Button: fetch the printed document now, right after this transaction's commit."""
        self.ensure_one()
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("You do not have the right to fetch documents."))
        self.check_access("read")
        if self.state not in (ISSUED, ANNULLED) or not self.document_url:
            raise UserError(self.env._("%s has no printed document at SMART.", self.display_name))
        registry, document_id = self.env.registry, self.id

        @self.env.cr.postcommit.add
        def fetch():
            with registry.cursor() as cr:
                # su: fiscal documents are written by their transitions alone
                env = api.Environment(cr, SUPERUSER_ID, {"lang": self.env.lang})
                env["smart.document"].browse(document_id)._fetch_file()
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
        # Without a thumbnail, the web client of a user who opens the invoice would draw one and
        # try to store it. Nobody may: the attachment belongs to the fiscal document.
        with file_open("web/static/img/mimetypes/pdf.svg", "rb") as icon:
            self._file_attachment().thumbnail = base64.b64encode(icon.read())

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
        pause = min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)
        self._engine_write(
            {
                "file_attempts": attempts,
                "file_error": error,
                "file_next_at": attempts < MOST_ATTEMPTS and fields.Datetime.now() + pause,
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
        self.env["smart.chain"]._seal_all(self.env.registry)

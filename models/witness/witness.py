from odoo import api, fields, models

from ...smart_api.document_file import FileProblem
from ...smart_api.printed import Finding, Testimony
from ..base.said import telling
from ..terms import (
    AMBIGUOUS,
    CONTESTED,
    ENVIRONMENTS,
    FINDINGS,
    NOT_THERE,
    OTHER,
    PARTIAL,
    PROOF,
    UNREADABLE,
    VERDICTS,
)

#: What is compared, in the order in which it is shown.
FACTS = tuple(Testimony.__dataclass_fields__)


class SmartWitness(models.Model):
    """What was found under the address that a printed document would have. Append-only.

    One row whenever it says something else than what was found there before, so that looking in
    vain for weeks leaves one, even if the file is made anew each time.
    """

    _name = "smart.witness"
    _description = "Printed Document as Evidence"
    _order = "id desc"
    _inherit = ["smart.record"]
    _rec_name = "control_number"
    _smart_append_only = True

    document_id = fields.Many2one(
        comodel_name="smart.document", required=True, readonly=True, index=True, ondelete="restrict"
    )
    issuer_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, ondelete="restrict"
    )
    # The document's company, for record rules.
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    environment = fields.Selection(selection=ENVIRONMENTS, required=True, readonly=True)
    control_number = fields.Char(required=True, readonly=True, help="That was asked for.")
    about = fields.Selection(
        selection=[("issue", "Issue"), ("annul", "Annulment")],
        required=True,
        readonly=True,
        help="What it would prove.",
    )
    url = fields.Char(string="Address", readonly=True)
    asked_at = fields.Datetime(string="Asked for at", required=True, readonly=True)
    verdict = fields.Selection(selection=VERDICTS, required=True, readonly=True)
    control_number_finding = fields.Selection(
        selection=FINDINGS, string="Its control number", readonly=True
    )
    internal_number_finding = fields.Selection(
        selection=FINDINGS, string="Its internal number", readonly=True
    )
    document_type_finding = fields.Selection(selection=FINDINGS, string="Its type", readonly=True)
    customer_finding = fields.Selection(selection=FINDINGS, string="Its customer", readonly=True)
    total_finding = fields.Selection(selection=FINDINGS, string="Its total", readonly=True)
    file = fields.Binary(attachment=True, readonly=True)
    filename = fields.Char(compute="_compute_filename")
    file_sha256 = fields.Char(string="File: SHA-256", readonly=True)

    @api.depends("control_number")
    def _compute_filename(self):
        for witness in self:
            witness.filename = f"{witness.control_number}.pdf"

    @api.model
    def _note(self, document, sight, verdict):
        """Append what was seen, unless it is what was seen there before.

        :param document: in doubt
        :param sight: see :class:`.sight.Sight`
        :param str verdict: of :data:`terms.VERDICTS`
        :returns: the row, whether it is new or not
        """
        values = {
            "document_id": document.id,
            "issuer_id": document.issuer_id.id,
            "company_id": document.company_id.id,
            "environment": document.environment,
            "control_number": sight.control_number,
            "about": sight.about,
            "url": sight.url,
            "verdict": verdict,
            "file_sha256": sight.sha256 or False,
        }
        if testimony := sight.testimony_about(document.id):
            values |= {f"{fact}_finding": getattr(testimony, fact).value for fact in FACTS}
        last = self.search(
            [
                ("document_id", "=", document.id),
                ("control_number", "=", sight.control_number),
                ("about", "=", sight.about),
            ],
            limit=1,
        )
        # What proves is kept as it was: the chain has the digest of that very file.
        same = values.keys() if verdict == PROOF else values.keys() - {"file_sha256"}
        if last and all(
            values[name] == last._fields[name].convert_to_write(last[name], last) for name in same
        ):
            return last
        return self._engine_create([{**values, "asked_at": sight.asked_at, "file": sight.file}])

    @api.model
    def _verdict_on(self, sight, document):
        """Return what is to be thought of one sight, apart from all others."""
        testimony = sight.testimony_about(document.id)
        if testimony is None:
            gone = sight.problem in (FileProblem.HTTP_STATUS, FileProblem.NOT_REACHED)
            return NOT_THERE if gone else UNREADABLE
        if sight.proves(document.id):
            return PROOF
        findings = [getattr(testimony, fact) for fact in FACTS]
        return OTHER if Finding.CONTRADICTED in findings else PARTIAL

    def _speaks_against(self, document, control_number):
        """Tell whether earlier evidence forbids that a print settles the document by itself.

        A person has contested that number, or a print under another number fitted as well.
        """
        rows = self.search([("document_id", "=", document.id), ("about", "=", "issue")])
        return any(
            row.verdict == CONTESTED
            if row.control_number == control_number
            else row.verdict in (PROOF, AMBIGUOUS)
            for row in rows
        )

    def _words(self):
        """Return in words what it says, fact by fact."""
        self.ensure_one()
        tell = telling(self.env)
        return tell.join("; ", [
            tell.join(": ", [tell.label(self, name), tell.choice(self, name)])
            for name in (f"{fact}_finding" for fact in FACTS)
            if self[name]
        ])  # fmt: skip

from odoo import api, fields, models
from odoo.tools import SQL, split_every

from ..models.base.labels import labels
from ..models.terms import ANNULLED, ISSUED, SALES_TYPES
from ..smart_api.rates import PARTS, VAT
from ..smart_api.schemas import stated

BATCH = 2000

#: Columns with money, in bolívares: from :data:`PARTS`, and the total.
MONEY = ("sales", *PARTS, "total")

COLUMNS = (
    *("line", "date", "vat", "customer", "type", "number", "control_number", "related"),
    *MONEY,
    "note",
)

#: The digits of a control number as one number, without what stands between them.
NUMBER = "regexp_replace(control_number, '[^0-9]', '', 'g')::numeric"

READ = [
    "issue_date",
    "document_type",
    "name",
    "control_number",
    "internal_number",
    "customer_vat",
    "customer_name",
    "related_document_id",
    "state",
    "branch_code",
    "amount_total_signed",
    "annulment_reason",
    *(f"{part}_signed" for part in PARTS),
]


class SmartBook(models.TransientModel):
    """The rows of the book and their totals."""

    _inherit = "smart.book"

    @api.model
    def _columns(self):
        """Return the columns: (key, heading), as a Venezuelan sales book has them."""
        headings = (
            self.env._("No."),
            self.env._("Date"),
            self.env._("RIF or Cédula"),
            self.env._("Name or Company Name"),
            self.env._("Type"),
            self.env._("Document No."),
            self.env._("Control No."),
            self.env._("Affected Document"),
            self.env._("Total Sales Including VAT"),
            self.env._("Exempt Sales"),
            *(
                heading
                for rate in VAT
                for heading in (
                    self.env._("Taxable Base %s %%", rate.percent),
                    self.env._("VAT %s %%", rate.percent),
                )
            ),
            self.env._("IGTF Base"),
            self.env._("IGTF 3 %"),
            self.env._("Document Total"),
            self.env._("Remarks"),
        )
        return list(zip(COLUMNS, headings, strict=True))

    def _domain(self):
        """Return the domain of the documents in the book."""
        domain = [
            ("issuer_id", "=", self.issuer_id.id),
            ("environment", "=", self.environment),
            ("company_id", "in", self._companies().ids),
            ("state", "in", (ISSUED, ANNULLED)),
            ("issue_date", ">=", self.date_from),
            ("issue_date", "<=", self.date_to),
        ]
        if self.document_type:
            domain.append(("document_type", "=", self.document_type))
        return domain

    def _domain_of_totals(self):
        """Return the domain of the documents that count in the sums."""
        return [*self._domain(), ("state", "=", ISSUED), ("document_type", "in", SALES_TYPES)]

    def _document_ids(self):
        """Return the ids of the documents in the order of their control numbers."""
        Document = self.env["smart.document"]
        Document.flush_model()
        query = Document._search(self._domain())
        query.order = SQL("%s, smart_document.id", SQL(NUMBER))
        return [row[0] for row in self.env.execute_query(query.select())]

    def _rows(self):
        """Yield the rows of the book, one dictionary per document, in batches from the database."""
        Document = self.env["smart.document"]
        types = labels(Document, "document_type")
        line = 0
        for ids in split_every(BATCH, self._document_ids()):
            documents = Document.browse(ids)
            documents.fetch(READ)
            # sudo: a note may refer to a document of a branch that the user cannot read
            documents.sudo().related_document_id.fetch(
                ["control_number", "document_type", "internal_number", "state"]
            )
            for document in documents:
                line += 1
                yield {"line": line, "type": types[document.document_type], **document._book_row()}
            documents.invalidate_recordset(flush=False)

    def _totals(self):
        """Return the sums of the columns with money; what is annulled or no sale counts nothing."""
        names = [f"{part}_signed" for part in PARTS] + ["amount_total_signed"]
        [sums] = self.env["smart.document"]._read_group(
            self._domain_of_totals(), [], [f"{name}:sum" for name in names]
        )
        values = dict(zip([*PARTS, "total"], (float(value or 0) for value in sums), strict=True))
        return {**values, "sales": values["total"] - values["igtf_tax"]}

    def _counts(self):
        """Return how many documents the book has, by state."""
        counts = self.env["smart.document"]._read_group(self._domain(), ["state"], ["__count"])
        return {ISSUED: 0, ANNULLED: 0, **dict(counts)}

    def _heading(self):
        """Return what stands above the book."""
        issuer = self.issuer_id.sudo()  # sudo: name and RIF of the issuer, maybe a parent company
        # sudo: whoever may see the book may see up to where the chain vouches for it
        chain = (
            self.env["smart.chain"]
            .sudo()
            .search([("issuer_id", "=", issuer.id), ("environment", "=", self.environment)])
        )
        return {
            "title": self.env._("Sales Book by Control Number"),
            "issuer": issuer.name,
            "vat": issuer.smart_holder_rif or issuer.vat or "",
            "companies": ", ".join(self._companies().mapped("name")),
            "environment": labels(self, "environment")[self.environment],
            "period": self.env._(
                "%(start)s to %(end)s",
                start=self.date_from.strftime("%d/%m/%Y"),
                end=self.date_to.strftime("%d/%m/%Y"),
            ),
            "only": labels(self, "document_type").get(self.document_type, ""),
            "printed_at": fields.Datetime.context_timestamp(
                self.with_context(tz="America/Caracas"), fields.Datetime.now()
            ).strftime("%d/%m/%Y %H:%M"),
            "fingerprint": chain.hash,
            "position": chain.position,
        }


class SmartDocument(models.Model):
    _inherit = "smart.document"

    def _book_row(self):
        """Return the document's own cells of the book."""
        self.ensure_one()
        counts = self.state == ISSUED and self.document_type in SALES_TYPES
        amounts = {part: self[f"{part}_signed"] + 0.0 if counts else 0.0 for part in PARTS}
        total = self.amount_total_signed + 0.0 if counts else 0.0
        return {
            "date": self.issue_date,
            "vat": self.customer_vat or "",
            "customer": self.customer_name or "",
            "number": self.internal_number or self.name or "",
            "name": self.name or "",
            "control_number": self.control_number or "",
            "related": self._book_related(),
            **amounts,
            "sales": self.currency_id.round(total - amounts["igtf_tax"]),
            "total": total,
            "note": self._book_note(),
        }

    def _book_related(self):
        """Return legal number and control number of the document that a note corrects."""
        if self.document_type not in ("credit_note", "debit_note"):
            return ""
        # sudo: it may be of a branch that the user cannot read
        corrected = self.related_document_id.sudo()
        if not corrected.control_number:
            return stated(self.request_body).get("related", "")
        return " ".join(filter(None, (corrected.legal_name, corrected.control_number)))

    def _book_note(self):
        """Return in words why the document counts nothing."""
        if self.state == ANNULLED:
            if self.annulment_reason:
                return self.env._("ANNULLED: %s", self.annulment_reason)
            return self.env._("ANNULLED")
        return "" if self.document_type in SALES_TYPES else self.env._("No sale")

from odoo import models

from ..base.said import telling


class SmartNumbering(models.Model):
    """Why a numbering cannot go on, in words."""

    _inherit = "smart.numbering"

    def _words_perhaps_issued(self):
        """Return why what waits must be compared first: numbers are missing here."""
        return telling(self.env)._(
            "SMART has issued documents under internal numbers that no document has here: "
            "%s. If this database was restored from a backup, documents that wait may be "
            "among them. Compare what waits with SMART's dashboard, reset to draft what was "
            "issued there, then press “Try again now”.",
            self.missing_numbers,
        )

    def _words_not_aligned(self, expected):
        """Return why the numbering cannot continue with what the service expects."""
        doubtful = (
            self.env["smart.document"]
            .sudo()  # sudo: a number counts whoever may see its document
            .search(
                [
                    ("issuer_id", "=", self.issuer_id.id),
                    ("environment", "=", self.environment),
                    ("document_type", "=", self.document_type),
                    ("state", "in", ("sending", "unknown")),
                    ("internal_sequence", ">=", expected),
                ],
                order="internal_sequence",
            )
        )
        if doubtful:
            return telling(self.env)._(
                "SMART expects number %(expected)s, with which %(name)s was sent without an "
                "answer. Resolve that document first.",
                expected=expected,
                name=doubtful[0]._title(),
            )
        return telling(self.env)._(
            "SMART expects number %(expected)s, but documents were issued here up to number "
            "%(used)s. Compare them with SMART's dashboard; the numbering was not changed.",
            expected=expected,
            used=self._highest_used(),
        )

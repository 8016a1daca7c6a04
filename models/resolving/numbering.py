from odoo import models
from odoo.exceptions import AccessError, UserError


class SmartNumbering(models.Model):
    """A person asks the service where it stands."""

    _inherit = "smart.numbering"

    def action_ask(self):
        """Button: ask SMART which number it expects, and continue with that.

        :raises UserError: when it cannot be asked, or its number was used here already
        """
        self.ensure_one()
        if not self.env.user.has_group("account.group_account_manager"):
            raise AccessError(self.env._("Only accounting managers change the numbering."))
        self.check_access("write")
        issuer = self.issuer_id.sudo()  # sudo: may be a parent company that the user cannot read
        # sudo: asking needs the issuer's queue and token; the right to ask is checked above
        lane = self.env["smart.lane"].sudo()._of_issuer(issuer, self.environment)
        before = self.next_number
        aligned = []

        def align(env, expected):
            numbering = env["smart.numbering"].browse(self.id)
            aligned.append(numbering._align(expected))

        expected, why_not = lane._ask_next_number(self.document_type, then=align)
        self.invalidate_recordset()
        if expected is None:
            raise UserError(why_not)
        if not aligned[0]:
            raise UserError(self._words_not_aligned(expected))
        self.env["smart.lane"]._notify(self.env.registry, lane.ids)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("SMART expects the same number, %s.", before)
                if expected == before
                else self.env._(
                    "SMART expects number %(expected)s: the numbering continues with it.",
                    expected=expected,
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _words_perhaps_issued(self):
        """Return why waiting documents must be compared with SMART: numbers are missing here."""
        return self.env._(
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
            .sudo()  # sudo: a number counts, even if the user may not see its document
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
            return self.env._(
                "SMART expects number %(expected)s, with which %(name)s was sent without an "
                "answer. Resolve that document first.",
                expected=expected,
                name=doubtful[0].display_name,
            )
        return self.env._(
            "SMART expects number %(expected)s, but documents were issued here up to number "
            "%(used)s. Compare them with SMART's dashboard; the numbering was not changed.",
            expected=expected,
            used=self._highest_used(),
        )

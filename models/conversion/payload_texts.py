from odoo import api, models

from ...smart_api import texts


class SmartPayload(models.AbstractModel):
    """Texts: what is printed is what was sent, and who wrote it sees it before."""

    _inherit = "smart.payload"

    @api.model
    def _printed(self, conversion, text, length, record, field):
        """Return a text as it is sent; one that reads otherwise than it was written is told.

        :param record: where it was written, in its field ``field``
        """
        sent = texts.printed(text, length)
        written = texts.one_line(text)
        if texts.readable(text) != written:
            conversion.problem(
                record,
                field,
                self.env._(
                    "“%(written)s” will be printed as “%(sent)s”, for SMART prints some "
                    "characters otherwise.",
                    written=texts.shorten(written, length),
                    sent=sent,
                ),
                self.env._("Write it in other words, if it should read otherwise."),
                warning=True,
            )
        return sent

from odoo import models

from ...smart_api.schemas import IssueRequest
from ..terms import LOCKED_STATES


class SmartDocument(models.Model):
    """What Odoo prints of an issued document, even if its contact has another name now."""

    _inherit = "smart.document"

    def _customer_as_sent(self):
        """Return the customer whom SMART has, or may have, on the document.

        :returns: name, identification and address in one line; ``None`` if nothing was sent
        :rtype: dict[str, str] | None
        """
        if not self or self.state not in LOCKED_STATES:
            return None
        request = IssueRequest.from_json(self.request_body)
        return {
            "name": request.customer_name,
            "identification": request.customer_identification,
            "address": request.customer_address,
        }

from odoo import models

from ...smart_api.schemas import stated
from ..terms import LOCKED_STATES


class SmartDocument(models.Model):
    """What Odoo prints of an issued document, whatever its contact is called by now."""

    _inherit = "smart.document"

    def _customer_as_sent(self):
        """Return the customer whom SMART has, or may have, on the document.

        :returns: name, identification and address in one line; ``None`` where nothing was sent
        :rtype: dict[str, str] | None
        """
        if not self or self.state not in LOCKED_STATES:
            return None
        request = stated(self.request_body)
        return {
            "name": request["customer_name"],
            "identification": request["customer_identification"],
            "address": request["customer_address"],
        }

from odoo import models

from ..resolving.document import CONTROL_NUMBER, control_key
from ..terms import ISSUED

#: Of so many documents that were issued last one has the highest number of the lot.
LATEST = 20


class SmartLane(models.Model):
    """How many control numbers the issuer has left."""

    _inherit = "smart.lane"

    def _numbers_left(self):
        """Return how many control numbers of the lot in use are left; ``None`` if nobody knows.

        SMART tells the bounds of a lot in the legal footer of each document from it. A lot that
        was ordered since shows with its first document.
        """
        self.ensure_one()
        documents = self.env["smart.document"].search(
            [
                ("lane_id", "=", self.id),
                ("state", "=", ISSUED),
                ("legal_footer", "!=", False),
            ],
            order="id desc",
            limit=LATEST,
        )
        last = max(documents, key=lambda one: one.queue_position, default=documents)
        bounds = [
            control_key("-".join(found))
            for found in CONTROL_NUMBER.findall(last.legal_footer or "")
        ]
        if len(bounds) != 2:
            return None
        used = [
            key
            for one in documents
            if (key := control_key(one.control_number)) and bounds[0] <= key <= bounds[1]
        ]
        return bounds[1][1] - max(used)[1] if used else None

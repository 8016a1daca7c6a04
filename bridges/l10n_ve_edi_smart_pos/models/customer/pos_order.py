import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError

_logger = logging.getLogger(__name__)


class PosOrder(models.Model):
    """Whom an order is made out to: typed at a till without connection, or the shop's stand-in."""

    _inherit = "pos.order"

    smart_new_customer = fields.Json(
        string="Customer as Typed",
        readonly=True,
        copy=False,
        help="A customer whom the till could not look up: the number as typed, and what was "
        "entered besides. Found or made when the order arrives.",
    )

    @api.model
    def _smart_name_customer(self, order, shop):
        """Have an order that a till hands in name whom its cashier typed."""
        typed = order.get("smart_new_customer")
        # Superuser is the self-service, where anybody could find out who has a number.
        if typed and not order.get("partner_id") and not self.env.su:
            order["partner_id"] = self._smart_typed_customer(shop, typed).id

    @api.model
    def _smart_typed_customer(self, shop, typed):
        """Find or make who was typed at the till; nobody, if that is not possible.

        The order has been paid: without customer its invoice waits for one.
        """
        partners = self.env["res.partner"]
        try:
            with self.env.cr.savepoint():
                return partners._smart_at_counter(shop, typed)
        except (OperationalError, ConcurrencyError):
            raise  # Odoo tries again
        except Exception:
            _logger.exception("The customer of an order of %s could not be made", shop.name)
            return partners

    def _smart_settle_customer(self):
        """Make an order that names nobody out to whom its returns were sold, or the stand-in."""
        if not self.partner_id:
            # sudo: cashiers need no right to invoices
            originals = self._smart_originals().sudo().filtered("account_move")
            self.partner_id = originals[:1].partner_id or self.config_id._smart_walk_in()

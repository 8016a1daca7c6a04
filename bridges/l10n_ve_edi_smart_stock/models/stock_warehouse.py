from odoo import fields, models


class StockWarehouse(models.Model):
    """A warehouse is a branch of its company on the documents of what leaves it."""

    _inherit = "stock.warehouse"

    smart_branch_code = fields.Char(
        string="SMART Branch",
        help="Code of the branch on the documents of what leaves this warehouse; else the "
        "company's.",
    )
    smart_branch_address = fields.Char(
        string="SMART Branch Address",
        help="Address of the branch on the documents of what leaves this warehouse; else the "
        "company's.",
    )

from odoo.addons.l10n_ve_edi_smart import fiscal_archive

from .models.stock_picking_content import PICKING_FIELDS


def post_init_hook(env):
    """Give transfers back the documents that they had when this addon was uninstalled."""
    fiscal_archive.take_up(env, "stock.picking")


def uninstall_hook(env):
    """Keep beside each transfer what was issued for it."""
    fields = env["stock.picking"]._fields
    own = [name for name in sorted(PICKING_FIELDS) if name.startswith("smart_")]
    names = [name for name in own if not fields[name].relational]
    fiscal_archive.leave(env, "stock.picking", names)

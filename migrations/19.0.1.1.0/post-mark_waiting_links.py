"""Links that the previous version wrote, and that were not sealed before the upgrade."""

from odoo.addons.l10n_ve_edi_smart.models.chain.mark import Marker, said_by


def migrate(cr, version):
    """Mark the waiting links: from now on a link without a mark is not sealed."""
    cr.execute("SELECT * FROM smart_chain_link WHERE position IS NULL AND mark IS NULL")
    marker = Marker()
    for link in cr.dictfetchall():
        cr.execute(
            "UPDATE smart_chain_link SET mark = %s WHERE id = %s",
            (marker.mark(said_by(link)), link["id"]),
        )

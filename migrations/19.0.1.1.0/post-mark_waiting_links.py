"""Links that the version before has written, and that were not sealed when it was upgraded."""

from odoo.addons.l10n_ve_edi_smart.models.chain.mark import Marker, said_by


def migrate(cr, version):
    """Mark what waits: from now on nothing is sealed that has no mark."""
    cr.execute("SELECT * FROM smart_chain_link WHERE position IS NULL AND mark IS NULL")
    marker = Marker()
    for link in cr.dictfetchall():
        cr.execute(
            "UPDATE smart_chain_link SET mark = %s WHERE id = %s",
            (marker.mark(said_by(link)), link["id"]),
        )

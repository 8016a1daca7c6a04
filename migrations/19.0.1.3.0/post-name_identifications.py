"""RIF and passport are types of Venezuela's own: contacts get them."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["l10n_latam.identification.type"]._smart_replace_on_contacts()

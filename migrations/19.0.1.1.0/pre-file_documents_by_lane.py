"""Fiscal documents name the queue that they belong to, instead of issuer and environment alone."""


def migrate(cr, version):
    """Fill the new column before Odoo makes it a required one."""
    cr.execute("ALTER TABLE smart_document ADD COLUMN IF NOT EXISTS lane_id int")
    cr.execute(
        "INSERT INTO smart_lane (issuer_id, environment, failures, blocked)"
        " SELECT DISTINCT issuer_id, environment, 0, false FROM smart_document"
        " ON CONFLICT DO NOTHING"
    )
    cr.execute(
        "UPDATE smart_document AS document SET lane_id = lane.id FROM smart_lane AS lane"
        " WHERE lane.issuer_id = document.issuer_id AND lane.environment = document.environment"
        "   AND document.lane_id IS DISTINCT FROM lane.id"
    )

"""No group may imply the auditor any more: else this upgrade, and every change of a group, fails.

Users who were auditors through such a group become auditors directly. Administrators do not: the
group had made them read-only.
"""

import logging

from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: A group and all groups that imply it, directly or through others.
GROUPS = """
    WITH RECURSIVE implying(id) AS (
        SELECT res_id FROM ir_model_data WHERE module = %s AND name = %s AND model = 'res.groups'
         UNION
        SELECT rel.gid FROM res_groups_implied_rel AS rel JOIN implying ON implying.id = rel.hid
    )
    SELECT id FROM implying
"""
AUDITOR = SQL(GROUPS, "l10n_ve_edi_smart", "group_smart_auditor")
ADMINISTRATOR = SQL(GROUPS, "base", "group_erp_manager")


def migrate(cr, version):
    cr.execute(
        SQL(
            """
            INSERT INTO res_groups_users_rel (gid, uid)
            SELECT auditor.res_id, users.uid
              FROM ir_model_data AS auditor
              JOIN res_groups_users_rel AS users ON users.gid IN (%s)
             WHERE auditor.module = 'l10n_ve_edi_smart'
               AND auditor.name = 'group_smart_auditor'
               AND users.uid NOT IN (SELECT uid FROM res_groups_users_rel WHERE gid IN (%s))
                ON CONFLICT DO NOTHING
            """,
            AUDITOR,
            ADMINISTRATOR,
        )
    )
    cr.execute(
        """
        DELETE FROM res_groups_implied_rel AS rel
         USING ir_model_data AS auditor
         WHERE auditor.module = 'l10n_ve_edi_smart'
           AND auditor.name = 'group_smart_auditor'
           AND rel.hid = auditor.res_id
     RETURNING rel.gid
        """
    )
    if groups := [group_id for [group_id] in cr.fetchall()]:
        _logger.warning("Groups %s implied the auditor, and do so no longer", groups)

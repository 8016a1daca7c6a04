"""Tokens were in clear until 19.0.1.0.0: seal them, and leave no trace of them in the table."""

from odoo import SUPERUSER_ID, api
from odoo.tools.sql import column_exists


def migrate(cr, version):
    if not column_exists(cr, "res_company", "smart_token"):
        return
    seal = api.Environment(cr, SUPERUSER_ID, {})["smart.token.key"]._seal()
    cr.execute("SELECT id, smart_token FROM res_company WHERE smart_token <> ''")
    for company_id, token in cr.fetchall():
        cr.execute(
            "UPDATE res_company SET smart_token_sealed = %s WHERE id = %s",
            [seal.seal(token), company_id],
        )
    # Dropping a column leaves its values in the table's file, and so does updating rows. This
    # statement writes the table anew, with its present values only.
    cr.execute("ALTER TABLE res_company ALTER COLUMN smart_token TYPE text USING NULL")
    cr.execute("ALTER TABLE res_company DROP COLUMN smart_token")

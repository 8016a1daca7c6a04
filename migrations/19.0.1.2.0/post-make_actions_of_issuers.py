"""Each issuer has scheduled actions of its own; those of all issuers for files and e-mails go."""

from odoo import SUPERUSER_ID, api

GONE = ("ir_cron_smart_files", "ir_cron_smart_email")


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in GONE:
        action = env.ref(f"l10n_ve_edi_smart.{name}", raise_if_not_found=False)
        if action:
            action.unlink()
    action = env.ref("l10n_ve_edi_smart.ir_cron_smart_send", raise_if_not_found=False)
    if action:
        action.name = "SMART: look after the queues of all issuers"
    companies = env["res.company"].with_context(active_test=False).search([])
    companies._smart_make_actions_of_issuers()

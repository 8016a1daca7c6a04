from .fiscal_archive import archive


def post_init_hook(env):
    """Bring companies that already have the Venezuelan chart up to date."""
    companies = env["res.company"].search(
        [("chart_template", "=", "ve"), ("parent_id", "=", False)]
    )
    for company in companies:
        env["account.chart.template"]._smart_complete_chart(company)
    env["l10n_latam.identification.type"]._smart_replace_on_contacts()


def uninstall_hook(env):
    """Keep what was issued: the law asks for it long after the addon has gone.

    The issuers' scheduled actions are no data of the addon's, so nobody else removes them.
    """
    archive(env)
    env["l10n_latam.identification.type"]._smart_give_back_contacts()
    companies = env["res.company"].with_context(active_test=False).search([])
    companies._smart_actions().unlink()

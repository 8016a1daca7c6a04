from .fiscal_archive import archive


def post_init_hook(env):
    """Bring companies that already have the Venezuelan chart up to date."""
    companies = env["res.company"].search(
        [("chart_template", "=", "ve"), ("parent_id", "=", False)]
    )
    for company in companies:
        env["account.chart.template"]._smart_complete_chart(company)


def uninstall_hook(env):
    """Keep what was issued: the law asks for it long after the addon has gone.

    The issuers' scheduled actions are no data of the addon's, so nobody else removes them.
    """
    archive(env)
    companies = env["res.company"].with_context(active_test=False).search([])
    companies._smart_actions().unlink()

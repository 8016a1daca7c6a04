{
    "name": "Venezuela - Fiscal documents through SMART, with OCA's fiscal data",
    "summary": "OCA's control number, emission medium and lock say what SMART has issued",
    "version": "19.0.1.4.0",
    "category": "Accounting/Localizations/EDI",
    "author": "l10n_ve_edi_smart contributors",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["l10n_ve_edi_smart", "l10n_ve_fiscal_document"],
    "data": ["views/account_move_views.xml"],
    "post_init_hook": "post_init_hook",
    "auto_install": True,
}

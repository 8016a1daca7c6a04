{
    "name": "Venezuela - Fiscal documents through SMART, from sales orders",
    "summary": "What orders, down payments, returns and web shops invoice is issued as it must be",
    "version": "19.0.1.4.0",
    "category": "Accounting/Localizations/EDI",
    "author": "l10n_ve_edi_smart contributors",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["l10n_ve_edi_smart", "sale"],
    "data": ["views/sale_portal_templates.xml"],
    "auto_install": True,
}

{
    "name": "Venezuela - Fiscal documents through SMART, as a provider of OCA's e-invoicing",
    "summary": "SMART is one of the providers of OCA's addon, and the only one of its companies",
    "version": "19.0.1.4.0",
    "category": "Accounting/Localizations/EDI",
    "author": "l10n_ve_edi_smart contributors",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["l10n_ve_edi_smart_fiscal_document", "l10n_ve_einvoice"],
    "auto_install": True,
}

{
    "name": "Venezuela - Fiscal documents through SMART, gift cards as a form of payment",
    "summary": "What gift cards and e-wallets pay of a document, for orders and for the till",
    "version": "19.0.1.4.0",
    "category": "Accounting/Localizations/EDI",
    "author": "l10n_ve_edi_smart contributors",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["l10n_ve_edi_smart", "loyalty"],
    "auto_install": True,
}

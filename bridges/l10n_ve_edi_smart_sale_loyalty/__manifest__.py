{
    "name": "Venezuela - Fiscal documents through SMART, paid by gift cards",
    "summary": "Gift cards and e-wallets pay for what orders invoice; they take nothing off it",
    "version": "19.0.1.4.0",
    "category": "Accounting/Localizations/EDI",
    "author": "l10n_ve_edi_smart contributors",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": [
        "l10n_ve_edi_smart",
        "l10n_ve_edi_smart_loyalty",
        "l10n_ve_edi_smart_sale",
        "sale_loyalty",
    ],
    "auto_install": True,
}

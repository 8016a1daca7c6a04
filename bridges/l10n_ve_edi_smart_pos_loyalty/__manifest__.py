{
    "name": "Venezuela - Fiscal documents through SMART, paid by gift cards at the till",
    "summary": "Gift cards and e-wallets pay for what the till invoices; they take nothing off it",
    "version": "19.0.1.4.0",
    "category": "Accounting/Localizations/EDI",
    "author": "l10n_ve_edi_smart contributors",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": [
        "l10n_ve_edi_smart",
        "l10n_ve_edi_smart_loyalty",
        "l10n_ve_edi_smart_pos",
        "pos_loyalty",
    ],
    "assets": {
        "point_of_sale._assets_pos": ["l10n_ve_edi_smart_pos_loyalty/static/src/app/**/*"],
    },
    "auto_install": True,
}

{
    "name": "Venezuela - Fiscal documents through SMART, of kiosks",
    "summary": "What is ordered and paid at a kiosk is issued, and the customer sees its number",
    "version": "19.0.1.4.0",
    "category": "Accounting/Localizations/EDI",
    "author": "l10n_ve_edi_smart contributors",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["l10n_ve_edi_smart_pos", "pos_self_order"],
    "assets": {
        "pos_self_order.assets": [
            # What a ticket prints is the same as at a till.
            "l10n_ve_edi_smart_pos/static/src/app/ticket/receipt/**/*",
            "l10n_ve_edi_smart_pos_self_order/static/src/app/**/*",
        ],
    },
    "auto_install": True,
}

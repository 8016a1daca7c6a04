{
    "name": "Venezuela - Fiscal documents through SMART, from the Point of Sale",
    "summary": "What a till sells, takes back and rounds is issued as it must be",
    "version": "19.0.1.0.0",
    "category": "Accounting/Localizations/EDI",
    "author": "l10n_ve_edi_smart contributors",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["l10n_ve_edi_smart", "point_of_sale"],
    "data": [
        "views/pos_order_views.xml",
        "views/pos_payment_method_views.xml",
        "views/pos_session_sales_details.xml",
        "views/res_config_settings_views.xml",
        "views/res_config_settings_money_views.xml",
    ],
    "assets": {
        "point_of_sale._assets_pos": ["l10n_ve_edi_smart_pos/static/src/app/**/*"],
    },
    "auto_install": True,
}

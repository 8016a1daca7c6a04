{
    "name": "Venezuela - Fiscal documents through SMART, of deliveries in the customer's portal",
    "summary": "Customers see the control number of a delivery, and get its document",
    "version": "19.0.1.4.0",
    "category": "Accounting/Localizations/EDI",
    "author": "l10n_ve_edi_smart contributors",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["l10n_ve_edi_smart_stock", "sale_stock"],
    "data": ["views/sale_portal_templates.xml"],
    "auto_install": True,
}

{
    "name": "Venezuela - Fiscal documents through SMART, by jobs",
    "summary": "The queues of fiscal documents are worked off by OCA's job queue",
    "version": "19.0.1.4.0",
    "category": "Accounting/Localizations/EDI",
    "author": "l10n_ve_edi_smart contributors",
    "license": "LGPL-3",
    "development_status": "Beta",
    "depends": ["l10n_ve_edi_smart", "queue_job"],
    "data": ["data/queue_job_data.xml"],
    "auto_install": True,
    "uninstall_hook": "uninstall_hook",
}

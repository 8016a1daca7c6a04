"""Masks tokens in every log record of this process."""

import logging

from odoo import netsvc

from .smart_api.log_mask import mask_record


class LogRecord(netsvc.LogRecord):
    """A record of the log, masked before any logger, filter or handler gets to see it."""

    # EXTENDS 'odoo.netsvc': a filter would have to be put on every logger or every handler, also
    # on those that are added later
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        mask_record(self)


def install():
    """Make this the class of Odoo's log records, also if Odoo sets up its logging only later."""
    factory, odoos_own = logging.getLogRecordFactory(), netsvc.LogRecord
    netsvc.LogRecord = LogRecord  # Odoo's own set-up looks for it, and may run again
    if factory is odoos_own:
        logging.setLogRecordFactory(LogRecord)

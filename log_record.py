"""Has every record of this process's log made without tokens."""

import logging

from odoo import netsvc

from .smart_api.log_mask import mask_record


class LogRecord(netsvc.LogRecord):
    """A record of the log, masked before any logger, filter or handler gets to see it."""

    # EXTENDS 'odoo.netsvc': a filter would have to be put on every logger, or on every handler
    # that there is now and will be
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        mask_record(self)


def install():
    """Make it the class of Odoo's records; of those to come, if logging is not set up yet."""
    factory, odoos_own = logging.getLogRecordFactory(), netsvc.LogRecord
    netsvc.LogRecord = LogRecord  # Odoo's own set-up looks for it, and may run again
    if factory is odoos_own:
        logging.setLogRecordFactory(LogRecord)

"""What the server of preloaded processes imports once: Odoo, and the code of all its addons.

Its processes are forked, so no connection, no thread, no registry and no log is left behind.
"""

import gc
import os

import odoo
import odoo.api
import odoo.cli
import odoo.tools
from odoo import sql_db
from odoo.modules.registry import Registry


def configure(database, setup_logging=True):
    """Read Odoo's configuration for one database."""
    odoo.tools.config.parse_config(
        ["-c", os.environ["SMART_DEV_ODOO_RC"], "-d", database, "--log-level=error"],
        setup_logging=setup_logging,
    )


def load(database):
    """Load a registry, which imports the addons, and forget it."""
    configure(database, setup_logging=False)  # each process has its own
    with Registry(database).cursor():
        pass
    Registry.delete(database)
    sql_db.close_all()
    gc.collect()
    gc.freeze()  # shared with the processes to come


if "SMART_PRELOAD_DB" in os.environ:
    load(os.environ["SMART_PRELOAD_DB"])

"""What the server of preloaded processes imports once: Odoo, and the code of all its addons.

Its processes are forked, so no connection, no thread and no log is left behind. The registry is,
as workers of Odoo inherit that of their server: for copies of the database that it was loaded from.
"""

import gc
import os

import odoo
import odoo.api
import odoo.cli
import odoo.tools
from odoo import sql_db
from odoo.modules.registry import Registry
from odoo.tools.translate import code_translations

#: What browsers of the tests speak: each server would read the words of all addons anew.
LANGUAGE = "es_VE"


def configure(database, setup_logging=True):
    """Read Odoo's configuration for one database."""
    odoo.tools.config.parse_config(
        ["-c", os.environ["SMART_DEV_ODOO_RC"], "-d", database, "--log-level=error"],
        setup_logging=setup_logging,
    )


def load(database):
    """Load a registry, which imports the addons, with what depends on which field, and words."""
    configure(database, setup_logging=False)  # each process has its own
    registry = Registry(database)
    for model in registry.values():
        for field in model._fields.values():
            registry.get_field_trigger_tree(field)
    for module in registry._init_modules:
        code_translations.get_web_translations(module, LANGUAGE)
    sql_db.close_all()
    gc.collect()
    gc.freeze()  # shared with the processes to come


def registry_of(database):
    """Return the registry for a copy of the database that it was loaded from.

    Nothing is kept of rows. Where modules were installed since, Odoo's own mark tells, and it is
    loaded anew.
    """
    [registry] = Registry.registries.values()
    Registry.delete(registry.db_name)
    loaded = registry.registry_sequence
    registry.db_name, registry._db = database, sql_db.db_connect(database)
    registry.cache_sequences.clear()
    for cache in registry._Registry__caches.values():
        cache.clear()
    registry.setup_signaling()
    if registry.registry_sequence == loaded:
        Registry.registries[database] = registry
    return Registry(database)


def hand_on():
    """Have a server begin with the registry that was loaded, unless it is to update modules."""
    new = Registry.new

    def begin(database, **options):
        Registry.new = new
        return new(database, **options) if any(options.values()) else registry_of(database)

    Registry.new = begin


if "SMART_PRELOAD_DB" in os.environ:
    load(os.environ["SMART_PRELOAD_DB"])

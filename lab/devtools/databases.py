"""The databases: built once, kept as templates, copied in a second.

Layers, each named by a hash of what went into it:

``smart_base_…``     the addon's dependencies with demo data, and Spanish
``smart_addon_…``    a copy of that with this state of the addon installed
``smart_joined_…``   a copy of the base with what the bridges join the addon to, and what
                     companies have beside
``smart_bridges_…``  a copy of that with the addon, and hence all bridges, installed
``smart_story_…``    a copy of the base with the addon and its demo data, of one day
copies               ``smart_demo``, ``smart_test``, those of single tests

Attachments are kept in the database, so that a copy of it is complete.
"""

import contextlib
import hashlib
import os
import shutil
from datetime import date
from functools import partial

from . import proc, say
from .cache import require_space
from .python_env import of_bridges
from .say import Failure
from .settings import ADDON, bridges, digest, read_manifest

# English first: the first one becomes that of all users.
LANGUAGES = "en_US,es_VE"
#: What bridges do not need, but meet: shops, stock, loyalty, a provider that pays at once.
BESIDE = (
    "l10n_account_withholding_tax",
    "mrp",
    "payment_demo",
    "pos_discount",
    "pos_loyalty",
    "pos_sale",
    "sale_loyalty",
    "sale_management",
    "sale_stock",
    "stock_delivery",
    "stock_fleet",
    "website_sale",
)
#: What the demo shows beside the addon: orders, and goods on the road.
DEMO_BESIDE = ("sale_management", "sale_stock")
RECIPE = 2  # to be raised whenever the building below changes
# What an installed database does not depend on.
NOT_INSTALLED = {
    ".ci", ".git", ".github", "bridges", "dev", "docs", "lab", "tests", "eslint.config.cjs",
    "package-lock.json", "package.json", "prettier.config.cjs", "readme", "ruff.toml",
    ".hypothesis", ".pytest_cache", ".ruff_cache", "__pycache__", "static",
}  # fmt: skip
KEPT = 6  # of all checkouts together
DEMO = "smart_demo"
TEST = "smart_test"
STORE_IN_DATABASE = """
env["ir.config_parameter"].set_param("ir_attachment.location", "db")
env["ir.attachment"].force_storage()
env.cr.commit()
"""


def addon_digest(root):
    """Return a hash of every file that an installation of an addon reads.

    :param Path root: the addon's folder
    """
    value = hashlib.sha256()
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in NOT_INSTALLED)
        for name in sorted(files):
            if name in NOT_INSTALLED or name.startswith(".") or name.endswith((".md", ".pyc")):
                continue
            path = os.path.join(folder, name)
            value.update(os.path.relpath(path, root).encode() + b"\0")
            with open(path, "rb") as file:
                value.update(file.read() + b"\0")
    return value.hexdigest()[:12]


class Databases:
    """Builds, copies and drops databases of one server."""

    def __init__(self, settings, cache, tree, server, odoo):
        """Work with a server.

        :param odoo: function that runs Odoo's command line on a database
        """
        self.settings = settings
        self.cache = cache
        self.tree = tree
        self.server = server
        self._odoo = odoo

    # -- templates --

    @property
    def base_name(self):
        """The name of the template of the dependencies."""
        depends = sorted(read_manifest(self.settings.checkout).get("depends", []))
        return f"smart_base_{digest(RECIPE, self.tree.build, LANGUAGES, *depends)}"

    def base(self):
        """Return the template of the dependencies, building it when missing."""
        depends = read_manifest(self.settings.checkout).get("depends", [])
        return self._template(
            self.base_name,
            "Odoo and the addon's dependencies (about a minute)",
            None,
            ["-i", ",".join(depends), "--with-demo", f"--load-language={LANGUAGES}"],
            depends,
        )

    def addon(self):
        """Return the template with this state of the addon, building it when missing."""
        source = addon_digest(self.settings.checkout)
        name = f"smart_addon_{digest(self.base_name, self.settings.checkout_key, source)}"
        return self._template(name, "the addon", self.base(), ["-i", ADDON], [ADDON])

    def bridges(self, apart=False):
        """Return the template with the addon and its bridges, building it when missing.

        Only the addon is asked for: the bridges have to come by themselves.

        :param bool apart: with those that are tried apart, see :data:`settings.APART`
        """
        checkout = self.settings.checkout
        folders = bridges(checkout, apart)
        base = self.joined(apart)
        sources = [addon_digest(path) for path in (checkout, *folders)]
        kind = "bridges_apart" if apart else "bridges"
        name = f"smart_{kind}_{digest(base, self.settings.checkout_key, *sources)}"
        own = [ADDON, *(path.name for path in folders)]
        return self._template(name, "the addon and its bridges", base, ["-i", ADDON], sorted(own))

    def joined(self, apart=False):
        """Return the template with what the bridges join the addon to, without any of both."""
        checkout = self.settings.checkout
        folders = bridges(checkout, apart)
        own = {ADDON, *(path.name for path in folders)}
        needed = {name for path in folders for name in read_manifest(path)["depends"]}
        joined = sorted((needed - own).union(() if apart else BESIDE))
        packages = [path.read_text(encoding="utf-8") for path in of_bridges(checkout)]
        kind = "joined_apart" if apart else "joined"
        name = f"smart_{kind}_{digest(self.base_name, *joined, *packages)}"
        contents = f"what bridges join the addon to, and meet ({', '.join(joined)})"
        return self._template(name, contents, self.base(), ["-i", ",".join(joined)], joined)

    def story(self):
        """Return the template of the demo, building it when missing.

        Documents of the demo data are of the day on which it is installed.
        """
        folders = (self.settings.checkout, *bridges(self.settings.checkout))
        sources = [addon_digest(path) for path in folders]
        name = digest(self.base_name, self.settings.checkout_key, date.today(), *sources)
        modules = [ADDON, *DEMO_BESIDE]
        arguments = ["-i", ",".join(modules), "--with-demo"]
        contents = "the addon with its demo data"
        return self._template(f"smart_story_{name}", contents, self.base(), arguments, modules)

    @contextlib.contextmanager
    def story_in_use(self):
        """Give the template of the demo, which nobody drops meanwhile."""
        with self._in_use(self.story) as name:
            yield name

    @contextlib.contextmanager
    def addon_in_use(self):
        """Give the template of the addon, which nobody drops meanwhile."""
        with self._in_use(self.addon) as name:
            yield name

    @contextlib.contextmanager
    def bridges_in_use(self, apart=False):
        """Give the template of the addon with its bridges, which nobody drops meanwhile."""
        with self._in_use(partial(self.bridges, apart)) as name:
            yield name

    @contextlib.contextmanager
    def _in_use(self, template):
        with contextlib.ExitStack() as stack:
            with self.cache.lock("databases", "another ./dev that is building a database"):
                name = template()
                stack.enter_context(self.cache.in_use(name))
            yield name

    @contextlib.contextmanager
    def scratch(self, template):
        """Give a fresh copy of a template, for this process alone.

        It is ``smart_test``, which is left for inspection, unless another run has that.
        """
        with self.cache.first_free(TEST) as name:
            say.step(f"database {name}: copying the template")
            self.create(name, template)
            try:
                yield name
            finally:
                if name != TEST:
                    self.drop(name)

    def _template(self, name, contents, source, arguments, modules):
        if self.exists(name):
            say.step(f"database template {name}: ready")
            return name
        require_space(self.cache.root, 0.5, "building a database")
        say.step(f"database template {name}: installing {contents}")
        self.forget_old(name.rpartition("_")[0])
        building = f"{name}_building"
        self.create(building, source)
        self.install(building, arguments, modules, name)
        if source is None:
            self._odoo(
                ["shell", "-d", building, "--no-http", "--log-level=warn"],
                what="moving the attachments into the database",
                log=self.cache.log(name),
                script=STORE_IN_DATABASE,
            )
            shutil.rmtree(self.cache.root / "odoo-data/filestore" / building, ignore_errors=True)
        self.sql(f'ALTER DATABASE "{building}" RENAME TO "{name}"')
        return name

    def install(self, name, arguments, modules, log_name):
        """Run Odoo on a database until it has installed modules.

        :param list arguments: what to tell Odoo
        :param list modules: the modules that must be installed at the end
        """
        log = self.cache.log(log_name)
        log.write_text("", encoding="utf-8")
        self._odoo(
            ["-d", name, *arguments, "--stop-after-init", "--no-http", "--max-cron-threads=0"],
            what=f"installing {', '.join(modules)}",
            log=log,
        )
        listed = ", ".join(f"'{module}'" for module in modules)
        query = "SELECT name FROM ir_module_module WHERE state = 'installed' AND name IN"
        missing = set(modules) - set(self.sql(f"{query} ({listed})", name).split())
        if missing:
            raise Failure(f"Odoo did not install {', '.join(sorted(missing))}", f"read {log}")
        without = f"SELECT 1 FROM ir_module_module WHERE name = '{ADDON}' AND NOT demo"
        if ADDON in modules and "--with-demo" in arguments and self.sql(without, name).strip():
            why = proc.reason(log.read_text(encoding="utf-8"))
            raise Failure(f"the demo data could not be installed ({why})", f"read {log}")

    def forget_old(self, prefix):
        """Drop the oldest templates of a kind, but for the last few and those in use."""
        query = (
            "SELECT datname FROM pg_database d WHERE datname LIKE "
            f"'{prefix}\\_%' AND NOT EXISTS (SELECT FROM pg_stat_activity a "
            "WHERE a.datname = d.datname) ORDER BY oid"
        )
        for name in self.sql(query).split()[: -KEPT or None]:
            if not self.cache.is_locked(name):
                self.drop(name)

    # -- one database --

    def demo(self, fresh=False):
        """Return the demo database, with the addon and its demo data; keep an old one.

        :param bool fresh: whether to start over
        """
        with self.cache.lock("databases", "another ./dev that is building a database"):
            folders = (self.settings.checkout, *bridges(self.settings.checkout))
            source = digest(*(addon_digest(path) for path in folders))
            stamp = self.cache.path("smart_demo.addon")
            if fresh or not self.exists(DEMO):
                self.create(DEMO, self.story())
            elif not stamp.is_file() or stamp.read_text(encoding="utf-8") != source:
                say.step(f"database {DEMO}: upgrading the addon")
                self.install(DEMO, ["-u", ADDON], [ADDON], DEMO)
            stamp.write_text(source, encoding="utf-8")
        say.step(f"database {DEMO}: ready")
        return DEMO

    def exists(self, name):
        """Tell whether there is a database of that name."""
        return bool(self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'").strip())

    def create(self, name, source=None):
        """Create a database anew: empty, or as a copy."""
        self.drop(name)
        template = f'TEMPLATE "{source}" STRATEGY FILE_COPY' if source else "TEMPLATE template0"
        if source and self.settings.pg_host:  # older servers know no strategies
            template = f'TEMPLATE "{source}"'
        self.sql(f"CREATE DATABASE \"{name}\" {template} ENCODING 'UTF8'")

    def drop(self, name):
        """Drop a database and its files, even if somebody is connected to it."""
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(self.cache.root / "odoo-data/filestore" / name, ignore_errors=True)

    def all(self):
        """Return the names of all databases that this command may have made."""
        return self.sql(r"SELECT datname FROM pg_database WHERE datname LIKE 'smart\_%'").split()

    def sql(self, statement, database="postgres"):
        """Run one statement and return what it prints."""
        said = proc.output(
            [self.server.bin / "psql", "-wqAtX", "-c", statement, database],
            env={**os.environ, **self.server.environ()},
        )
        if said is None:
            raise Failure(f"PostgreSQL refused: {statement}", "run ./dev clean and try again")
        return said

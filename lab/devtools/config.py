"""Odoo's configuration file, and the folder in which it finds the addon and its bridges."""

import os
import secrets
import socket

from .cache import write_atomically
from .say import Failure
from .settings import ADDON, bridges, digest


def link_addon(cache, settings):
    """Return a folder that holds the checkout under the addon's technical name, and its bridges.

    Odoo knows an addon by the name of its folder, and a checkout may have any.
    """
    folder = cache.folder("addons", settings.checkout_key)
    wanted = {ADDON: settings.checkout}
    wanted.update({path.name: path for path in bridges(settings.checkout)})
    for link in folder.iterdir():
        if link.name not in wanted:  # a bridge of another branch
            link.unlink()
    for name, path in wanted.items():
        link = folder / name
        if not (link.is_symlink() and os.readlink(link) == str(path)):
            link.unlink(missing_ok=True)
            link.symlink_to(path)
    return folder


def write(cache, settings, tree, server):
    """Write the configuration file for this checkout and return its path."""
    admin_password = cache.path("admin_passwd")
    if not admin_password.is_file():
        write_atomically(admin_password, secrets.token_urlsafe(24), 0o600)
    addons = [*tree.addons, link_addon(cache, settings)]
    options = {
        "addons_path": ",".join(map(str, addons)),
        "admin_passwd": admin_password.read_text(encoding="utf-8"),
        "data_dir": cache.folder("odoo-data"),
        "db_host": server.host,
        "db_port": server.port,
        "db_user": server.user,
        "db_maxconn": 32,
        "gevent_port": free_port(),
        "http_interface": "127.0.0.1",
        "http_port": settings.http_port,
        "list_db": "False",
        "max_cron_threads": 1,
        "pg_path": server.bin,
        "server_wide_modules": "base,web",
        "workers": 0,
    }
    if server.password:
        options["db_password"] = server.password
    path = cache.path("addons", f"{settings.checkout_key}.conf")
    text = "".join(f"{name} = {value}\n" for name, value in options.items())
    write_atomically(path, f"[options]\n{text}", 0o600)
    return path


def write_for(cache, rc, folders):
    """Write a configuration that looks for addons in more folders; return its path.

    :param Path rc: the configuration of the checkout, see :func:`write`
    """
    lines = rc.read_text(encoding="utf-8").splitlines()
    more = "".join(f",{folder}" for folder in folders)
    lines = [line + more if line.startswith("addons_path =") else line for line in lines]
    path = cache.path("addons", f"{rc.stem}-{digest(*folders)}.conf")
    write_atomically(path, "\n".join(lines) + "\n", 0o600)
    return path


def free_port(preferred=0):
    """Return a TCP port of 127.0.0.1 that is free: the preferred one when it is."""
    for port in (preferred, 0):
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
            return listener.getsockname()[1]
    raise OSError("no TCP port is free")


def require_port(settings, command):
    """Fail unless Odoo can listen on its port."""
    port = settings.http_port
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise Failure(
                f"port {port} is for root only", f"take another: HTTP_PORT=8069 {command}"
            ) from error
        except OSError as error:
            other = port + 1 if port < 65535 else port - 1
            raise Failure(
                f"port {port} is taken by another program",
                f"stop that, or take another: HTTP_PORT={other} {command}",
            ) from error

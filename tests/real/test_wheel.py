"""The wheel of the addon, in an Odoo that knows nothing of this repository."""

import os
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
import servers
from conftest import SET_UP, TOOLS, checked, connect
from servers import LAUNCHER, PYTHON, Server, copied, run_script

from lab.devtools import readme, wheels
from lab.devtools.settings import ADDON, bridges, read_manifest

ROOT = Path(__file__).resolve().parents[2]


#: An invoice, made of an order.
DRAFT = """
product = env["product.product"].create({
    "name": "Asesoría", "type": "service", "invoice_policy": "order", "list_price": 100,
    "taxes_id": [(6, 0, invoice().invoice_line_ids.tax_ids.ids)],
})
order = env["sale.order"].create({
    "partner_id": customer.id, "order_line": [(0, 0, {"product_id": product.id})],
})
order.action_confirm()
move = order._create_invoices()
cr.commit()
print(move.id, company.id)
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """All wheels, by the name of the addon."""
    folder = tmp_path_factory.mktemp("wheels")
    paths = wheels.build(ROOT, folder, PYTHON, folder / "log")
    return {re.fullmatch(r"odoo_addon_(\w+)-.*", path.name)[1]: path for path in paths}


@pytest.fixture
def plain(built, tmp_path, monkeypatch):
    """Have servers and scripts find the addon as ``pip`` has installed it, and only there."""
    site = tmp_path / "site"
    command = [PYTHON, "-m", "pip", "install", "--no-deps", "--no-index", "--target", site]
    subprocess.run([*command, *built.values()], check=True, capture_output=True, cwd=tmp_path)
    config = Path(servers.RC).read_text("utf-8")
    addons = re.search(r"^addons_path = (.*)$", config, re.MULTILINE)[1].split(",")
    addons = [path for path in addons if not Path(path, ADDON).exists()]
    config = re.sub(r"^addons_path = .*$", f"addons_path = {','.join(addons)}", config, flags=re.M)
    path = tmp_path / "odoo.conf"
    path.write_text(config, "utf-8")
    monkeypatch.setattr(servers, "RC", str(path))
    monkeypatch.setenv("PYTHONPATH", str(site))
    monkeypatch.setenv("ODOO_RC", str(path))
    monkeypatch.chdir(tmp_path)
    return site


@pytest.mark.parametrize("addon", [ROOT, *bridges(ROOT)], ids=lambda path: path.name)
def test_a_wheel_holds_what_is_installed_and_nothing_else(built, addon):
    name = ADDON if addon == ROOT else addon.name
    inside = f"odoo/addons/{name}/"
    described = readme.described(addon)
    with zipfile.ZipFile(built[name]) as wheel:
        names = wheel.namelist()
        metadata = wheel.read(next(one for one in names if one.endswith("/METADATA"))).decode()
    own = {one.removeprefix(inside) for one in names if one.startswith(inside)}
    manifest = read_manifest(addon)
    assert {"__init__.py", "__manifest__.py", "i18n/es.po", *manifest.get("data", [])} <= own
    assert {one.partition("/")[0] for one in own}.isdisjoint(wheels.NOT_SHIPPED)
    assert not [one for one in own if one.startswith((".", "pyproject"))]
    assert f"Version: {manifest['version']}" in metadata
    assert metadata.partition("\n\n")[2].strip() == described.strip()
    assert {"README.md", "readme/DESCRIPTION.md"} <= own
    needed = set(re.findall(r"^Requires-Dist: odoo-addon-(\w+)", metadata, re.MULTILINE))
    assert {one for one in manifest["depends"] if one.startswith(ADDON)} <= needed


def test_wheels_install_into_a_plain_odoo_and_issue_a_document(plain, simulator, tmp_path):
    """That of the addon, and of the bridge that comes with an app of Odoo by itself."""
    with copied(os.environ["SMART_DEV_BASE_DB"]) as database:
        installed = subprocess.run(
            [PYTHON, LAUNCHER, "-c", servers.RC, "-d", database, "-i", f"{ADDON},sale",
             "--stop-after-init", "--no-http", "--log-level=warn"],
            capture_output=True, text=True, timeout=600,
        )  # fmt: skip
        assert installed.returncode == 0, installed.stderr[-5000:]
        bridge = f"{ADDON}_sale"
        where = f"from odoo.addons import {ADDON}, {bridge}\n"
        where += f"print({ADDON}.__file__, {bridge}.__file__)"
        said = checked(run_script(database, f"{SET_UP}\n{where}"))
        assert all(Path(path).is_relative_to(plain) for path in said.split()[-2:])
        connect(database, simulator)
        move, company = map(int, checked(run_script(database, TOOLS + DRAFT)).split()[-2:])
        server = Server(database, tmp_path / "odoo.log")
        try:
            server.login()
            server.call("account.move", "action_post", [move], company=company)
            names = ["smart_state", "smart_control_number"]
            [read] = server.call("account.move", "read", [move], names, company=company)
        finally:
            server.stop()
    assert [read[name] for name in names] == ["issued", "00-00000001"]
    assert len(simulator.documents()) == 1

"""A Venezuelan company in a database of its own, a simulator, and servers on demand."""

import contextlib
import os
from pathlib import Path

import pytest
from balance import Balanced, rank
from playwright.sync_api import expect, sync_playwright
from preloaded import ForkedServer, run_script
from sample import sample
from servers import OdooError, copied, copy_of, drop, psql, wait_for
from sharing import shared

from lab.simulator.testing import SimulatorProcess
from smart_api.sealing import Seal

RIF = "J-40112233-7"

#: What people read in a browser: Spanish, and in a long run English as well.
LANGUAGES = ["en_US", "es_VE"] if os.environ.get("SMART_DEV_LONG") else ["es_VE"]

#: Milliseconds. How soon a browser shows something is the machine's affair.
PATIENCE = 180_000
expect.set_options(timeout=PATIENCE)

SET_UP = """
bolivar, dollar = env.ref("base.VES"), env.ref("base.USD")
(bolivar + dollar).active = True
company = env["res.company"].create({
    "name": "Comercial La Candelaria, C.A.", "vat": "J-40112233-7", "currency_id": bolivar.id,
    "country_id": env.ref("base.ve").id, "street": "Av. Principal", "city": "Caracas",
})
if "smart_token" in company._fields:  # not beside the benchmarks, in Odoo alone
    company._smart_make_actions()  # later its token comes by SQL
env.ref("base.user_admin").write({"company_ids": [(4, company.id)], "company_id": company.id})
env["account.chart.template"].try_loading("ve", company)
env["res.currency.rate"].create({
    "currency_id": dollar.id, "company_id": company.id, "name": "2020-01-01",
    "inverse_company_rate": 40.5647,
})
env["res.partner"].create({
    "name": "Inversiones La Trinidad, C.A.", "ref": "CUSTOMER", "is_company": True,
    "vat": "J-30984512-8", "street": "Calle Vargas", "city": "Caracas",
    "l10n_latam_identification_type_id": env.ref("l10n_latam_base.it_vat").id,
    "country_id": env.ref("base.ve").id, "phone": "+58 212-2376655", "email": "a@example.com",
})
# Each server would begin with all of Odoo's own, which are due; who triggers one still has it run.
env["ir.cron"].search([("cron_name", "not like", "SMART")]).nextcall = "2099-01-01"
cr.commit()
"""

# What the scripts of tests begin with; `connect` and `invoice` are theirs.
TOOLS = '''
# With the addon, a RIF is kept with its dashes.
company = env["res.company"].search([("vat", "in", ("J-40112233-7", "J401122337"))])
env = env(context=dict(env.context, allowed_company_ids=company.ids))
company = company.with_env(env)
customer = env["res.partner"].search([("ref", "=", "CUSTOMER")])
def invoice(price=100.0):
    exempt = env["account.tax"].search([
        ("company_id", "=", env.company.id), ("type_tax_use", "=", "sale"), ("amount", "=", 0),
    ], limit=1)
    return env["account.move"].create({
        "move_type": "out_invoice", "partner_id": customer.id,
        "currency_id": env.ref("base.VES").id,
        "invoice_line_ids": [
            (0, 0, {"name": "Line", "price_unit": price, "tax_ids": [(6, 0, exempt.ids)]})],
    })
def refused_note(origin):
    """Have SMART refuse a credit note: it is sent as being about what SMART does not know."""
    note = invoice()
    note.write({"move_type": "out_refund", "smart_note_origin_id": origin.id})
    note.action_post()
    document = note.smart_document_id
    said, _key, body = document.request_body.partition('"relacionado":')
    about, rest = body.split(",", 1)
    document._engine_write({"related_document_id": False,
        "request_body": said + '"relacionado":"00-00009999",' + rest})
    env.cr.commit()
    env.invalidate_all()
    assert note.smart_state == "refused", note.smart_state
    return note
'''

# Has a function end its process, for scripts that are to be killed at a certain point.
DYING = """
def dying(function, before=False, times=1):
    def wrapper(*args, **kwargs):
        nonlocal times
        times -= 1
        result = None if before and not times else function(*args, **kwargs)
        if not times:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    return wrapper
"""

# Has the sender die at the point that the environment names.
DYING_AT_POINT = (
    DYING
    + """
from odoo.addons.l10n_ve_edi_smart.models.lane import lock as lane_lock
from odoo.addons.l10n_ve_edi_smart.models.lane import document_sending as smart_document_sending
from odoo.addons.l10n_ve_edi_smart.smart_api import client
Document = smart_document_sending.SmartDocument

point = os.environ["POINT"]
if point == "begin":  # the request is written, not committed
    Document._begin = dying(Document._begin, before=False)
elif point == "begun":  # committed, not sent
    client.SmartClient.issue = dying(client.SmartClient.issue, before=True)
elif point == "answered":  # the answer is there, nothing of it stored
    client.SmartClient.issue = dying(client.SmartClient.issue, before=False)
elif point == "settling":  # stored, not committed
    Document._settle = dying(Document._settle, before=False)
elif point == "settled":  # committed, and nothing after
    lane_lock.LaneLock.__exit__ = dying(lane_lock.LaneLock.__exit__, before=True)
"""
)

# What the next scheduled action does, after somebody has ended the pause.
FINISH = """
env["smart.lane"].search([])._resume()
cr.commit()
env["smart.lane"].search([]).issuer_id._smart_send_waiting()
cr.commit()
cr.close()
"""


def pytest_collection_modifyitems(config, items):
    items.sort(key=lambda item: rank(item.path))
    if seed := os.environ.get("SMART_DEV_SAMPLE"):
        items[:], left = sample(items, seed)
        config.hook.pytest_deselected(items=left)


def pytest_xdist_make_scheduler(config, log):
    return Balanced(config, log)


def pytest_terminal_summary(terminalreporter):
    """Print what tests have measured: what a worker prints itself is seen by nobody."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == "said" and report.when == "call":
                terminalreporter.write_line(value)


def checked(process):
    """Return a script's output; fail with its errors."""
    assert process.returncode == 0, process.stdout + process.stderr
    return process.stdout


# Puts together once what every browser would otherwise wait for on its own copy.
ASSETS = """
till = ("point_of_sale.assets_prod",) if "pos.config" in env else ()
for name in ("web.assets_frontend", "web.assets_web", "web.assets_web_print", *till):
    env["ir.qweb"]._get_asset_bundle(name, css=True, js=False).css()
for name in (
    "web.assets_frontend_minimal", "web.assets_frontend_lazy", "web.assets_web",
    "web.assets_emoji", "bus.websocket_worker_assets", *till,
):
    env["ir.qweb"]._get_asset_bundle(name, css=False, js=True).js()
cr.commit()
"""


@pytest.fixture(scope="session")
def once(tmp_path_factory, request):
    """Have one worker build what all workers copy."""
    folder = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        folder = folder.parent
    return lambda name, build: shared(folder / name, build, lambda made: drop(made["name"]))


@pytest.fixture(scope="session")
def prepared(request, once):
    """The name of a database with a company that is ready to issue."""

    def build():
        with contextlib.ExitStack() as failed:
            name = copy_of(os.environ["SMART_DEV_TEMPLATE_DB"])
            failed.callback(drop, name)
            checked(run_script(name, SET_UP))
            if any("browser" in item.path.stem for item in request.session.items):
                checked(run_script(name, ASSETS))
            failed.pop_all()
        return {"name": name}

    with once("prepared", build) as made:
        yield made["name"]


@pytest.fixture(scope="session")
def attacked(prepared, once):
    """Two companies with books in every state, for the tables of attacks to copy."""
    from attack_script import BOOKS
    from attack_world import Ready, built

    # Control numbers of the two are told apart.
    lot = {"lot_from": 7001, "lot_to": 90_000}
    with once("attacked", lambda: built(prepared, BOOKS, **lot)) as made:
        yield Ready(**made)


@pytest.fixture(scope="session")
def attacked_afresh(prepared, once):
    """Two companies that are ready to issue, for the tables of attacks to copy."""
    from attack_script import READY
    from attack_world import Ready, built

    with once("attacked_afresh", lambda: built(prepared, READY)) as made:
        yield Ready(**made)


@pytest.fixture
def simulator():
    running = SimulatorProcess()
    running.mint(RIF)
    yield running
    running.stop()


@pytest.fixture
def database(prepared, simulator):
    """A fresh copy whose company issues through the simulator, numbers enforced."""
    with copied(prepared) as name:
        connect(name, simulator)
        yield name


def connect(database, simulator, **issuer):
    """Have the company of a database issue through a simulator."""
    token = simulator.mint(RIF, **issuer)["token"]
    key = psql("SELECT secret FROM smart_token_key", database)
    psql(
        "UPDATE res_company SET smart_environment = 'custom', "
        f"smart_base_url = '{simulator.url}', smart_token_sealed = '{Seal([key]).seal(token)}' "
        "WHERE id = "
        "(SELECT company_id FROM res_users WHERE login = 'admin')",
        database,
    )


@pytest.fixture
def start_server(database, tmp_path):
    """Start servers on the test's database; they end with the test."""
    started = []

    def start(*options):
        log = Path(tmp_path, f"odoo-{len(started)}.log")
        started.append(ForkedServer(database, log, *options))
        started[-1].login()
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def script(database):
    """Run a script with the company's tools on the test's database; returns its process."""
    return lambda code, **options: run_script(database, TOOLS + code, **options)


def run_scheduled_action(server):
    """Have that of all issuers wake the issuer's now; by itself the server would in a minute."""
    name = "SMART: look after the queues of all issuers"
    [cron] = server.call("ir.cron", "search", [["cron_name", "=", name]])

    def run():
        try:
            return server.call("ir.cron", "method_direct_trigger", [cron]) or True
        except OdooError as error:
            if "already executing" not in str(error):  # by itself, in the same moment
                raise
            return False

    wait_for(run, what="the turn of the scheduled action")


# The technical details are offered for errors that nobody meant, not for a UserError.
DIALOG = "o_error_dialog"
ERROR_DIALOGS = f"""
new MutationObserver(() => {{
    const dialog = document.querySelector(".{DIALOG} .btn-link:not(.seen)");
    if (dialog) {{
        dialog.classList.add("seen");
        console.error("{DIALOG}", dialog.closest(".{DIALOG}").innerText);
    }}
}}).observe(document, {{ childList: true, subtree: true }});
"""


@pytest.fixture(scope="session")
def chromium():
    """A browser; each visit is a context of its own, as a new window that knows nobody."""
    executable = os.environ.get("SMART_DEV_CHROMIUM")
    assert executable, "no Chromium: ./dev says how to get it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium):
    """Open a window on a server as somebody who has logged in; returns its page, still empty."""
    with contextlib.ExitStack() as stack:

        def log_in(server, login="admin", password="admin", watch=lambda _page: None):
            # What moves is drawn many times, by the processor.
            context = chromium.new_context(
                base_url=server.url,
                viewport={"width": 1500, "height": 1000},
                reduced_motion="reduce",
            )
            stack.callback(context.close)
            session = server.another_client(login, password).session.cookies["session_id"]
            context.add_cookies([{"name": "session_id", "value": session, "url": server.url}])
            page = context.new_page()
            page.set_default_timeout(PATIENCE)
            watch(page)
            return page

        yield log_in


@pytest.fixture
def page(start_server, visit):
    """A page for the web client, of somebody who has logged in."""
    errors = []

    def watch(page):
        page.add_init_script(ERROR_DIALOGS)
        page.on("console", lambda said: said.type == "error" and errors.append(said.text))

    server = start_server()
    yield visit(server, watch=watch)
    # All that went wrong tells why, but only the dialog means that something did.
    if any(DIALOG in text for text in errors):
        log = server.log.read_text("utf-8", "replace").splitlines()
        server_errors = [line for line in log if " ERROR " in line]
        pytest.fail("\n".join(["Odoo said “Oops!”", *errors, *server_errors]), pytrace=False)

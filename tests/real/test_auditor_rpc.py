"""An auditor's login at a real server: whatever is called from outside changes nothing."""

import pytest
import requests
from auditor_allowed import OWN, READING
from conftest import TOOLS, connect
from preloaded import ForkedServer, run_script
from roads import Roads, result
from servers import CLIENTS, PATIENCE, OdooError, copied, psql, wait_for

from lab.simulator.testing import SimulatorProcess

AUDITOR = """
import json
move = invoice(); move.action_post(); cr.commit()
group = env.ref("l10n_ve_edi_smart.group_smart_auditor")
def auditor_of(login, company):
    user = env["res.users"].create({
        "name": login, "login": login, "password": login + " secret", "company_id": company.id,
        "company_ids": [(6, 0, company.ids)], "group_ids": [(6, 0, group.ids)], "lang": "en_US",
    })
    # A manager's group ticked by mistake must not widen anything.
    user.group_ids += env.ref("account.group_account_manager")
    key = env(user=user, su=True)["res.users.apikeys"]._generate(None, "json2", None)
    return {"id": user.id, "login": login, "password": login + " secret", "key": key}
other = env["res.company"].create({"name": "Otra, C.A."})
branch = env["res.company"].create({"name": "Sucursal Valencia", "parent_id": company.id})
print("RESULT", json.dumps({
    "auditor": auditor_of("seniat", company),
    "foreign": auditor_of("foreign", other),
    "branch": auditor_of("branch", branch),
    "company": company.id,
    "document": move.smart_document_id.id,
    "move": move.id,
}))
cr.commit()
"""

#: What the walk goes through: every public method of every model, by who defines it, and
#: every object button of the addon's views.
REACHABLE = """
import json
from lxml import etree
from odoo.service.model import get_public_method
methods, models = {}, []
for name in sorted(env.registry):
    model = env[name]
    models.append(name)
    for method in dir(type(model)):
        if method.startswith("_"):
            continue
        try:
            function = get_public_method(model, method)
        except Exception:
            continue
        if hasattr(function, "__qualname__"):
            # The same function of many models is called on each model of the addon, and once.
            key = name if name.startswith("smart.") else function.__module__
            methods.setdefault(f"{key} {function.__qualname__}", [name, method])
buttons = []
views = env["ir.model.data"].search([("module", "=", "l10n_ve_edi_smart"),
                                     ("model", "=", "ir.ui.view")])
for view in env["ir.ui.view"].browse(views.mapped("res_id")).filtered("model"):
    for node in etree.fromstring(view.arch_db).iter("button"):
        if node.get("type") == "object":
            buttons.append([view.model, node.get("name")])
print("RESULT", json.dumps({
    "methods": sorted(methods.values()), "models": models, "buttons": buttons,
}))
"""

#: Tables that the session itself is kept in, whoever logs in.
OF_THE_SESSION = {"res_device_log", "res_users_log", "bus_bus", "mail_presence"}


def writes(database):
    """Return how many rows each table had inserted, changed or deleted, rolled back or not."""
    # Backends tell once in a while, and when they end; Odoo opens new ones.
    others = (
        "FROM pg_stat_activity WHERE datname = current_database()"
        f" AND pid != pg_backend_pid() AND {CLIENTS}"
    )
    psql(f"SELECT pg_terminate_backend(pid) {others}", database)
    wait_for(lambda: psql(f"SELECT count(*) {others}", database) == "0", what="their end")
    rows = psql(
        "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables", database
    )
    counts = dict(row.split("|") for row in rows.splitlines())
    return {table: int(count) for table, count in counts.items() if table not in OF_THE_SESSION}


@pytest.fixture(scope="module")
def database(prepared):
    """One database for all tests of this file: they are to change nothing in it."""
    simulator = SimulatorProcess()
    with copied(prepared) as name:
        connect(name, simulator)
        yield name
    simulator.stop()


@pytest.fixture(scope="module")
def script(database):
    return lambda code: run_script(database, TOOLS + code)


@pytest.fixture(scope="module")
def audited(database, script):
    """Ids and logins of a database that is audited."""
    return result(script(AUDITOR))


@pytest.fixture(scope="module")
def server(database, audited, tmp_path_factory):
    """A server without scheduled actions: whatever is written, a call has written it."""
    log = tmp_path_factory.mktemp("server") / "odoo.log"
    running = ForkedServer(database, log, "--max-cron-threads=0")
    yield running
    running.stop()


@pytest.fixture
def roads(server, audited):
    return Roads(server, audited["auditor"])


def test_an_auditor_reads_on_screen_and_over_json_2(roads, audited):
    fields = ["control_number", "name", "lines_html"]
    for read in (
        lambda: roads.web("smart.document", "search_read", [], fields),
        lambda: roads.json2("smart.document", "search_read", domain=[], fields=fields),
    ):
        documents = read()
        assert [document["control_number"] for document in documents] == ["00-00000001"]
        assert "Line" in documents[0]["lines_html"]


def test_an_auditor_of_another_company_or_branch_finds_nothing(server, audited):
    models = ("smart.document", "smart.exchange")
    for who in ("foreign", "branch"):
        roads = Roads(server, audited[who])
        for model in models:
            for read in (
                lambda: roads.web(model, "search_read", [], ["id"]),  # noqa: B023
                lambda: roads.json2(model, "search_read", domain=[], fields=["id"]),  # noqa: B023
            ):
                assert read() == [], (who, model)
        for attempt in (
            lambda: roads.web("smart.document", "read", [audited["document"]], ["name"]),  # noqa: B023
            lambda: roads.json2("smart.document", "read", ids=[audited["document"]]),  # noqa: B023
            lambda: roads.web(  # noqa: B023
                "smart.document", "search_read", [], ["name"], company=audited["company"]
            ),
        ):
            with pytest.raises(OdooError):
                attempt()


def test_no_model_and_no_public_method_lets_an_auditor_change_anything(
    roads, audited, script, database
):
    reach = result(script(REACHABLE))
    assert len(reach["models"]) > 200
    assert len(reach["methods"]) > 1500
    own = {(model, method) for model, methods in OWN.items() for method in methods}
    before = writes(database)
    allowed = []

    def refused(road, model, method, *args, **kwargs):
        try:
            road(model, method, *args, **kwargs)
        except OdooError:
            return
        allowed.append((model, method))

    for model in reach["models"]:
        for method, args in (
            ("create", [{}]),
            ("write", [[1], {"display_name": "x"}]),
            ("unlink", [[1]]),
        ):
            if (model, method) not in own:
                refused(roads.web, model, method, *args)
        refused(roads.json2, model, "write", ids=[1], vals={})
        if (model, "create") not in own:
            refused(roads.json2, model, "create", vals_list=[{}])
        refused(roads.json2, model, "unlink", ids=[1])
    for model, method in reach["methods"]:
        if method not in READING and (model, method) not in own:
            refused(roads.web, model, method, [1])
    assert allowed == []
    # Methods that read do so, or not; nothing is written in either case.
    for model in reach["models"]:
        for method in ("search_read", "fields_get", "get_views", "default_get"):
            try:
                roads.web(model, method, [])
            except OdooError:
                continue
    assert reach["buttons"]
    for model, method in reach["buttons"]:
        if (model, method) not in own:
            refused(roads.button, model, method, [audited["document"]])
    assert allowed == []
    after = writes(database)
    assert {table: count for table, count in after.items() if count != before.get(table)} == {}
    psql("UPDATE res_partner SET comment = comment WHERE id = 1", database)
    assert writes(database)["res_partner"] == before["res_partner"] + 1, "the counts do count"


def test_an_auditor_makes_books_that_change_nothing_but_their_own_row(roads, audited, database):
    """What is allowed as :data:`OWN`: here each of the book's methods is called."""
    before = writes(database)
    [made] = roads.web("smart.book", "web_save", [], {}, {"issuer_id": {}, "date_from": {}})
    for method in ("action_view", "action_pdf", "action_xlsx"):
        action = roads.button("smart.book", method, [made["id"]])
        assert action["type"] in ("ir.actions.report", "ir.actions.act_url")
    roads.web("smart.book", "web_save", [made["id"]], {"document_type": "invoice"}, {})
    assert roads.web("smart.book", "web_read", [made["id"]], {"document_type": {}}) == [
        {"id": made["id"], "document_type": "invoice"}
    ]
    assert psql("SELECT document_type FROM smart_book", database) == "invoice"
    session, url = roads.server.session, roads.server.url
    for path in (
        f"/l10n_ve_edi_smart/book/{made['id']}.xlsx",
        f"/report/pdf/l10n_ve_edi_smart.report_smart_book/{made['id']}",
        f"/report/html/l10n_ve_edi_smart.report_smart_book/{made['id']}",
    ):
        answer = session.get(url + path, timeout=PATIENCE)
        assert answer.status_code == 200, path
        assert len(answer.content) > 3000
    after = writes(database)
    changed = {table for table, count in after.items() if count != before.get(table)}
    assert changed <= {"smart_book", "res_company_smart_book_rel"}


def test_a_book_is_no_way_into_other_records_for_an_auditor(server, roads, audited, database):
    before = writes(database)
    company = audited["company"]
    for values in (
        {"company_ids": [[0, 0, {"name": "Nueva, C.A."}]]},
        {"company_ids": [[1, company, {"name": "Otra"}]]},
        {"company_ids": [[2, company, 0]]},
    ):
        for road in (
            lambda: roads.web("smart.book", "web_save", [], values, {}),  # noqa: B023
            lambda: roads.web("smart.book", "create", [values]),  # noqa: B023
            lambda: roads.json2("smart.book", "create", vals_list=[values]),  # noqa: B023
            lambda: roads.jsonrpc("smart.book", "create", values),  # noqa: B023
        ):
            with pytest.raises(OdooError):
                road()
    for method in ("write", "unlink", "copy", "web_override_translations", "message_post"):
        with pytest.raises(OdooError):
            roads.web("smart.book", method, [1], {})
    [book] = roads.web("smart.book", "web_save", [], {}, {})
    touched = {"smart_book", "res_company_smart_book_rel"}
    foreign = Roads(server, audited["foreign"])
    for path in (
        f"/l10n_ve_edi_smart/book/{book['id']}.xlsx",
        f"/report/html/l10n_ve_edi_smart.report_smart_book/{book['id']}",
    ):
        answer = server.session.get(server.url + path, timeout=PATIENCE)
        assert answer.status_code != 200, "the book of somebody else"
        assert "La Candelaria" not in answer.text
    for attempt in (
        lambda: foreign.button("smart.book", "action_view", [book["id"]]),
        lambda: foreign.web("smart.book", "web_read", [book["id"]], {"date_from": {}}),
        lambda: foreign.web("smart.book", "web_save", [book["id"]], {}, {}),
        lambda: foreign.web("smart.book", "create", [{"company_ids": [[6, 0, [company]]]}]),
        lambda: foreign.web("smart.book", "create", [{"issuer_id": company}]),
    ):
        with pytest.raises(OdooError):
            attempt()
    after = writes(database)
    changed = {table for table, count in after.items() if count != before.get(table)}
    assert changed <= touched


def test_the_old_apis_are_closed_to_an_auditor(roads, audited, database):
    before = writes(database)
    for road in (roads.jsonrpc, roads.xmlrpc):
        for model, method, args in (
            ("smart.document", "search_read", [[], ["control_number"]]),
            ("res.users", "read", [[roads.who["id"]], ["name"]]),
            ("res.partner", "create", [{"name": "x"}]),
            ("smart.document", "write", [[audited["document"]], {"control_number": "1"}]),
            ("account.move", "action_post", [[audited["move"]]]),
            ("account.move", "search_read", [[], ["name"]]),
            ("smart.numbering", "message_post", [[1]]),
        ):
            with pytest.raises(OdooError, match="JSON-2"):
                road(model, method, *args)
    after = writes(database)
    assert {table: count for table, count in after.items() if count != before.get(table)} == {}


def test_other_routes_of_the_server_write_nothing_for_an_auditor(roads, audited, database):
    document = audited["document"]
    before = writes(database)
    for path, params in (
        ("/mail/message/post", {
            "thread_model": "smart.numbering", "thread_id": 1, "post_data": {"body": "x"}}),
        ("/mail/message/post", {
            "thread_model": "res.partner", "thread_id": 1, "post_data": {"body": "x"}}),
        ("/discuss/channel/create_group", {"partners_to": [1]}),
        ("/discuss/channel/get_or_create_chat", {"partners_to": [1]}),
        ("/web/action/run", {"action_id": 1}),
        ("/web/model/get_definitions", {"model_names": ["account.move"]}),
        ("/web/dataset/call_kw", {
            "model": "smart.document", "method": "write",
            "args": [[document], {"state": "queued"}], "kwargs": {}}),
        ("/web/dataset/call_kw/smart.document/read", {  # another method than the path says
            "model": "smart.document", "method": "unlink", "args": [[document]], "kwargs": {}}),
    ):  # fmt: skip
        try:
            roads.server.post(path, params)
        except (OdooError, requests.JSONDecodeError):
            continue
    session = roads.server.session
    page = session.get(roads.server.url + "/web", timeout=PATIENCE).text
    token = page.split('csrf_token: "')[1].split('"')[0]
    upload = session.post(
        roads.server.url + "/web/binary/upload_attachment",
        data={"csrf_token": token, "model": "smart.document", "id": document},
        files={"ufile": ("x.txt", b"x")},
        timeout=PATIENCE,
    )
    assert "error" in upload.text
    upload = session.post(
        roads.server.url + "/mail/attachment/upload",
        data={"csrf_token": token, "thread_model": "smart.numbering", "thread_id": 1},
        files={"ufile": ("x.txt", b"x")},
        timeout=PATIENCE,
    )
    assert upload.status_code != 200 or "error" in upload.text
    imported = session.post(
        roads.server.url + "/base_import/set_file",
        data={"csrf_token": token, "id": 1},
        files={"ufile": ("x.csv", b"name\nx")},
        timeout=PATIENCE,
    )
    assert imported.status_code != 200
    after = writes(database)
    changed = {table for table, count in after.items() if count != before.get(table)}
    # The first page that anyone opens makes the user's own settings of the web client.
    assert changed <= {"res_users_settings", "ir_attachment"}
    stored = "SELECT count(*) FROM ir_attachment WHERE name IN ('x.txt', 'x.csv')"
    assert psql(stored, database) == "0"


def test_an_auditor_keeps_its_own_account(roads, audited):
    action = roads.web("res.users", "preference_change_password", [audited["auditor"]["id"]])
    assert action
    wizard = roads.web("change.password.own", "create", {
        "new_password": "another secret", "confirm_password": "another secret"})  # fmt: skip
    assert wizard

"""A real server that logs all there is, on a real database: neither shows a part of the token."""

import contextlib
import json
import re
import threading

import psycopg2
import pytest
from conftest import RIF, checked
from servers import RC, OdooError, psql, wait_for
from test_auditor_rpc import Roads

from smart_api.sealing import Seal

#: Everything that the server and its libraries have to say.
TALKATIVE = (
    "--log-level=debug_rpc_answer", "--log-handler=:DEBUG", "--log-handler=odoo:DEBUG",
    "--log-handler=odoo.sql_db:DEBUG", "--log-handler=odoo.http.rpc:DEBUG",
    "--log-handler=werkzeug:DEBUG",
)  # fmt: skip

ADMINISTRATOR = """
admin = env.ref("base.user_admin")
key = env["res.users.apikeys"].with_user(admin)._generate("rpc", "test", None)
invoice(); invoice()
import json
print(json.dumps({
    "id": admin.id, "login": "admin", "password": "admin", "key": key, "company": company.id,
    "invoices": env["account.move"].search([("company_id", "=", company.id)], order="id").ids,
}))
cr.commit(); cr.close()
"""

#: Parts of a text that are no coincidence.
WINDOW = 8


def secrets(token):
    """Return what must be nowhere: of claims and signature whatever has so many characters."""
    return {
        part[start : start + WINDOW]
        for part in token.split(".")[1:]
        for start in range(len(part) - WINDOW + 1)
    }


def assert_not_in(text, tokens):
    for token in tokens:
        found = [secret for secret in secrets(token) if secret in text]
        lines = [line for line in text.splitlines() if any(one in line for one in found)]
        assert not found, "\n".join(line[:2000] for line in lines[:5])


@contextlib.contextmanager
def another_transaction(database):
    """Give a cursor of another transaction, which is committed at the end."""
    connection = psycopg2.connect(dbname=database)
    try:
        with connection, connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def assert_not_stored(database, token):
    """Look for a token in every row of every table, as text and in binary data."""
    with another_transaction(database) as cursor:
        cursor.execute(
            "SELECT quote_ident(table_name) FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        tables = [table for [table] in cursor.fetchall()]
        assert "res_company" in tables
        parts = token.split(".")[1:]
        wanted = "|".join([*parts, *(part.encode().hex() for part in parts)])
        cursor.execute(
            " UNION ALL ".join(
                f"(SELECT '{table}' FROM {table} AS r WHERE r::text ~ %(wanted)s LIMIT 1)"
                for table in tables
            ),
            {"wanted": wanted},
        )
        assert not cursor.fetchall()


@pytest.fixture
def roads(script, start_server):
    who = json.loads(checked(script(ADMINISTRATOR)).splitlines()[-1])
    return Roads(start_server(*TALKATIVE), who)


def stuck_statement(database):
    """Wait until a statement of the server waits for a lock, and return it."""
    return wait_for(
        lambda: psql(
            "SELECT query FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND datname = current_database()",
            database,
        ),
        what="that the server waits for the other transaction",
    )


def in_the_background(function, *args, **kwargs):
    """Run a call in a thread; returns what waits for its end."""
    thread = threading.Thread(target=function, args=args, kwargs=kwargs)
    thread.start()
    return thread.join


def save_in_settings(roads, values):
    """Do as the web client does when the page of the settings is changed and saved."""
    context = {"allowed_company_ids": [roads.who["company"]], "module": "account"}
    names = [*values, "smart_token", "smart_holder_rif", "company_id"]
    spec = {name: {} for name in names}

    def call(method, *args, **kwargs):
        return roads.web("res.config.settings", method, *args, context=context, **kwargs)

    shown = call("onchange", [], {}, [], spec)["value"]
    shown["company_id"] = roads.who["company"]
    call("onchange", [], shown | values, list(values), spec)
    [saved] = call("web_save", [], shown | values, spec)
    call("execute", [saved["id"]])


def test_no_line_of_the_log_has_a_part_of_it_on_whatever_road_it_comes(roads, simulator, database):
    server, company = roads.server, [roads.who["company"]]
    tokens = [simulator.mint(RIF, phone=f"+58 212-555000{n}")["token"] for n in range(7)]
    assert len(set(tokens)) == len(tokens)
    # As it is pasted out of a PDF.
    pasted = "\r\n".join(tokens[0][start : start + 60] for start in range(0, len(tokens[0]), 60))
    save_in_settings(roads, {"smart_token": pasted})
    roads.web("res.company", "write", company, {"smart_token": tokens[1]})
    roads.json2("res.company", "write", ids=company, vals={"smart_token": tokens[2]})
    roads.jsonrpc("res.company", "write", company, {"smart_token": tokens[3]})
    roads.xmlrpc("res.company", "write", company, {"smart_token": tokens[4]})
    # Pieces, guesses and mistakes are refused, with words that quote nothing.
    lines = pasted.splitlines()
    guess = [["smart_token", "=like", tokens[5][:80] + "%"]]
    for attempt in (
        lambda: roads.web("res.company", "write", company, {"smart_token": "".join(lines[1:])}),
        lambda: save_in_settings(roads, {"smart_token": "\n".join(lines[1:])}),
        lambda: roads.web("res.company", "write", company, {"smart_token": [tokens[5]]}),
        lambda: roads.web("res.company", "write", company, {"smart_token": {"x": tokens[5]}}),
        lambda: roads.web("res.company", "write", company, {tokens[5]: 1}),
        lambda: roads.web("res.company", "web_search_read", guess, {"name": {}}),
        lambda: roads.web("res.company", tokens[5]),
        lambda: roads.web("res.company", "write", tokens[5], {"name": "x"}),
        lambda: roads.jsonrpc("res.company", "search", guess),
    ):
        with pytest.raises(OdooError):
            attempt()
    roads.web("res.company", "load", ["id", "smart_token"], [["x.y", tokens[5]]])
    # The last of them is the one in force; who may read it gets it.
    [read] = roads.web("res.company", "web_read", company, {"smart_token": {}})
    assert read["smart_token"] == tokens[4]
    roads.web("account.move", "action_post", [roads.who["invoices"][0]], company=company[0])
    assert [one["control_number"] for one in simulator.documents("")] == ["00-00000001"]
    server.stop()
    log = server.log.read_text("utf-8", "replace")
    assert_not_in(log, tokens)
    # That is no test if nothing was logged.
    assert f"call res.company({company[0]},).write({{'smart_token': '[token]'}})" in log
    assert "DEBUG" in log
    assert re.search(r'query:\s+UPDATE "res_company"\s+SET [^;]*"smart_token_sealed"', log)
    for token in (tokens[0], tokens[4], tokens[5]):
        assert_not_stored(database, token)


def test_what_fails_to_serialize_is_logged_without_it(roads, simulator, database):
    company, token = roads.who["company"], simulator.mint(RIF)["token"]
    with another_transaction(database) as cursor:
        cursor.execute("UPDATE res_company SET write_date = now() WHERE id = %s", [company])
        end = in_the_background(
            roads.web, "res.company", "write", [company], {"smart_token": token}
        )
        statement = stuck_statement(database)
    end()
    assert "smart_token_sealed" in statement
    assert_not_in(statement, [token])
    [read] = roads.web("res.company", "web_read", [company], {"smart_token": {}})
    assert read["smart_token"] == token, "Odoo repeats what failed"
    roads.server.stop()
    log = roads.server.log.read_text("utf-8", "replace")
    assert_not_in(log, [token])
    # More than one where the repetition met something, too.
    lines = [line for line in log.splitlines() if "ERROR" in line and "bad query" in line]
    assert lines
    assert any('UPDATE "res_company"' in line for line in lines)
    assert any("smart_token_sealed" in line for line in lines)
    assert "could not serialize access" in log


def test_two_that_draw_the_databases_key_at_once_use_the_same(roads, simulator, database):
    company, token = roads.who["company"], simulator.mint(RIF)["token"]
    with another_transaction(database) as cursor:
        cursor.execute("DELETE FROM smart_token_key")
        cursor.execute("INSERT INTO smart_token_key (id, secret) VALUES (1, 'the first one')")
        end = in_the_background(
            roads.web, "res.company", "write", [company], {"smart_token": token}
        )
        assert "smart_token_key" in stuck_statement(database)
    end()
    sealed = psql(f"SELECT smart_token_sealed FROM res_company WHERE id = {company}", database)
    assert Seal(["the first one"]).open(sealed) == token


def test_the_key_of_odoo_conf_opens_what_it_sealed_and_is_not_in_the_database(
    script, database, tmp_path
):
    conf = tmp_path / "odoo.conf"
    with open(RC, encoding="utf-8") as file:
        conf.write_text(file.read() + "l10n_ve_edi_smart_key = clave de prueba 7431\n", "utf-8")
    start = f"odoo.tools.config.parse_config(['-c', {str(conf)!r}, '-d', {database!r}])\n"
    seal = "company.smart_token = company.smart_token\ncr.commit(); cr.close()"
    tell = "print(company.smart_token_lost, company.smart_holder_rif)"
    checked(script(start + seal))
    query = "SELECT smart_token_sealed FROM res_company WHERE smart_token_sealed <> ''"
    sealed = psql(query, database)
    assert Seal(["clave de prueba 7431"]).open(sealed)
    assert checked(script(start + tell)).split() == ["False", RIF]
    assert checked(script(tell)).split() == ["True", "False"], "as with a stolen dump"
    assert_not_stored(database, "x.clave de prueba 7431")

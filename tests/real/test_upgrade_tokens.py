"""Upgrading from 19.0.1.0.0, which kept tokens in clear: they are sealed, and nowhere else."""

import subprocess

import pytest
from conftest import RIF, checked
from servers import LAUNCHER, PATIENCE, PYTHON, RC, psql
from test_token_secrecy import assert_not_in, assert_not_stored

from smart_api.sealing import Seal

ADDON = "l10n_ve_edi_smart"

MINE = "id = (SELECT company_id FROM res_users WHERE login = 'admin')"

#: What the version before had not, and what it had.
AS_BEFORE = f"""
DROP TABLE smart_token_key;
DELETE FROM ir_model WHERE model = 'smart.token.key';
DELETE FROM ir_model_data WHERE module = '{ADDON}' AND name ~ 'smart_token_(key|sealed|lost)';
DELETE FROM ir_model_fields
      WHERE model = 'res.company' AND name IN ('smart_token_sealed', 'smart_token_lost');
ALTER TABLE res_company DROP COLUMN smart_token_sealed, ADD COLUMN smart_token varchar;
UPDATE ir_module_module SET latest_version = '19.0.1.0.0' WHERE name = '{ADDON}';
"""


@pytest.fixture
def token(database, simulator):
    """Leave the database as the version before had it; return the token that it has."""
    token = simulator.mint(RIF)["token"]
    for statement in filter(str.strip, AS_BEFORE.split(";\n")):
        psql(statement, database)
    # Also as rows that were updated since, and as what another company had.
    for written in (token, "eyJ" + token[::-1], token):
        psql(f"UPDATE res_company SET smart_token = '{written}' WHERE {MINE}", database)
    return token


def upgrade(database):
    """Run Odoo's upgrade, which logs all it has to say; return the log."""
    process = subprocess.run(
        [
            PYTHON, LAUNCHER, "-c", RC, "-d", database, "-u", ADDON, "--stop-after-init",
            "--no-http", "--log-level=debug", "--log-handler=odoo.sql_db:DEBUG",
        ],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )  # fmt: skip
    assert process.returncode == 0, process.stderr[-5000:]
    return process.stderr


def test_the_upgrade_seals_it_and_it_can_be_used(token, script, simulator, database):
    log = upgrade(database)
    assert_not_in(log, [token])
    assert "Running migration" in log
    assert_not_stored(database, token)
    columns = psql(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'res_company'"
        " AND column_name LIKE 'smart_token%' ORDER BY column_name",
        database,
    )
    assert columns.split() == ["smart_token_origin", "smart_token_sealed"]
    version = f"SELECT latest_version > '19.0.1.0.0' FROM ir_module_module WHERE name = '{ADDON}'"
    assert psql(version, database) == "t"
    sealed = psql(f"SELECT smart_token_sealed FROM res_company WHERE {MINE}", database)
    assert Seal([psql("SELECT secret FROM smart_token_key", database)]).open(sealed) == token
    issue = "one = invoice(); one.action_post(); cr.commit(); print(one.smart_control_number)"
    assert checked(script(issue)).strip() == "00-00000001"


def in_the_files(database, text):
    """Tell whether PostgreSQL's files of the table of companies hold a text."""
    superuser = f"dbname={database} user=postgres"
    try:
        psql("CHECKPOINT", superuser)
    except AssertionError:
        pytest.skip("PostgreSQL lets nobody read its files here")
    tables = "SELECT unnest(ARRAY[oid, reltoastrelid]) FROM pg_class WHERE relname = 'res_company'"
    found = psql(
        f"SELECT position('{text}'::bytea IN pg_read_binary_file(pg_relation_filepath(one)))"
        f" FROM ({tables}) AS tables(one)",
        superuser,
    )
    return any(map(int, found.split()))


def test_the_upgrade_leaves_it_not_even_in_a_dead_row(token, database):
    # The signature: what is long may be compressed, and this is what that cannot shorten.
    signature, dead = token.split(".")[2], token[::-1].split(".")[0]
    assert in_the_files(database, signature)
    assert in_the_files(database, dead)
    upgrade(database)
    assert not in_the_files(database, signature)
    assert not in_the_files(database, dead)

"""The token is sealed wherever it is kept, and in no statement and no log."""

import base64
import inspect
import logging
import os
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged
from odoo.tools import config

from odoo.addons.base.models.ir_autovacuum import is_autovacuum

from ..models.conversion.problem import SmartPreflightError
from ..models.issuer.token_key import OPTION
from ..smart_api.sealing import Seal
from .common import RIF
from .resolving_common import ResolvingCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestToken(ResolvingCommon):
    def stored(self):
        """Return what the database has of the company's token."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT smart_token_sealed FROM res_company WHERE id = %s", [self.company.id]
        )
        return self.env.cr.fetchone()[0]

    def served_with(self, keys):
        """Have the server started with keys; what is cached of the companies is forgotten."""
        self.env.flush_all()
        self.env.invalidate_all()
        return patch.dict(os.environ, {OPTION.upper(): keys})

    def lose_the_key(self):
        """Seal the token with a key that the server does not have."""
        with self.served_with("a key that nobody has any more"):
            self.company.smart_token = self.company.smart_token
            self.env.flush_all()
        self.env.invalidate_all()

    # -- what is stored --------------------------------------------------------------------

    def test_no_statement_has_the_token_and_the_database_has_it_sealed_alone(self):
        token = self.simulator.mint(RIF)["token"]
        statements = []
        execute = type(self.env.cr).execute

        def recorded(cr, query, params=None, **options):
            statements.append(cr._format(query, params))
            return execute(cr, query, params, **options)

        with patch.object(type(self.env.cr), "execute", recorded):
            self.company.smart_token = token
            self.env["res.config.settings"].create({"smart_token": token}).execute()
            self.confirm()
            self.env.flush_all()
        self.assertTrue([one for one in statements if "smart_token_sealed" in one])
        for part in token.split(".")[1:]:
            for statement in statements:
                self.assertNotIn(part[:8], statement)
        self.env.cr.execute(
            "SELECT column_name FROM information_schema.columns WHERE column_name LIKE"
            " 'smart_token%' AND table_name IN ('res_company', 'res_config_settings')"
            " ORDER BY column_name"
        )
        # The address that it was entered for, and the token sealed.
        self.assertEqual(self.env.cr.fetchall(), [("smart_token_origin",), ("smart_token_sealed",)])
        self.env.invalidate_all()
        self.assertEqual(self.company.smart_token, token)
        self.assertNotEqual(self.stored(), token)

    def test_the_key_that_the_database_drew_is_in_no_statement(self):
        statements = []
        execute = type(self.env.cr).execute

        def recorded(cr, query, params=None, **options):
            statements.append(cr._format(query, params))
            return execute(cr, query, params, **options)

        self.env.cr.execute("DELETE FROM smart_token_key")
        self.env.registry.clear_cache()
        token = self.simulator.mint(RIF)["token"]
        with patch.object(type(self.env.cr), "execute", recorded):
            self.company.smart_token = token
            self.env.flush_all()
        self.env.cr.execute("SELECT secret FROM smart_token_key")
        [[key]] = self.env.cr.fetchall()
        self.assertEqual(len(base64.urlsafe_b64decode(key)), 32, "no passphrase: it costs nothing")
        self.assertFalse([one for one in statements if key[:8] in one])
        self.assertEqual(Seal([key]).open(self.stored()), token)
        self.env["smart.token.key"]._draw()
        self.env.cr.execute("SELECT secret FROM smart_token_key")
        self.assertEqual(self.env.cr.fetchall(), [(key,)], "drawn once")

    def test_a_token_that_is_taken_away_leaves_nothing(self):
        self.company.smart_token = False
        self.assertIsNone(self.stored())
        self.assertFalse(self.company.smart_token_lost)
        self.assertFalse(self.company.smart_issuer_id)

    def test_a_company_can_be_made_with_its_token(self):
        token = self.simulator.mint("J-30984512-8")["token"]
        other = self.env["res.company"].create({"name": "Otra, C.A.", "smart_token": token})
        self.env.invalidate_all()
        self.assertEqual(other.smart_token, token)
        self.assertEqual(other.smart_holder_rif, "J-30984512-8")

    def test_saving_other_settings_does_not_touch_the_token(self):
        sealed = self.stored()
        admin = self.env.ref("base.user_admin")
        admin.write({"company_ids": [(4, self.company.id)], "company_id": self.company.id})
        Settings = self.env["res.config.settings"].with_user(admin).with_company(self.company)
        names = ["smart_token", "smart_environment", "smart_branch_code", "company_id"]
        values = Settings.default_get(names)
        Settings.create(values | {"smart_branch_code": "07"}).execute()
        self.assertEqual(self.company.smart_branch_code, "07")
        self.assertEqual(self.stored(), sealed)

    # -- keys ------------------------------------------------------------------------------

    def test_the_servers_key_is_taken_from_its_environment_or_its_configuration(self):
        token = self.company.smart_token
        for name, served in (
            ("of the environment", patch.dict(os.environ, {OPTION.upper(): "of the environment"})),
            ("of odoo.conf", patch.dict(config.options, {OPTION: "of odoo.conf"})),
        ):
            with self.subTest(name), served:
                self.company.smart_token = token
                self.assertEqual(Seal([name]).open(self.stored()), token)

    def test_what_the_databases_key_sealed_is_sealed_anew_with_the_servers(self):
        token, sealed = self.company.smart_token, self.stored()
        with self.served_with("new"):
            self.assertEqual(self.company.smart_token, token)
            self.env["res.company"]._smart_seal_anew()
            self.assertEqual(Seal(["new"]).open(self.stored()), token)
            self.assertNotEqual(self.stored(), sealed)
            sealed = self.stored()
            self.env["res.company"]._smart_seal_anew()
            self.assertEqual(self.stored(), sealed, "once")
        with self.served_with("newer, new"):
            self.assertEqual(self.company.smart_token, token)
            self.env["res.company"]._smart_seal_anew()
        with self.served_with("newer"):
            self.assertEqual(self.company.smart_token, token)
            self.confirm()

    def test_odoos_daily_cleaning_seals_anew(self):
        token = self.company.smart_token
        with self.served_with("new"), self.registry.cursor() as cr:
            env = self.env(cr=cr, user=self.env.ref("base.user_root"))
            # As `ir.autovacuum` finds them.
            for name, method in inspect.getmembers(self.registry["res.company"], is_autovacuum):
                if name.startswith("_smart"):
                    method(env["res.company"])
        self.assertEqual(Seal(["new"]).open(self.stored()), token)

    # -- a lost key ------------------------------------------------------------------------

    def test_with_a_lost_key_sending_stops_with_that_reason_until_the_token_is_entered(self):
        token = self.company.smart_token
        moves = self.make_invoice()
        moves.action_post()
        self.lose_the_key()
        self.commit()
        lane = self.env["smart.lane"].search([("issuer_id", "=", self.company.id)])
        self.assertTrue(lane.blocked)
        self.assertIn("sealed with a key", lane.reason)
        self.assertEqual(moves.smart_state, "queued")
        self.assertFalse(self.simulator.documents())
        self.company.smart_token = token
        self.assertFalse(self.company.smart_token_lost)
        self.send_in_background()
        self.assertEqual(moves.smart_state, "issued")

    def test_with_a_lost_key_nothing_is_confirmed_and_the_reason_is_said(self):
        self.lose_the_key()
        with self.assertRaisesRegex(SmartPreflightError, "(?s)Token.*sealed with a key"):
            self.confirm()
        self.assertFalse(self.simulator.documents())

    def test_with_a_lost_key_the_company_stays_the_issuer(self):
        branch = self.env["res.company"].create({"name": "Sede", "parent_id": self.company.id})
        self.lose_the_key()
        self.assertEqual((self.company + branch).smart_issuer_id, self.company)

    def test_with_a_lost_key_settings_say_so_and_keep_what_is_sealed(self):
        self.lose_the_key()
        sealed = self.stored()
        settings = self.env["res.config.settings"].create({})
        self.assertTrue(settings.smart_token_lost)
        self.assertFalse(settings.smart_holder_rif)
        view = self.env["res.config.settings"].get_view(view_type="form")
        self.assertIn("smart_token_lost", view["arch"])
        values = self.env["res.config.settings"].default_get(["smart_token", "company_id"])
        self.env["res.config.settings"].create(values).execute()
        self.assertEqual(self.stored(), sealed, "the key may be found again")

    def test_with_a_lost_key_documents_in_doubt_stay_in_doubt(self):
        document = self.unknown(enforced=True).smart_document_id
        self.lose_the_key()
        with self.assertRaisesRegex(UserError, "cannot be set aside yet"):
            document._decide_not_issued("It is not there", aside=True)

    def test_two_lost_tokens_are_not_taken_for_one_issuer(self):
        other = self.env["res.company"].create({"name": "Otra, C.A."})
        other.write(
            {
                "smart_environment": "custom",
                "smart_base_url": self.simulator.url,
                "smart_token": self.simulator.mint("J-30984512-8")["token"],
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_company SET smart_token_sealed = 'x' WHERE smart_token_sealed IS NOT NULL"
        )
        self.env.invalidate_all()
        other.smart_environment = "disabled"
        other.smart_environment = "custom"
        self.assertTrue(other.smart_token_lost)
        with self.assertRaisesRegex(ValidationError, "was entered for"):
            other.smart_environment = "test"  # the key may come back

    # -- who reads what --------------------------------------------------------------------

    def test_administrators_read_the_token_and_nobody_the_keys(self):
        admin = self.new_user("smart_admin", "base.group_system")
        self.assertEqual(self.company.with_user(admin).smart_token, self.company.smart_token)
        key = self.env["smart.token.key"].sudo().search([])
        self.assertEqual(len(key), 1)
        key = key.with_user(admin)
        for attempt in (
            lambda: key.read(["secret"]),
            lambda: key.search([]),
            lambda: key.search_count([("secret", "like", "a%")]),
            lambda: key.write({"secret": "mine"}),
            lambda: key.create({"secret": "mine"}),
            key.unlink,
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                attempt()

    # -- the log ---------------------------------------------------------------------------

    def test_no_record_of_any_logger_has_a_token(self):
        token = self.company.smart_token
        for name in ("odoo.service.model", "odoo.sql_db", "odoo.addons.somebodys", "werkzeug"):
            with self.assertLogs(name, logging.DEBUG) as caught:
                logging.getLogger(name).debug("call %s", {"smart_token": token})
            self.assertEqual(caught.records[0].getMessage(), "call {'smart_token': '[token]'}")

    def test_odoos_own_set_up_of_the_log_leaves_the_mask_in_place(self):
        from odoo import netsvc

        from ..log_record import LogRecord

        self.assertIs(netsvc.LogRecord, LogRecord)
        self.assertIs(logging.getLogRecordFactory(), LogRecord)
        handlers = list(logging.getLogger().handlers)
        netsvc.init_logger()
        self.assertIs(logging.getLogRecordFactory(), LogRecord)
        self.assertEqual(logging.getLogger().handlers, handlers)

    # -- copies ----------------------------------------------------------------------------

    def test_a_neutralised_copy_cannot_open_what_the_original_has(self):
        sealed = self.stored()
        for query in get_neutralization_queries(["l10n_ve_edi_smart"]):
            self.env.cr.execute(query)
        self.env.cr.execute("SELECT secret FROM smart_token_key")
        [[key]] = self.env.cr.fetchall()
        self.assertFalse(Seal([key]).is_current(sealed))
        self.assertIsNone(self.stored())

"""What the retention settings let go, and what never goes: the chain tells the two apart."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .chain_common import ChainCommon

LANE = "odoo.addons.l10n_ve_edi_smart.models.lane.lane"


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestChainRetention(ChainCommon):
    @mute_logger(LANE)
    def refused_then_issued(self):
        move = self.make_invoice()
        move.action_post()
        self.simulator.fault("out_of_control_numbers")
        self.commit()
        self.assertEqual(move.smart_exchange_ids.outcome, "refused")
        move.action_smart_send()
        self.commit()
        self.assertEqual(move.smart_state, "issued")
        return move

    def shorten(self):
        self.run_cron("smart.exchange", "_cron_shorten")

    def shortened(self):
        """Return (refused, accepted): calls of long ago that were shortened."""
        with self.long_ago(13):
            exchanges = self.refused_then_issued().smart_exchange_ids.sorted("id")
        self.company.smart_retention_months = 12
        self.shorten()
        self.assertFalse(self.finding())
        return exchanges.sudo()

    def test_shortening_removes_old_texts_that_prove_nothing_and_no_link_breaks(self):
        with self.long_ago(13):
            old = self.refused_then_issued()
        young = self.refused_then_issued()
        refused, accepted = old.smart_exchange_ids.sorted("id")
        answer = accepted.answer_body
        rows = self.env["smart.exchange"].search_count([])
        self.shorten()
        self.assertTrue(refused.request_body, "by default everything is kept")
        self.company.smart_retention_months = 12
        self.shorten()
        self.assertFalse(refused.request_body or refused.answer_body)
        self.assertTrue(refused.message and refused.shortened_at)
        self.assertEqual(accepted.answer_body, answer, "it proves the issue")
        self.assertFalse(accepted.request_body, "the document keeps the same text")
        self.assertTrue(old.smart_document_id.request_body)
        self.assertTrue(all(young.smart_exchange_ids.mapped("request_body")))
        self.assertEqual(self.env["smart.exchange"].search_count([]), rows)
        self.assertFalse(self.finding())
        self.assertEqual(self.links()[-1].kind, "shortening")
        when = refused.shortened_at
        self.shorten()
        self.assertEqual(refused.shortened_at, when)
        self.assertEqual(self.links().mapped("kind").count("shortening"), 1)

    def test_nothing_young_is_shortened(self):
        with self.assertRaisesRegex(UserError, "at least 3 months"):
            self.company.smart_retention_months = 1
        self.sql("UPDATE res_company SET smart_retention_months = 1")
        with self.long_ago(2):
            self.refused_then_issued()
        self.shorten()
        self.assertFalse(self.env["smart.exchange"].search([("shortened_at", "!=", False)]))

    def test_the_answer_that_left_a_doubt_is_kept(self):
        self.simulator.fault("html")
        with self.long_ago(5):
            move = self.confirm()
        self.assertEqual(move.smart_state, "unknown")
        self.company.smart_retention_months = 3
        self.shorten()
        self.assertIn("<", move.smart_exchange_ids.answer_body)
        self.assertTrue(move.smart_exchange_ids.request_body, "until it is known what became of it")
        self.assertEqual(move.smart_exchange_ids.started_at.date() < fields.Date.today(), True)

    def test_a_text_that_went_without_the_setting_is_found(self):
        exchange = self.document().exchange_ids
        for column in ("request_body", "answer_body"):
            with self.subTest(column), self.undone():
                self.sql(f"UPDATE smart_exchange SET {column} = NULL WHERE id = %s", exchange.id)
                self.assertIn("not by the retention setting", self.finding())
                self.sql(
                    "UPDATE smart_exchange SET shortened_at = now() WHERE id = %s", exchange.id
                )
                self.assertIn("not by the retention setting", self.finding())

    def test_a_forged_shortening_link_hides_no_answer(self):
        exchange = self.document().exchange_ids
        content = (
            f'{{"at":"2020-01-01T00:00:00Z","before":"2019-01-01T00:00:00Z","company":'
            f'{self.company.id},"environment":"custom","exchanges":[{exchange.id}],"issuer":'
            f'{self.company.id},"kind":"shortening","v":2}}'
        )
        link = self.ask(
            "INSERT INTO smart_chain_link (issuer_id, company_id, environment, kind, content)"
            " VALUES (%s, %s, 'custom', 'shortening', %s) RETURNING id",
            self.company.id,
            self.company.id,
            content,
        )
        self.sql(
            "UPDATE smart_exchange SET answer_body = NULL, shortened_at = now(),"
            " shortening_link_id = %s WHERE id = %s",
            link,
            exchange.id,
        )
        finding = self.finding()
        self.assertIn("not by the retention setting", finding)
        self.assertRegex(finding, r"Link № \d+ \(Shortening.*was added from outside of Odoo")

    def test_not_even_odoo_itself_may_let_go_of_what_proves_an_issue(self):
        """A link that Odoo has written, by whoever calls its methods, allows nothing more."""
        _refused, accepted = self.shortened()
        with self.undone():
            self.sql("UPDATE smart_exchange SET answer_body = NULL WHERE id = %s", accepted.id)
            self.assertIn("the text that proves it was removed", self.finding())
        with self.undone():
            self.sql("UPDATE smart_exchange SET request_hash = 'x' WHERE id = %s", accepted.id)
            self.assertIn("the text that proves it was removed", self.finding())

    def test_texts_that_went_too_early_are_found(self):
        young = self.document().exchange_ids
        refused, _accepted = self.shortened()
        now = self.env.cr.now()
        Link = self.env["smart.chain.link"].sudo()
        for before in (young.started_at, refused.started_at):
            with self.subTest(before), self.undone():
                link = Link._append(
                    young,
                    "shortening",
                    {"exchanges": young.ids, "before": before.strftime("%Y-%m-%dT%H:%M:%SZ")},
                )
                self.sql(
                    "UPDATE smart_exchange SET request_body = NULL, shortened_at = %s,"
                    " shortening_link_id = %s WHERE id = %s",
                    now,
                    link,
                    young.id,
                )
                self.assertIn("before the time that they must be kept", self.finding())

    def test_what_is_said_about_shortening_is_compared(self):
        refused, _accepted = self.shortened()
        whole = self.document().exchange_ids
        for query, words in (
            (
                f"UPDATE smart_exchange SET shortened_at = shortened_at - interval '1 day'"
                f" WHERE id = {refused.id}",
                "at another time than the chain says",
            ),
            (
                f"UPDATE smart_exchange SET shortened_at = now() WHERE id = {whole.id}",
                "said to be shortened, but has all its texts",
            ),
        ):
            with self.subTest(words), self.undone():
                self.sql(query)
                self.assertIn(words, self.finding())

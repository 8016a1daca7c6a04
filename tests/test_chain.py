from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models.chain_content import GENESIS, fingerprint
from .common import SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestChain(SmartCommon):
    @property
    def chain(self):
        self.env.invalidate_all()
        return self.env["smart.chain"].sudo().search([("issuer_id", "=", self.company.id)])

    def links(self):
        return (
            self.env["smart.chain.link"]
            .sudo()
            .search([("issuer_id", "=", self.company.id)], order="id")
        )

    def sql(self, query, *params):
        """Change the database behind Odoo's back."""
        self.env.flush_all()
        self.env.cr.execute(query, params)
        self.env.invalidate_all()

    def drop_foreign_keys(self, *columns):
        """Let rows be deleted that others point to, as somebody may who owns the tables."""
        for column in columns:
            self.sql(f"ALTER TABLE smart_chain_link DROP CONSTRAINT smart_chain_link_{column}_fkey")

    def finding(self):
        """Check the chain and return what was found."""
        self.env["smart.chain"]._seal_all(self.registry)
        chain = self.chain
        chain._check()
        self.assertEqual(chain.broken, bool(chain.finding))
        return chain.finding

    def run_cron(self, model, method):
        """Run a scheduled action as its worker would."""
        self.env.flush_all()
        with self.registry.cursor() as cr:
            getattr(self.env(cr=cr, user=self.env.ref("base.user_root"))[model], method)()
        self.env.invalidate_all()

    def issue(self, count=3):
        return self.env["account.move"].union(*(self.confirm() for _number in range(count)))

    # -- unbroken --------------------------------------------------------------------------

    def test_every_exchange_and_every_issue_is_a_link_to_the_one_before(self):
        moves = self.issue()
        links = self.links()
        self.assertEqual(links.mapped("kind"), ["exchange", "issue"] * 3)
        self.assertEqual(links.mapped("position"), [1, 2, 3, 4, 5, 6])
        self.assertEqual(links.exchange_id, moves.smart_exchange_ids.sorted("id"))
        self.assertEqual(links.document_id, moves.smart_document_id)
        previous = GENESIS
        for link in links:
            self.assertEqual(link.previous_hash, previous)
            self.assertEqual(link.hash, fingerprint(link.position, previous, link.content))
            previous = link.hash
        self.assertEqual(self.chain.hash, previous)
        self.assertEqual(self.chain.position, 6)
        self.assertFalse(self.finding())
        self.assertEqual(self.chain.checked_position, 6)

    def test_whatever_may_change_of_an_issued_document_breaks_nothing(self):
        move = self.issue(1)
        self.customer.write({"name": "Otro nombre", "vat": "J-00124134-5"})
        move.ref = "Pedido 12"
        move.smart_document_id.sudo()._engine_write({"last_error": "x"})
        self.assertFalse(self.finding())

    def test_a_corrected_control_number_is_a_link_of_its_own(self):
        document = self.issue(1).smart_document_id.sudo()
        document._engine_write({"control_number": "00-00000077"})
        self.assertFalse(self.finding())
        self.assertEqual(self.links().mapped("kind"), ["exchange", "issue", "issue"])

    def test_an_annulment_is_a_further_link(self):
        document = self.issue(1).smart_document_id.sudo()
        document._engine_write({"state": "annulled"})
        self.assertFalse(self.finding())
        self.assertEqual(self.links().mapped("kind"), ["exchange", "issue", "annulment"])
        self.sql("UPDATE smart_document SET state = 'issued' WHERE id = %s", document.id)
        self.assertIn("annulled: True → False", self.finding())

    def test_what_was_rolled_back_is_no_link(self):
        move = self.make_invoice()
        move.action_post()
        self.env.cr.postcommit.clear()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            move.smart_document_id.sudo()._engine_write(
                {"state": "issued", "control_number": "00-00000005"}
            )
            raise ZeroDivisionError
        self.assertFalse(self.links())

    def test_issuing_costs_one_query_more_for_each_link(self):
        document = self.issue(1).smart_document_id.sudo()
        document.read()
        with self.assertQueryCount(1):
            document.env["smart.chain.link"]._append(
                document, "issue", document._chain_fact("issue"), document_id=document.id
            )

    # -- broken ----------------------------------------------------------------------------

    def test_a_document_changed_in_the_database_is_found_and_named(self):
        document = self.issue().smart_document_id[1]
        self.sql("UPDATE smart_document SET amount_total = 1.16 WHERE id = %s", document.id)
        finding = self.finding()
        self.assertIn("Link 4 (Issue 00-00000002)", finding)
        self.assertIn("amount_total: 116.00 → 1.16", finding)

    def test_an_exchange_changed_in_the_database_is_found_and_named(self):
        exchange = self.issue().smart_exchange_ids[1]
        self.sql("UPDATE smart_exchange SET outcome = 'refused' WHERE id = %s", exchange.id)
        self.assertIn("outcome: accepted → refused", self.finding())

    def test_a_changed_body_is_found_though_only_its_hash_is_in_the_chain(self):
        exchange = self.issue().smart_exchange_ids[1]
        self.sql("UPDATE smart_exchange SET answer_body = '{}' WHERE id = %s", exchange.id)
        self.assertIn("text of the request or of the answer was changed", self.finding())
        self.sql("UPDATE smart_exchange SET answer_body = NULL WHERE id = %s", exchange.id)
        self.assertIn("not by the retention setting", self.finding())
        self.sql("UPDATE smart_exchange SET shortened_at = now() WHERE id = %s", exchange.id)
        self.assertIn("not by the retention setting", self.finding())

    def test_a_deleted_exchange_is_found(self):
        exchange = self.issue().smart_exchange_ids.sorted("id")[1]
        self.drop_foreign_keys("exchange_id")
        self.sql("DELETE FROM smart_exchange WHERE id = %s", exchange.id)
        finding = self.finding()
        self.assertIn(f"Link 3 (Exchange № {exchange.id})", finding)
        self.assertIn("the record was deleted", finding)

    def test_a_deleted_link_is_found(self):
        self.issue()
        self.sql("DELETE FROM smart_chain_link WHERE position = 3")
        self.assertIn("Link 3 is missing (the next one is 4)", self.finding())

    def test_a_deleted_document_with_all_its_links_is_found(self):
        move = self.issue()[2]
        document = move.smart_document_id
        self.sql("DELETE FROM smart_chain_link WHERE position > 4")
        self.sql("DELETE FROM smart_exchange WHERE document_id = %s", document.id)
        self.sql("DELETE FROM smart_document WHERE id = %s", document.id)
        self.assertIn("Links 5 to 6 at the end of the chain are missing", self.finding())

    def test_a_changed_link_is_found(self):
        self.issue()
        self.sql(
            "UPDATE smart_chain_link SET content = replace(content, '116.00', '1.16')"
            " WHERE position = 4"
        )
        self.assertIn("does not match its own fingerprint", self.finding())
        [link] = self.links().filtered(lambda one: one.position == 4)
        self.sql(
            "UPDATE smart_chain_link SET hash = %s WHERE id = %s",
            fingerprint(4, link.previous_hash, link.content),
            link.id,
        )
        self.assertRegex(self.finding(), "Link 4 .*the record was changed: .*1.16 → 116.00")

    def test_a_replaced_link_is_found_by_the_one_after_it(self):
        document = self.issue().smart_document_id[1]
        self.sql("UPDATE smart_document SET customer_name = 'Nadie' WHERE id = %s", document.id)
        [link] = self.links().filtered(lambda one: one.position == 4)
        content = link.content.replace("Inversiones La Trinidad, C.A.", "Nadie")
        self.sql(
            "UPDATE smart_chain_link SET content = %s, hash = %s WHERE id = %s",
            content,
            fingerprint(4, link.previous_hash, content),
            link.id,
        )
        self.assertRegex(self.finding(), "Link 5 .*does not follow the link before it")

    def test_inserted_rows_are_found(self):
        moves = self.issue()
        self.sql(
            "INSERT INTO smart_exchange (issuer_id, company_id, environment, operation, outcome,"
            " started_at) SELECT issuer_id, company_id, environment, operation, 'refused',"
            " started_at FROM smart_exchange WHERE id = %s",
            moves.smart_exchange_ids[0].id,
        )
        self.assertRegex(self.finding(), r"Exchange № \d+ has no link: it was added")
        self.sql("DELETE FROM smart_exchange WHERE user_id IS NULL")
        waiting = self.make_invoice()
        waiting.action_post()
        self.env.cr.postcommit.clear()
        self.sql(
            "UPDATE smart_document SET state = 'issued', control_number = '00-00000088'"
            " WHERE id = %s",
            waiting.smart_document_id.id,
        )
        self.assertIn("was issued or annulled from outside of Odoo", self.finding())

    # -- people ----------------------------------------------------------------------------

    def test_a_broken_chain_is_an_activity_that_goes_when_it_is_mended(self):
        document = self.issue(1).smart_document_id
        self.sql("UPDATE smart_document SET amount_total = 1 WHERE id = %s", document.id)
        self.run_cron("smart.chain", "_cron_check")
        self.assertEqual(len(self.chain.activity_ids), 1)
        self.assertIn("116.00 → 1.00", self.chain.activity_ids.note)
        self.assertEqual(self.chain.activity_ids.user_id, self.company._smart_responsible())
        self.assertFalse(self.chain.announced_position, "a broken chain is not vouched for")
        self.assertTrue(self.finding())
        self.assertEqual(len(self.chain.activity_ids), 1, "not one each week")
        self.sql("UPDATE smart_document SET amount_total = 116 WHERE id = %s", document.id)
        self.assertFalse(self.finding())
        self.assertFalse(self.chain.activity_ids)

    def test_the_weekly_check_sends_the_fingerprint_out(self):
        self.issue(1)
        self.run_cron("smart.chain", "_cron_check")
        message = self.chain.message_ids[0]
        self.assertIn(self.chain.hash, message.body)
        self.assertEqual(message.partner_ids, self.company._smart_responsible().partner_id)
        self.run_cron("smart.chain", "_cron_check")
        self.assertEqual(self.chain.message_ids[0], message, "nothing new, no message")

    def test_nobody_changes_links_or_exchanges_through_odoo(self):
        exchange = self.issue(1).smart_exchange_ids.sudo()
        for record in (exchange, self.links()):
            with self.assertRaises(UserError):
                record.write({"environment": "test"})
            with self.assertRaises(UserError):
                record.unlink()

    def test_the_button_checks_for_accounting_and_refuses_others(self):
        self.issue(1)
        reader = new_test_user(
            self.env, "reader", "account.group_account_readonly", company_id=self.company.id
        )
        with self.assertRaises(AccessError):
            self.chain.with_user(reader).action_check()
        clerk = new_test_user(
            self.env, "clerk", "account.group_account_invoice", company_id=self.company.id
        )
        action = self.chain.with_user(clerk).action_check()
        self.assertEqual(action["params"]["type"], "success")

    # -- retention -------------------------------------------------------------------------

    def age(self, exchanges, months):
        """Have calls made long ago, as if they had been logged then."""
        for link in exchanges.sudo().chain_link_ids:
            self.assertEqual(link.kind, "exchange")
        self.sql(
            "UPDATE smart_exchange SET started_at = started_at - %s * interval '1 month'"
            " WHERE id = ANY(%s)",
            months,
            exchanges.ids,
        )
        # Written again, as the chain would have them.
        self.sql("DELETE FROM smart_chain_link")
        self.sql("DELETE FROM smart_chain")
        for exchange in self.env["smart.exchange"].sudo().search([], order="id"):
            self.env["smart.chain.link"].sudo()._append(
                exchange, "exchange", exchange._chain_fact(), exchange_id=exchange.id
            )
        for document in self.env["smart.document"].sudo().search([("state", "=", "issued")]):
            document._engine_write({"control_number": document.control_number})

    @mute_logger("odoo.addons.l10n_ve_edi_smart.models.smart_lane")
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

    def test_shortening_removes_old_texts_that_prove_nothing_and_no_link_breaks(self):
        old, young = self.refused_then_issued(), self.refused_then_issued()
        refused, accepted = old.smart_exchange_ids.sorted("id")
        answer = accepted.answer_body
        self.age(refused + accepted, 13)
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
        self.refused_then_issued()
        with self.assertRaisesRegex(UserError, "at least 3 months"):
            self.company.smart_retention_months = 1
        self.sql("UPDATE res_company SET smart_retention_months = 1")
        self.age(self.env["smart.exchange"].search([]), 2)
        self.shorten()
        self.assertFalse(self.env["smart.exchange"].search([("shortened_at", "!=", False)]))

    def test_the_answer_that_left_a_doubt_is_kept(self):
        self.simulator.fault("html")
        move = self.confirm()
        self.assertEqual(move.smart_state, "unknown")
        self.company.smart_retention_months = 3
        self.age(move.smart_exchange_ids, 5)
        self.shorten()
        self.assertIn("<", move.smart_exchange_ids.answer_body)
        self.assertEqual(move.smart_exchange_ids.started_at.date() < fields.Date.today(), True)

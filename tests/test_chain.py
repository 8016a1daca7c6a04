from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models.chain.content import GENESIS, fingerprint
from .chain_common import ChainCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestChain(ChainCommon):
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

    def test_an_annulment_is_two_further_links_and_changes_nothing_else(self):
        document = self.document()
        self.annul(document)
        self.assertEqual(document.annulment_state, "done")
        self.assertEqual(document.move_id.state, "cancel")
        self.assertFalse(self.finding())
        self.assertEqual(
            self.links().mapped("kind"),
            ["exchange", "issue", "annulment_request", "exchange", "annulment"],
        )

    def test_an_annulment_that_sets_a_payment_free_breaks_nothing(self):
        invoice = self.issue(1)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.annul(self.document(invoice))
        self.assertEqual(invoice.state, "cancel")
        self.assertFalse(self.finding())

    def test_what_people_may_do_with_an_issued_invoice_breaks_nothing(self):
        invoice = self.issue(1)
        self.fetch(invoice.smart_document_id.sudo())
        invoice.write({"invoice_date_due": "2030-01-01", "ref": "OC-123", "narration": "x"})
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        self.assertFalse(self.finding())
        invoice.line_ids.remove_move_reconcile()
        self.assertFalse(self.finding())

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

    def test_a_link_costs_one_query(self):
        document = self.document()
        document.read()
        with self.assertQueryCount(1):
            document._chain("issue")

    def test_a_check_asks_no_more_queries_however_many_documents(self):
        def queries():
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertFalse(self.chain._check().findings)
            return self.cr.sql_log_count - before

        for move in self.issue(2):
            self.fetch(self.document(move))
        self.seal()
        queries()
        few = queries()
        for move in self.issue(4):
            self.fetch(self.document(move))
        self.seal()
        self.assertEqual(queries(), few)

    # -- broken ----------------------------------------------------------------------------

    def test_a_document_changed_in_the_database_is_found_and_named(self):
        document = self.issue().smart_document_id[1]
        self.sql("UPDATE smart_document SET amount_total = 1.16 WHERE id = %s", document.id)
        finding = self.finding()
        self.assertIn("Link 4 (Issue 00-00000002)", finding)
        self.assertIn("Total: 116.00 → 1.16", finding)
        self.assertEqual(len(finding.splitlines()), 1)

    def test_an_exchange_changed_in_the_database_is_found_and_named(self):
        exchange = self.issue().smart_exchange_ids[1]
        self.sql("UPDATE smart_exchange SET outcome = 'refused' WHERE id = %s", exchange.id)
        self.assertIn("Outcome: accepted → refused", self.finding())

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
        self.assertIn("links 3 to 3 should be before it", self.finding())

    def test_a_deleted_document_with_all_its_links_is_found(self):
        move = self.issue()[2]
        document = move.smart_document_id
        self.sql("DELETE FROM smart_chain_link WHERE position > 4")
        self.sql("DELETE FROM smart_exchange WHERE document_id = %s", document.id)
        self.sql("DELETE FROM smart_document WHERE id = %s", document.id)
        self.assertIn("Links 5 to 6 at the end of the chain are missing", self.finding())

    def test_a_chain_that_is_gone_is_found(self):
        document = self.document()
        self.seal()
        for queries in (
            ["DELETE FROM smart_chain"],
            ["DELETE FROM smart_chain", "DELETE FROM smart_chain_link"],
            [f"UPDATE smart_chain SET position = 0, hash = '{GENESIS}'"],
            [
                f"UPDATE smart_chain SET position = 0, hash = '{GENESIS}'",
                "DELETE FROM smart_chain_link",
            ],
            ["UPDATE smart_chain SET environment = 'test'"],
        ):
            with self.subTest(queries), self.undone():
                for query in queries:
                    self.sql(query)
                self.run_cron("smart.chain", "_cron_check")
                self.assertTrue(any(self.chain.mapped("broken")))
        self.assertFalse(self.finding())
        self.assertTrue(document)

    @mute_logger("odoo.addons.l10n_ve_edi_smart.models.chain.chain", "odoo.sql_db")
    def test_a_chain_that_cannot_be_sealed_stops_nothing_and_is_told(self):
        self.issue(1)
        self.sql(f"UPDATE smart_chain SET position = 0, hash = '{GENESIS}'")
        self.assertEqual(self.confirm().smart_state, "issued")
        self.send_in_background()
        self.assertEqual(self.chain.waiting_count, 2)
        self.assertIn("does not end with the fingerprint", self.finding())

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
        self.assertRegex(self.finding(), "Link 4 .*it was not written by Odoo")

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
        self.assertRegex(self.finding(), "Link 5 .*does not follow the link before")

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
        self.assertIn("was issued from outside of Odoo", self.finding())

    # -- people ----------------------------------------------------------------------------

    def test_a_broken_chain_is_an_activity_that_goes_when_it_is_mended(self):
        document = self.issue(1).smart_document_id
        self.sql("UPDATE smart_document SET amount_total = 1 WHERE id = %s", document.id)
        self.run_cron("smart.chain", "_cron_check")
        self.assertEqual(len(self.chain.activity_ids), 1)
        self.assertIn("Total: 116.00 → 1.00", self.chain.activity_ids.note)
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

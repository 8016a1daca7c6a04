from contextlib import closing

from odoo.tests import tagged

from .common import SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestConfirming(SmartCommon):
    def test_a_confirmed_invoice_has_its_control_number_after_the_commit(self):
        invoice = self.make_invoice()
        invoice.action_post()
        self.assertEqual(invoice.smart_state, "queued")
        self.assertFalse(self.simulator.calls(), "nothing leaves before the commit")
        self.commit()
        self.assertRecordValues(
            invoice,
            [
                {
                    "smart_state": "issued",
                    "smart_control_number": "00-00000001",
                    "smart_internal_number": "00000001",
                    "smart_document_type": "invoice",
                    "smart_environment": "custom",
                    "smart_last_error": False,
                    "smart_attempts": 1,
                }
            ],
        )
        [issued] = self.simulator.documents()
        self.assertEqual(issued["control_number"], invoice.smart_control_number)
        self.assertEqual(issued["total"], invoice.amount_total)
        self.assertIn("SENIAT", invoice.smart_legal_footer)
        self.assertTrue(invoice.smart_document_url.startswith(self.simulator.url))

    def test_the_moment_of_issue_is_kept_in_utc(self):
        invoice = self.confirm()
        [issued] = self.simulator.documents()
        local = invoice.smart_issued_at.strftime("%Y-%m-%d ")
        self.assertEqual(
            (invoice.smart_issued_at.hour - 4) % 24, int(issued["issued_at"][11:13]), local
        )

    def test_a_transaction_that_is_rolled_back_has_sent_nothing(self):
        invoice = self.make_invoice()
        with self.env.registry.cursor() as cr:
            other = invoice.with_env(self.env(cr=cr))
            other.action_post()
            cr.rollback()
            self.assertFalse(cr.postcommit)
        self.commit()
        self.assertFalse(self.simulator.calls())
        self.assertEqual(invoice.state, "draft")

    def test_what_a_savepoint_takes_back_is_forgotten_and_what_follows_is_sent(self):
        first, taken_back, second = (self.make_invoice() for _number in range(3))
        with closing(self.env.cr.savepoint()):
            taken_back.action_post()
        first.action_post()
        self.commit()
        self.assertEqual(first.smart_state, "issued", "it is the only one")
        second.action_post()
        with closing(self.env.cr.savepoint()):
            taken_back.action_post()
        self.commit()
        self.assertEqual(second.smart_state, "issued", "and so is this")
        self.assertEqual(taken_back.state, "draft")

    def test_a_batch_goes_to_the_background_in_the_order_of_its_numbers(self):
        moves = self.confirm(*(self.make_invoice() for _number in range(5)))
        self.assertEqual(set(moves.mapped("smart_state")), {"queued"})
        self.assertFalse(self.simulator.calls())
        cron = self.company.smart_sending_action_id
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))
        self.send_in_background()
        self.assertEqual(set(moves.mapped("smart_state")), {"issued"})
        ordered = moves.sorted("name")
        self.assertEqual(ordered.mapped("smart_internal_number"), [f"{n:08d}" for n in range(1, 6)])
        self.assertEqual(self.simulator.issued(), ordered.mapped("smart_internal_number"))

    def test_one_connection_serves_a_whole_batch(self):
        self.confirm(*(self.make_invoice() for _number in range(4)))
        self.send_in_background()
        self.assertEqual(len({call["client_port"] for call in self.simulator.calls()}), 1)

    def test_journals_and_companies_that_do_not_take_part_are_left_alone(self):
        self.company_data["default_journal_sale"].smart_enabled = False
        outside = self.confirm()
        self.company_data["default_journal_sale"].smart_enabled = True
        self.company.smart_environment = "disabled"
        disabled = self.confirm()
        self.assertEqual((outside + disabled).mapped("smart_state"), [False, False])
        self.assertEqual(set((outside + disabled).mapped("state")), {"posted"})
        self.assertFalse(self.simulator.calls())

    def test_bills_and_entries_are_left_alone(self):
        bill = self.make_invoice(move_type="in_invoice")
        bill.invoice_line_ids.tax_ids = False
        self.assertFalse(self.confirm(bill).smart_state)

    def test_a_copy_has_no_fiscal_data(self):
        copy = self.confirm().copy()
        self.assertFalse(copy.smart_document_id)
        self.assertFalse(copy.smart_control_number)

    def test_lists_can_filter_group_sort_and_export_by_what_the_document_knows(self):
        moves = self.confirm() + self.confirm(self.make_invoice(("exempt", 5.0)))
        Move = self.env["account.move"]
        self.assertEqual(Move.search([("smart_control_number", "=", "00-00000002")]), moves[1])
        self.assertEqual(
            Move.search([("smart_state", "=", "issued")], order="smart_control_number desc"),
            moves[::-1],
        )
        self.assertEqual(
            Move._read_group([("id", "in", moves.ids)], ["smart_state"], ["__count"]),
            [("issued", 2)],
        )
        exported = moves.export_data(["name", "smart_control_number"])["datas"]
        self.assertEqual([row[1] for row in exported], ["00-00000001", "00-00000002"])

    def test_confirming_costs_the_same_queries_per_document_in_a_batch(self):
        def queries(count):
            moves = self.env["account.move"].union(*(self.make_invoice() for _n in range(count)))
            self.env.flush_all()
            self.env.invalidate_all()
            moves._post()
            before = self.env.cr.sql_log_count
            documents = moves.smart_document_id
            documents.invalidate_recordset()
            conversions = self.env["smart.payload"]._convert(moves)
            self.assertEqual(len(conversions), count)
            return self.env.cr.sql_log_count - before

        queries(2)
        self.assertLessEqual(queries(20), queries(5) + 3)

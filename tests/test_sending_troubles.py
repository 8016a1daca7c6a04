from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.lane.lane_notices import PATIENT_FAILURES
from ..models.lane.lock import LaneLock
from ..models.lane.sender import Sender
from ..models.schedule import lane as smart_lane_cron
from ..smart_api.client import SmartClient
from ..smart_api.outcomes import Call, Refused
from .common import SmartCommon

OTHER_RIF = "J-30984512-8"


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestSendingTroubles(SmartCommon):
    """Faults that a queue meets again and again, and what else shares the queue's fate."""

    def batch(self, count):
        moves = self.env["account.move"].union(*(self.make_invoice() for _n in range(count)))
        moves.action_post()
        self.commit()
        return moves

    def lane(self, company=None):
        company = company or self.company
        return self.env["smart.lane"].sudo().search([("issuer_id", "=", company.id)])

    def states(self, moves):
        return moves.sorted("name").mapped("smart_state")

    # -- the line --------------------------------------------------------------------------

    def test_without_enforced_numbers_an_outage_leaves_few_documents_in_doubt(self):
        self.connect(enforce_numbering=False)
        moves = self.batch(6)
        self.simulator.fault("html", count=4)
        self.send_in_background()
        self.assertEqual(self.states(moves), ["unknown"] * 3 + ["queued"] * 3)
        lane = self.lane()
        self.assertTrue(lane.paused_until)
        # The outage lasts: each attempt costs one document, after a longer pause.
        failures = lane.failures
        lane._engine_write({"paused_until": "2020-01-01"})
        self.send_in_background()
        self.assertEqual(self.states(moves), ["unknown"] * 4 + ["queued"] * 2)
        self.assertEqual(lane.failures, failures + 1)
        lane._engine_write({"paused_until": "2020-01-01"})
        self.send_in_background()
        self.assertEqual(self.states(moves), ["unknown"] * 4 + ["issued"] * 2)
        self.assertEqual((lane.failures, lane.paused_until, lane.reason), (0, False, False))

    def test_one_document_without_an_answer_does_not_stop_the_others(self):
        self.connect(enforce_numbering=False)
        moves = self.batch(6)
        self.simulator.fault("html", count=2)
        self.send_in_background()
        self.assertEqual(self.states(moves), ["unknown"] * 2 + ["issued"] * 4)
        self.assertFalse(self.lane().failures, "an answer ends the row")

    def test_an_answer_that_refuses_ends_a_row_of_failures_too(self):
        self.connect(enforce_numbering=False)
        moves = self.batch(6)
        self.simulator.fault("html", count=2)
        refused = moves.sorted("name")[2].smart_document_id.sudo()
        self.make_refusable(refused)
        issue, sent = SmartClient.issue, []

        def answered_when_it_is_refused(client, body, meanwhile=None):
            sent.append(body)
            if len(sent) == 3:
                self.simulator.control("DELETE", "/faults")
            outcome = issue(client, body, meanwhile)
            if len(sent) == 3:
                self.simulator.fault("html", count=2)
            return outcome

        with patch.object(SmartClient, "issue", answered_when_it_is_refused):
            self.send_in_background()
        states = ["unknown", "unknown", "refused", "unknown", "unknown", "issued"]
        self.assertEqual(self.states(moves), states, "never three in a row")
        self.assertFalse(self.lane().failures)

    # -- answers of another kind -----------------------------------------------------------

    def test_a_refusal_without_a_code_is_about_the_document_not_about_the_token(self):
        first, second = self.make_invoice(), self.make_invoice()
        (first + second).action_post()
        self.commit()
        refusal = {}

        def refusing(client, body, meanwhile=None):
            call = Call("issue", client.base_url, body, fields.Datetime.now().astimezone(), 1, 202)
            refusal[body] = Refused(call, None, "Documento con datos de otro emisor")
            return refusal[body] if len(refusal) == 1 else issue(client, body, meanwhile)

        issue = SmartClient.issue
        with patch.object(SmartClient, "issue", refusing):
            self.send_in_background()
        self.assertEqual((first.smart_state, second.smart_state), ("refused", "issued"))
        self.assertIn("datos de otro emisor", first.smart_last_error)
        self.assertNotIn("401", first.smart_last_error)
        self.assertNotIn("token", first.smart_last_error)
        self.assertFalse(self.lane().blocked)

    def test_the_number_that_a_refusal_tells_is_used_where_it_cannot_be_asked(self):
        self.confirm()
        numbering = self.env["smart.numbering"].search([("document_type", "=", "invoice")])
        numbering._engine_write({"next_number": 7})
        self.simulator.fault("error_500_before", path="/facturacion/numerointerno")
        invoice = self.confirm()
        self.assertEqual(
            (invoice.smart_state, invoice.smart_internal_number), ("issued", "00000002")
        )
        operations = invoice.smart_exchange_ids.sorted("id").mapped("operation")
        self.assertEqual(operations, ["issue", "next_number", "issue"])

    # -- a restored backup -----------------------------------------------------------------

    def restore_backup(self):
        """Return an invoice that waits in the database, but that SMART has issued meanwhile."""
        self.confirm()
        invoice = self.make_invoice()
        invoice.action_post()
        self.env.cr.postcommit.clear()
        self.env.flush_all()
        # What was issued after the backup was made.
        with LaneLock(self.registry, self.lane()._lock_key()) as lock:
            Sender(self.registry, self.env.uid, self.lane().id, lock).run()
        self.env.invalidate_all()
        invoice.smart_document_id.sudo()._engine_write(
            {
                "state": "queued",
                "control_number": False,
                "internal_number": False,
                "internal_sequence": 0,
            }
        )
        numbering = self.env["smart.numbering"].search([("document_type", "=", "invoice")])
        numbering.sudo()._engine_write({"next_number": 2})
        return invoice

    def test_what_waits_in_a_restored_backup_is_not_issued_again_before_somebody_has_looked(self):
        invoice = self.restore_backup()
        document = invoice.smart_document_id
        self.env.cr.execute(
            "UPDATE smart_document SET queued_at = queued_at - interval '1 hour' WHERE id = %s",
            [document.id],
        )
        self.env.invalidate_all()
        self.send_in_background()
        self.assertEqual(len(self.simulator.issued()), 2, "nothing new")
        self.assertEqual((invoice.smart_state, self.lane().blocked), ("queued", True))
        self.assertIn("restored from a backup", self.lane().reason)
        self.assertRegex(self.lane().reason, r"has here: 2\.")
        # Somebody has compared, and knows that it was not among them.
        self.lane().action_resume()
        self.send_in_background()
        self.assertEqual(
            (invoice.smart_state, invoice.smart_internal_number), ("issued", "00000003")
        )

    def test_who_confirms_beside_another_system_is_not_stopped(self):
        invoice = self.restore_backup()
        self.send_in_background()
        self.assertEqual(invoice.smart_state, "issued", "confirmed just now: in no backup")

    # -- defects ---------------------------------------------------------------------------

    def test_a_request_that_can_no_longer_be_sent_is_refused_and_holds_up_nobody(self):
        first, second = self.make_invoice(), self.make_invoice()
        (first + second).action_post()
        document = first.smart_document_id.sudo()
        body = document.request_body.replace('"total":116', '"total":117')
        document._engine_write({"request_body": body})
        self.commit()
        with mute_logger("odoo.addons.l10n_ve_edi_smart.models.lane.sender"):
            self.send_in_background()
        self.assertEqual((first.smart_state, second.smart_state), ("refused", "issued"))
        self.assertEqual(second.smart_internal_number, "00000001", "no number is lost")
        self.assertIn("“total”: the amounts do not add up", first.smart_last_error)
        self.assertIn("Reset it to draft", first.smart_last_error)
        self.assertEqual(len(self.simulator.calls()), 1)
        self.assertEqual(self.lane().activity_ids.summary, "SMART: refused documents (1)")
        first.button_draft()
        self.confirm(first)
        self.assertEqual(first.smart_state, "issued")

    def other_issuer(self):
        """Return an invoice of another issuer, which waits."""
        company = self.setup_other_company(name="Otra, C.A.")["company"]
        token = self.simulator.mint(OTHER_RIF)["token"]
        company.write({"currency_id": self.bolivar.id, "vat": OTHER_RIF})
        company.write(
            {
                "smart_environment": "custom",
                "smart_base_url": self.simulator.url,
                "smart_token": token,
            }
        )
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.usd.id,
                "company_id": company.id,
                "name": "2020-01-01",
                "inverse_company_rate": 40.5647,
            }
        )
        invoice = self.make_invoice(
            (None, 100.0),
            company_id=company.id,
            journal_id=self.env["account.journal"]
            .search([("company_id", "=", company.id), ("type", "=", "sale")], limit=1)
            .id,
        )
        invoice.invoice_line_ids.tax_ids = company.account_sale_tax_id
        invoice.with_context(allowed_company_ids=company.ids).action_post()
        self.env.cr.postcommit.clear()
        self.assertEqual(invoice.smart_document_id.issuer_id, company)
        return invoice

    def test_a_defect_that_one_issuer_meets_stops_its_queue_alone_and_is_told(self):
        ours, others = self.batch(2), self.other_issuer()
        begin = Sender._begin_next
        key = self.lane().id

        def failing(sender, env, called_id=None):
            if sender._lane_id == key:
                raise RuntimeError("a defect")
            return begin(sender, env, called_id)

        for _time in range(3):  # in whatever order they come
            with (
                patch.object(Sender, "_begin_next", failing),
                mute_logger("odoo.addons.l10n_ve_edi_smart.models.schedule.lane"),
            ):
                self.send_in_background()
            self.assertIn("not foreseen (RuntimeError)", self.lane().reason)
            self.assertTrue(self.lane().paused_until)
            self.lane()._engine_write({"paused_until": "2020-01-01"})
            self.assertEqual(set(ours.mapped("smart_state")), {"queued"})
            self.assertEqual(others.smart_state, "issued", "whose turn was before or after")
            others.smart_document_id.sudo()._engine_write(
                {"state": "queued", "control_number": False}
            )
        later = fields.Datetime.now() + timedelta(minutes=10)
        self.lane()._engine_write({"failures": PATIENT_FAILURES, "paused_until": later})
        self.send_in_background()
        activity = self.lane().activity_ids
        self.assertEqual(activity.summary, "SMART: nothing can be sent")
        self.assertIn("not foreseen", activity.note)
        self.lane()._resume()
        self.send_in_background()
        self.assertEqual(set(ours.mapped("smart_state")), {"issued"})
        self.assertFalse(self.lane().activity_ids, "settled")

    def test_each_issuer_has_its_own_actions_and_triggers_those_alone(self):
        triggers = self.env["ir.cron.trigger"]
        triggers.search([]).unlink()
        ours = self.batch(2)
        self.assertEqual(triggers.search([]).cron_id, self.company.smart_sending_action_id)
        others = self.other_issuer()
        self.assertFalse(self.company._smart_actions() & others.company_id._smart_actions())
        self.run_sending_action(others.company_id)
        self.assertEqual(others.smart_state, "issued")
        self.assertEqual(set(ours.mapped("smart_state")), {"queued"})
        self.run_sending_action()
        self.assertEqual(set(ours.mapped("smart_state")), {"issued"})

    def test_a_turn_ends_and_the_next_one_goes_on(self):
        ours = self.batch(3)
        with patch.object(smart_lane_cron, "TURN_SECONDS", 0):  # at least one document
            self.run_sending_action()
        self.assertEqual(sorted(ours.mapped("smart_state")), ["issued", "queued", "queued"])
        self.run_sending_action()
        self.assertEqual(set(ours.mapped("smart_state")), {"issued"})

    # -- another environment ---------------------------------------------------------------

    def test_what_waits_in_an_environment_that_was_left_is_told(self):
        moves = self.batch(2)
        self.company.smart_environment = "disabled"
        self.send_in_background()
        activity = self.lane().activity_ids
        self.assertEqual(activity.summary, "SMART: documents wait in another environment (2)")
        self.assertIn("“Custom address”; now it is set to “Disabled”", activity.note)
        self.assertIn(moves[0].name, activity.note)
        self.company.smart_environment = "custom"
        self.send_in_background()
        self.assertEqual(set(moves.mapped("smart_state")), {"issued"})
        self.assertFalse(self.lane().activity_ids)

    # -- late answers ----------------------------------------------------------------------

    def test_what_a_late_answer_has_issued_is_not_queued_again(self):
        invoice = self.make_invoice()
        invoice.action_post()
        self.env.cr.postcommit.clear()
        invoice.button_draft()
        # As a sender leaves it that lost the lane during its call, and stored the answer late.
        invoice.smart_document_id.sudo()._engine_write(
            {"state": "issued", "control_number": "00-00000009"}
        )
        with self.assertRaisesRegex(UserError, "was issued with control number 00-00000009"):
            invoice.action_post()

    def test_a_late_answer_brings_its_internal_number_back(self):
        self.connect(enforce_numbering=False)
        invoice = self.make_invoice()
        invoice.action_post()
        self.env.cr.postcommit.clear()
        document = invoice.smart_document_id.sudo()
        document._begin(False)
        self.env.flush_all()
        outcome = self.company._smart_client().issue(document.request_body)
        document._lose_sender()
        document._decide_not_issued("Seen in the dashboard")
        self.assertFalse(document.internal_number)
        document._settle(outcome, document.attempts)
        self.assertEqual(
            (document.state, document.internal_number, document.internal_sequence),
            ("issued", "00000001", 1),
        )
        self.assertFalse(document.doubted_sequence)
        self.assertEqual(self.confirm().smart_internal_number, "00000002")
        chain = self.env["smart.chain"].sudo().search([("issuer_id", "=", self.company.id)])
        self.env["smart.chain"]._seal_all(self.registry)
        chain._check()
        self.assertFalse(chain.finding)

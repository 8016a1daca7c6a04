from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged

from ..models.terms import LOCK_CLASS
from .common import RIF, SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestNotices(SmartCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls.new_user("smart_boss", "account.group_account_manager")
        cls.company.smart_responsible_id = cls.boss

    def lane(self):
        return self.env["smart.lane"].search([("issuer_id", "=", self.company.id)])

    def activities(self, cause=None):
        found = self.lane().activity_ids
        if cause:
            kind = self.env.ref(f"l10n_ve_edi_smart.mail_activity_type_{cause}")
            found = found.filtered(lambda activity: activity.activity_type_id == kind)
        return found

    def refuse(self, moves):
        """Spoil the requests of documents that wait, as only the service can notice."""
        for document in moves.smart_document_id.sudo():
            self.make_refusable(document)

    def batch(self, count):
        moves = self.env["account.move"].union(*(self.make_invoice() for _n in range(count)))
        moves.action_post()
        return moves

    def test_a_blocked_queue_is_told_once_and_closed_when_sending_succeeds(self):
        self.simulator.control("PATCH", f"/issuers/{RIF}", {"lot_to": 1})
        self.confirm()
        second, third = self.confirm(), self.confirm()
        self.send_in_background()
        activity = self.activities()
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.boss)
        self.assertEqual(activity.summary, "SMART: sending has stopped")
        self.assertIn("Order more control numbers", activity.note)
        # Trying again without having dealt with the cause changes nothing.
        self.lane().sudo()._resume()
        self.assertEqual(self.activities(), activity)
        self.send_in_background()
        self.assertEqual(self.activities(), activity)
        self.simulator.control("PATCH", f"/issuers/{RIF}", {"lot_to": 9})
        self.lane().sudo()._resume()
        self.send_in_background()
        self.assertEqual((second + third).mapped("smart_state"), ["issued", "issued"])
        self.assertFalse(self.activities())
        self.assertIn("Settled", self.lane().message_ids[0].body)

    def test_a_refused_token_and_a_wrong_rif_are_told(self):
        good = self.company.smart_token
        header, claims, _signature = good.split(".")
        self.company.smart_token = f"{header}.{claims}.{'A' * 43}"
        self.confirm()
        self.assertIn("valid SMART token", self.activities("blocked").note)
        self.company.smart_token = self.simulator.mint("J-30984512-8")["token"]
        self.send_in_background()
        self.assertIn("another RIF", self.activities("blocked").note, "the same, kept up to date")

    def test_unknown_documents_are_one_activity_that_lists_them(self):
        self.connect(enforce_numbering=False)
        self.simulator.fault("drop_after", count=12)
        moves = self.batch(12)
        self.commit()
        for _time in range(10):  # after three in a row, one more each time
            self.send_in_background()
            self.lane().sudo()._engine_write({"paused_until": False})
        self.assertEqual(set(moves.mapped("smart_state")), {"unknown"})
        self.lane().sudo()._resume()
        self.send_in_background()
        activity = self.activities("unknown")
        self.assertEqual(activity.summary, "SMART: documents in doubt (12)")
        self.assertIn("and 2 more", activity.note)
        self.assertIn(moves.sorted("name")[0].name, activity.note)
        document = moves[0].smart_document_id.with_user(self.boss)
        document._resolve("_decide_issued", "00-00000001", fields.Datetime.now(), "seen")
        self.env.invalidate_all()
        self.assertEqual(activity.summary, "SMART: documents in doubt (11)")
        for number, move in enumerate(moves[1:], start=2):
            move.smart_document_id.with_user(self.boss)._resolve(
                "_decide_issued", f"00-{number:08d}", fields.Datetime.now(), "seen"
            )
        self.env.invalidate_all()
        self.assertFalse(self.activities())

    def test_what_resolves_by_itself_is_told_to_nobody_until_it_is_proven(self):
        self.simulator.fault("drop_after")
        invoice = self.confirm()
        self.assertEqual(invoice.smart_state, "unknown")
        self.assertFalse(self.activities())
        self.lane().sudo()._resume()
        self.send_in_background()
        self.assertIn("SMART has issued this document", self.activities("unknown").note)

    def test_what_does_not_resolve_by_itself_for_long_is_told_too(self):
        self.simulator.fault("drop_before", count=9, path="/facturacion")
        self.confirm()
        for run in range(9):
            self.assertFalse(self.activities())
            if run % 2:
                # The line is bad: between two attempts there is also a question without an answer.
                self.simulator.fault("drop_before", path="/facturacion/numerointerno")
            self.lane().sudo()._resume()
            self.send_in_background()
        self.assertEqual(len(self.activities("unknown")), 1)

    def test_five_hundred_refusals_are_one_activity(self):
        moves = self.batch(20)
        self.refuse(moves)
        self.commit()
        self.send_in_background()
        self.assertEqual(set(moves.mapped("smart_state")), {"refused"})
        self.assertEqual(self.activities().mapped("summary"), ["SMART: refused documents (20)"])
        moves.button_draft()
        self.env.flush_all()
        self.send_in_background()
        self.assertFalse(self.activities(), "they were taken back to be corrected")

    def test_who_saw_the_refusal_needs_no_activity_for_ten_minutes(self):
        invoice = self.make_invoice()
        invoice.action_post()
        self.refuse(invoice)
        self.commit()
        self.assertEqual(invoice.smart_state, "refused")
        self.send_in_background()
        self.assertFalse(self.activities())
        self.backdate(invoice.smart_document_id, minutes=11)
        self.send_in_background()
        self.assertEqual(len(self.activities("refused")), 1)

    def test_an_activity_that_was_done_comes_back_only_with_news(self):
        self.connect(enforce_numbering=False)
        self.simulator.fault("drop_after", count=2)
        self.confirm()
        self.activities("unknown").with_user(self.boss).action_feedback(feedback="I know")
        self.send_in_background()
        self.assertFalse(self.activities())
        self.confirm()
        self.assertEqual(self.activities().summary, "SMART: documents in doubt (2)")

    def test_missing_numbers_are_told_on_the_numbering(self):
        self.confirm()
        self.confirm()
        numbering = self.env["smart.numbering"].search([("document_type", "=", "invoice")])
        self.env["smart.document"].sudo().search([])._engine_write({"state": "withdrawn"})
        numbering.sudo()._engine_write({"next_number": 1})
        self.confirm()
        activity = numbering.activity_ids
        self.assertEqual(activity.user_id, self.boss)
        self.assertEqual(activity.summary, "SMART: numbers 1-2 are missing here")
        self.assertEqual(numbering.missing_numbers, "1-2")
        activity.with_user(self.boss).action_feedback(feedback="Looked up")
        self.send_in_background()
        self.assertFalse(numbering.activity_ids)

    def test_activities_that_fail_touch_no_control_number(self):
        Lane = self.env.registry["smart.lane"]
        with (
            patch.object(Lane, "_update_notices", side_effect=ValueError("broken")),
            self.assertLogs("odoo.addons.l10n_ve_edi_smart", "ERROR"),
        ):
            self.simulator.control("PATCH", f"/issuers/{RIF}", {"lot_to": 1})
            first, second = self.confirm(), self.confirm()
        self.assertEqual((first.smart_control_number, first.smart_state), ("00-00000001", "issued"))
        self.assertEqual(second.smart_state, "queued")
        self.send_in_background()
        self.assertEqual(len(self.activities("blocked")), 1, "made good by the next run")

    def test_a_queue_without_trouble_costs_one_query(self):
        self.confirm()
        with self.assertQueryCount(1):
            self.env["smart.lane"]._with_something_to_tell(None)
        self.assertFalse(self.env["smart.lane"]._with_something_to_tell(self.lane().ids))

    def test_there_is_always_somebody_responsible(self):
        self.assertEqual(self.company._smart_responsible(), self.boss)
        self.company.smart_responsible_id = False
        fallback = self.company._smart_responsible()
        self.assertTrue(fallback.has_group("account.group_account_manager"))
        self.assertIn(self.company, fallback.company_ids)
        self.company.smart_responsible_id = self.boss
        self.boss.active = False
        self.assertNotEqual(self.company._smart_responsible(), self.boss)
        lonely = self.env["res.company"].create({"name": "Lonely"})
        self.env["res.users"].search([("company_ids", "in", lonely.ids)]).write(
            {"company_ids": [Command.unlink(lonely.id)]}
        )
        self.assertTrue(lonely._smart_responsible())

    def test_words_are_in_the_language_of_whoever_reads_them(self):
        self.env["res.lang"]._activate_lang("es_VE")
        self.env["ir.module.module"].search(
            [("name", "=", "l10n_ve_edi_smart")]
        )._update_translations(["es_VE"])
        self.boss.lang = "es_VE"
        self.connect(enforce_numbering=False)
        self.simulator.fault("drop_after", count=2)
        moves = self.batch(2)
        self.commit()
        self.send_in_background()
        self.assertEqual(set(moves.mapped("smart_state")), {"unknown"})
        self.assertIn("SMART: documentos", self.activities().summary)

    # -- confirming beside a paused queue ----------------------------------------------------

    def test_confirming_is_never_slowed_by_a_paused_queue(self):
        def cost():
            invoice = self.make_invoice()
            self.env.flush_all()
            invoice.action_post()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.commit()
            return self.env.cr.sql_log_count - before

        self.confirm()
        self.simulator.fault("refuse", seconds=600)
        self.confirm()
        later = fields.Datetime.now() + timedelta(minutes=10)
        self.lane().sudo()._engine_write({"paused_until": later})
        calls = len(self.simulator.calls())
        exchanges = self.env["smart.exchange"].search_count([])
        cost()
        few = cost()
        for _more in range(10):
            self.make_invoice().action_post()
        self.env.cr.postcommit.clear()
        self.assertEqual(cost(), few, "however many wait")
        self.assertEqual(len(self.simulator.calls()), calls)
        self.assertEqual(self.env["smart.exchange"].search_count([]), exchanges, "nothing tried")

    def test_confirming_does_not_wait_for_a_sender_of_a_paused_queue(self):
        self.simulator.fault("refuse", seconds=600)
        self.confirm()
        lane = self.lane()
        with self.registry._db.cursor() as cr:
            cr.execute("SELECT pg_try_advisory_lock(%s, %s)", (LOCK_CLASS, lane._lock_key()))
            with patch.object(type(lane), "_update_notices") as told:
                invoice = self.confirm()
            self.assertFalse(told.called)
            cr.execute("SELECT pg_advisory_unlock(%s, %s)", (LOCK_CLASS, lane._lock_key()))
        self.assertEqual(invoice.smart_state, "queued")

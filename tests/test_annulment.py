from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from ..smart_api.client import SmartClient
from .common import SmartCommon

REASON = "Issued to the wrong customer"

#: Faults after which the service has annulled the document, and after which it has not.
COMMITTED = ("drop_after", "text_400", "error_500", "html_after", "cut_json", "garbage_json")
NOT_COMMITTED = ("drop_before", "text_400_before", "error_500_before", "html", "redirect")


class AnnulCommon(SmartCommon):
    def annul(self, moves, reason=REASON, **values):
        """Do what a person does in the wizard; returns it."""
        wizard = self.annul_later(moves, reason, **values)
        self.commit()
        return wizard

    def annul_later(self, moves, reason=REASON, **values):
        """Do the same, and leave it at that: nothing is committed yet."""
        wizard = moves.env["smart.annul.wizard"].browse(moves.action_smart_annul()["res_id"])
        wizard.write({"reason": reason, **values})
        wizard.action_annul()
        return wizard

    def at_smart(self, move):
        """Tell whether the service has annulled a document."""
        return {one["control_number"]: one["annulled"] for one in self.simulator.documents()}[
            move.smart_control_number
        ]

    def annul_calls(self):
        return [call for call in self.simulator.calls() if call["path"] == "/anulacion"]

    def said(self, move):
        """Return what the chatter says."""
        return " ".join(move.message_ids.mapped("body"))

    def due(self, moves):
        """Let the pause of what is pending be over."""
        moves.smart_document_id.sudo()._engine_write({"annulment_next_attempt": False})
        self.env["smart.lane"].sudo().search([])._resume()

    def pay(self, moves):
        return (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create({})
            ._create_payments()
        )

    def assert_alive(self, move):
        self.assertEqual((move.smart_state, move.state), ("issued", "posted"))

    def assert_annulled(self, move):
        self.assertEqual(
            (move.smart_state, move.smart_annulment_state, move.state),
            ("annulled", "done", "cancel"),
        )
        self.assertTrue(self.at_smart(move))


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestAnnulment(AnnulCommon):
    # -- accepted --------------------------------------------------------------------------

    def test_annulling_annuls_at_smart_and_then_cancels_in_odoo(self):
        invoice = self.confirm()
        name = invoice.name
        self.annul(invoice, reason="  Issued to\nthe wrong   customer ")
        self.assert_annulled(invoice)
        self.assertEqual(invoice.smart_annulment_reason, REASON)
        self.assertEqual(invoice.smart_annulment_user_id, self.env.user)
        self.assertTrue(invoice.smart_annulled_at)
        self.assertEqual((invoice.name, invoice.smart_control_number), (name, "00-00000001"))
        said = self.said(invoice)
        for words in ("00-00000001", self.env.user.name, REASON):
            self.assertIn(words, said)
        [document] = self.simulator.documents()
        self.assertEqual(document["annul_reason"], REASON)
        exchange = invoice.smart_exchange_ids.filtered(lambda one: one.operation == "annul")
        self.assertEqual(exchange.outcome, "accepted")

    def test_nothing_is_sent_before_the_commit(self):
        invoice = self.confirm()
        self.annul_later(invoice)
        self.env.flush_all()
        self.assertFalse(self.annul_calls())
        self.assertEqual(invoice.smart_annulment_state, "requested")
        self.env.cr.postcommit.clear()  # what a rollback does with its hooks
        self.assertFalse(self.annul_calls())

    def test_an_annulled_document_stays_locked(self):
        invoice = self.confirm()
        self.annul(invoice)
        for road in (
            invoice.button_draft,
            lambda: invoice.write({"state": "draft"}),
            lambda: invoice.with_context(smart_cancel_annulled=True).button_draft(),
            lambda: invoice.with_context(force_delete=True).unlink(),
        ):
            with self.assertRaisesRegex(UserError, "annulled"), self.env.cr.savepoint():
                road()

    def test_odoo_itself_offers_to_request_the_cancelling_of_what_is_issued(self):
        clerk = self.new_user("smart_clerk", "account.group_account_invoice")
        manager = self.new_user("smart_boss", "account.group_account_manager")

        def offered(user):
            """Tell which of "Request Cancel" and "Reset to Draft" the form shows."""
            invoice.invalidate_recordset()
            form = Form(invoice.with_user(user))
            names = ("button_request_cancel", "button_draft")
            buttons = [form._view["tree"].find(f".//button[@name='{name}']") for name in names]
            return [
                not safe_eval(button.get("invisible"), dict(form._get_eval_context()))
                for button in buttons
            ]

        def problem():
            opened = invoice.with_user(manager).button_request_cancel()
            return self.env["smart.annul.wizard"].browse(opened["res_id"]).problems

        self.simulator.fault("refuse", seconds=30)
        invoice = self.confirm()
        self.assertEqual(invoice.smart_state, "queued")
        self.assertEqual(offered(manager), [False, True])
        self.assertFalse(invoice.need_cancel_request)
        self.assertIn("nothing to annul at SMART", problem())
        self.simulator.control("DELETE", "/faults")
        invoice.action_smart_send()
        self.commit()
        self.assertEqual(offered(manager), [True, False])
        self.assertEqual(offered(clerk), [False, False])
        self.assertTrue(invoice.need_cancel_request)
        self.assertFalse(invoice.show_reset_to_draft_button)
        self.assertFalse(problem())
        self.annul_later(invoice)
        self.assertEqual(offered(manager), [False, False])
        self.assertIn("already requested", problem())
        self.commit()
        self.assert_annulled(invoice)
        self.assertEqual(offered(manager), [False, False])
        self.assertIn("annulled already", problem())
        plain = self.make_invoice()
        plain.journal_id.smart_enabled = False
        plain.action_post()
        with self.assertRaisesRegex(UserError, "sent to the government"):
            plain.button_request_cancel()

    def test_who_cannot_annul_cannot_on_the_server_either(self):
        invoice = self.confirm()
        clerk, manager = (
            new_test_user(
                self.env,
                f"smart_{group}",
                f"account.group_account_{group}",
                company_id=self.company.id,
                company_ids=[Command.set(self.company.ids)],
            )
            for group in ("invoice", "manager")
        )
        for attempt in (
            lambda: invoice.with_user(clerk).action_smart_annul(),
            lambda: invoice.with_user(clerk).button_request_cancel(),
            lambda: self.env["smart.annul.wizard"].with_user(clerk).create({}),
            lambda: invoice.with_user(clerk).action_smart_annul_again(),
            lambda: invoice.with_user(clerk).action_smart_recall_annulment(),
            lambda: invoice.with_user(clerk).action_smart_cancel_annulled(),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                attempt()
        self.annul(invoice.with_user(manager))
        self.assert_annulled(invoice)
        self.assertEqual(invoice.smart_annulment_user_id, manager)
        self.assertIn(manager.partner_id, invoice.message_ids.author_id)

    def test_a_manager_of_another_company_cannot_annul(self):
        invoice = self.confirm()
        other = self.setup_other_company()["company"]
        stranger = self.new_user("smart_stranger", "account.group_account_manager", company=other)
        with self.assertRaises(AccessError):
            invoice.with_user(stranger).action_smart_annul()
        wizard = self.env["smart.annul.wizard"].with_user(stranger)
        document_ids = invoice.smart_document_id.ids
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            wizard.create(
                {"document_ids": [Command.set(document_ids)], "reason": "x"}
            ).action_annul()

    def test_a_branch_annuls_in_the_name_of_its_parent(self):
        branch = self.env["res.company"].create(
            {"name": "Sucursal Valencia", "parent_id": self.company.id}
        )
        self.env.user.company_ids += branch
        self.cr.precommit.run()  # load the chart of accounts
        invoice = self.confirm(self.make_invoice(company_id=branch.id))
        self.assertEqual(invoice.smart_document_id.issuer_id, self.company)
        self.annul(invoice)
        self.assert_annulled(invoice)

    # -- the reason ------------------------------------------------------------------------

    def test_a_reason_is_required_and_has_at_most_200_characters(self):
        invoice = self.confirm()
        for reason, words in ((False, "Enter the reason"), (" \n ", "Enter the reason")):
            with self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
                self.annul(invoice, reason=reason)
        self.annul(invoice, reason="ñ" * 200)
        self.assert_annulled(invoice)
        [document] = self.simulator.documents()
        self.assertEqual(document["annul_reason"], "ñ" * 200)

    # -- refused ---------------------------------------------------------------------------

    def test_a_refusal_leaves_the_document_issued_and_says_what_to_do(self):
        from ..smart_api.outcomes import Call, Refused

        words = {
            2: "RIF of the token",
            3: "does not know this control number",
            4: "does not take the control number",
            5: "do not fit together",
            12: "Order more control numbers",
            77: "Correct it, then annul it again",
        }
        for code, cure in words.items():
            with self.subTest(code):
                invoice = self.confirm()

                def refusing(client, body, code=code):
                    now = fields.Datetime.now().astimezone()
                    call = Call("annul", client.base_url + "/anulacion", body, now, 1, 202, "{}")
                    return Refused(call, code, "NO VALIDO")

                with patch.object(SmartClient, "annul", refusing):
                    self.annul(invoice)
                self.assert_alive(invoice)
                self.assertEqual(invoice.smart_annulment_state, "refused")
                self.assertIn(f"“NO VALIDO” (code {code})", invoice.smart_annulment_error)
                self.assertIn(cure, invoice.smart_annulment_error)
                self.assertIn(cure, self.said(invoice))
        self.annul(invoice)
        self.assert_annulled(invoice)

    def test_a_number_that_smart_does_not_know_is_refused_by_the_service_itself(self):
        invoice = self.confirm()
        self.simulator.reset()
        self.connect()
        self.annul(invoice)
        self.assert_alive(invoice)
        self.assertIn("no corresponde", invoice.smart_annulment_error)
        self.assertIn("environment", invoice.smart_annulment_error)

    def test_a_refused_token_stops_the_lane_and_the_annulment_waits(self):
        invoice = self.confirm()
        self.simulator.fault("unauthorized")
        self.annul(invoice)
        self.assert_alive(invoice)
        self.assertEqual(invoice.smart_annulment_state, "requested")
        self.assertIn("valid SMART token", invoice.smart_annulment_error)
        self.assertEqual(invoice.smart_annulment_waits_for, "When the cause has been dealt with")
        self.send_in_background()
        self.assertEqual(len(self.annul_calls()), 1, "no use to try again")
        invoice.action_smart_annul_again()
        self.commit()
        self.assert_annulled(invoice)

    # -- not sent --------------------------------------------------------------------------

    def test_a_service_that_is_down_pauses_the_lane_and_the_annulment_waits(self):
        invoice = self.confirm()
        self.simulator.fault("refuse", seconds=60)
        self.annul(invoice)
        self.assert_alive(invoice)
        self.assertEqual(invoice.smart_annulment_state, "requested")
        self.assertIn("Nothing was sent", invoice.smart_annulment_error)
        self.assertRegex(invoice.smart_annulment_waits_for, r"\d+:\d\d")
        self.simulator.control("DELETE", "/faults")
        self.due(invoice)
        self.send_in_background()
        self.assert_annulled(invoice)
        self.assertFalse(invoice.smart_annulment_error)

    def test_a_request_that_was_not_sent_can_be_taken_back(self):
        invoice = self.confirm()
        self.simulator.fault("refuse", seconds=60)
        self.annul(invoice)
        invoice.action_smart_recall_annulment()
        self.assertFalse(invoice.smart_annulment_state)
        self.simulator.control("DELETE", "/faults")
        self.due(invoice)
        self.send_in_background()
        self.assertFalse(self.annul_calls())
        self.assert_alive(invoice)

    # -- unknown ---------------------------------------------------------------------------

    def test_an_unknown_outcome_is_pending_and_repeated_until_smart_answers(self):
        for fault in COMMITTED + NOT_COMMITTED:
            with self.subTest(fault):
                invoice = self.confirm()
                self.simulator.fault(fault)
                self.annul(invoice)
                self.assert_alive(invoice)
                self.assertEqual(invoice.smart_annulment_state, "pending")
                self.assertIn("not known whether", invoice.smart_annulment_error)
                self.assertTrue(invoice.smart_annulment_waits_for)
                self.assertEqual(self.at_smart(invoice), fault in COMMITTED)
                with self.assertRaisesRegex(UserError, "already asked"), self.env.cr.savepoint():
                    invoice.action_smart_recall_annulment()
                with self.assertRaisesRegex(UserError, "already requested"):
                    self.annul(invoice)
                calls = len(self.annul_calls())
                self.send_in_background()
                self.assertEqual(len(self.annul_calls()), calls, "not before its time")
                self.due(invoice)
                self.send_in_background()
                self.assert_annulled(invoice)

    def test_an_unknown_annulment_does_not_hold_up_who_issues(self):
        invoice = self.confirm()
        self.simulator.fault("error_500", path="/anulacion")
        self.annul(invoice)
        self.assertEqual(invoice.smart_annulment_state, "pending")
        self.assertEqual(self.confirm().smart_state, "issued")

    def test_pauses_grow_with_every_attempt(self):
        invoice = self.confirm()
        document = invoice.smart_document_id
        self.simulator.fault("error_500", count=3)
        self.annul(invoice)
        pauses = []
        for _attempt in range(3):
            pauses.append(document.annulment_next_attempt - fields.Datetime.now())
            self.due(invoice)
            self.send_in_background()
            if document.annulment_state != "pending":
                break
        self.assertEqual(len(pauses), 3)
        self.assertEqual(pauses, sorted(pauses))
        self.assertEqual(document.annulment_attempts, 4)
        self.assert_annulled(invoice)

    def test_a_refusal_after_an_unknown_attempt_says_that_it_may_be_annulled(self):
        invoice = self.confirm()
        self.simulator.fault("drop_after")
        self.annul(invoice)
        self.simulator.fault("out_of_control_numbers")
        self.due(invoice)
        self.send_in_background()
        self.assert_alive(invoice)
        self.assertEqual(invoice.smart_annulment_state, "refused")
        self.assertIn("dashboard whether that one annulled it", invoice.smart_annulment_error)

    def test_an_annulment_without_a_living_annuller_is_asked_again(self):
        invoice = self.confirm()
        document = invoice.smart_document_id.sudo()
        document._request_annulment(REASON, False)
        document._begin_annulment()
        self.env.cr.postcommit.clear()
        self.send_in_background()
        self.assert_annulled(invoice)
        exchanges = invoice.smart_exchange_ids.sorted("id").filtered(
            lambda one: one.operation == "annul"
        )
        self.assertEqual(exchanges.mapped("outcome"), ["unknown", "accepted"])
        self.assertEqual(exchanges[0].reason, "interrupted")

    # -- Odoo cannot cancel ----------------------------------------------------------------

    def test_what_odoo_could_not_cancel_is_never_sent(self):
        invoice = self.confirm()
        with patch.object(
            self.env.registry["account.move"], "button_cancel", side_effect=UserError("Not so!")
        ):
            self.annul(invoice)
        self.assert_alive(invoice)
        self.assertEqual(invoice.smart_annulment_state, "refused")
        self.assertIn("Not so!", invoice.smart_annulment_error)
        self.assertFalse(self.annul_calls())

    def test_annulled_at_smart_but_not_cancelled_is_marked_and_somebody_is_told(self):
        invoice = self.confirm()
        called, company = SmartClient.annul, self.company

        def while_the_period_is_closed(client, body):
            outcome = called(client, body)
            company.sudo().fiscalyear_lock_date = fields.Date.today()
            company.env.flush_all()
            return outcome

        with patch.object(SmartClient, "annul", while_the_period_is_closed):
            self.annul(invoice)
        self.assertEqual((invoice.smart_state, invoice.state), ("annulled", "posted"))
        self.assertEqual(invoice.smart_annulment_state, "uncancelled")
        self.assertIn("prior to and inclusive of", invoice.smart_annulment_error)
        self.assertIn(
            invoice,
            self.env["account.move"].search(
                [("smart_state", "=", "annulled"), ("state", "!=", "cancel")]
            ),
        )
        activity = invoice.activity_ids
        self.assertEqual(activity.user_id, self.company._smart_responsible())
        self.assertIn("Cancel in Odoo", activity.note)
        with self.assertRaisesRegex(UserError, "annulled"), self.env.cr.savepoint():
            invoice.button_cancel()
        with self.assertRaisesRegex(UserError, "inclusive"), self.env.cr.savepoint():
            invoice.action_smart_cancel_annulled()
        company.sudo().fiscalyear_lock_date = False
        invoice.action_smart_cancel_annulled()
        self.assert_annulled(invoice)
        self.assertFalse(invoice.activity_ids)
        self.assertEqual(len(self.annul_calls()), 1)

    def test_an_annuller_that_died_before_cancelling_is_succeeded(self):
        invoice = self.confirm()
        with patch(
            "odoo.addons.l10n_ve_edi_smart.models.annulment.annuller.Annuller._cancel",
            lambda *_args: 0,
        ):
            self.annul(invoice)
        self.assertEqual((invoice.smart_state, invoice.state), ("annulled", "posted"))
        self.env["smart.lane"].sudo().search([])._block("even in a stopped lane")
        self.send_in_background()
        self.assert_annulled(invoice)

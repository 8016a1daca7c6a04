"""What a person can do to a numbering: change its next number, with a trace, and no more."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .test_attacks import AttackCommon

CONTEXT = {
    "tracking_disable": True,
    "mail_notrack": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "default_model": "res.partner",
    "default_res_id": 1,
    "default_body": "forged",
    "default_author_id": 1,
    "default_tracking_value_ids": False,
    "default_user_id": 1,
    "default_message": "forged",
    "default_issuer_id": 1,
    "active_test": False,
}


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestNumbering(AttackCommon):
    def setUp(self):
        super().setUp()
        self.confirm()
        self.numbering = self.env["smart.numbering"].search([("issuer_id", "=", self.company.id)])
        self.mine = self.as_auditor(self.numbering, self.manager)

    def trace(self):
        """Return who changed the next number and what the log says, the latest first."""
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.env["smart.exchange"].search([("operation", "=", "renumber")])
        self.assertEqual(rows.issuer_id, self.company if rows else self.company.browse())
        return [(row.user_id, row.outcome, row.message) for row in rows]

    def test_an_edit_on_the_form_leaves_one_entry_that_says_who_and_what(self):
        with Form(self.mine) as form:
            form.next_number = 50
        words = "Next internal number of “Invoice”: 2 → 50. Changed by hand."
        self.assertEqual(self.trace(), [(self.manager, "accepted", words)])
        with Form(self.mine) as form:
            form.next_number = 50
        self.assertEqual(len(self.trace()), 1)

    def test_no_context_of_a_client_prevents_or_forges_the_entry(self):
        before = 2
        for number, context in enumerate(
            [{key: value} for key, value in CONTEXT.items()] + [CONTEXT], start=3
        ):
            with self.subTest(context=context):
                self.mine.with_context(**context).write({"next_number": number})
                trace = self.trace()
                self.assertEqual(len(trace), number - 2)
                self.assertEqual(trace[0][:2], (self.manager, "accepted"))
                self.assertIn(f"{before} → {number}.", trace[0][2])
                before = number

    def test_what_code_changes_with_all_rights_is_logged_too(self):
        self.mine.sudo().next_number = 33
        [(user, _outcome, words)] = self.trace()
        self.assertEqual(user, self.manager)
        self.assertIn("2 → 33", words)

    def test_counting_is_not_logged_but_following_the_service_is(self):
        self.confirm()
        self.assertEqual(self.trace(), [])
        self.mine.next_number = 10
        self.confirm()
        back, by_hand = self.trace()
        self.assertIn("10 → 3. SMART expects number 3", back[2])
        self.assertIn("3 → 10", by_hand[2])

    def test_the_button_shows_the_changes_of_this_issuer(self):
        self.mine.next_number = 20
        action = self.mine.action_open_changes()
        rows = self.mine.env[action["res_model"]].search(action["domain"])
        self.assertEqual(len(rows), 1)
        self.assertIn("2 → 20", rows.message)

    def test_a_person_changes_nothing_else(self):
        self.numbering.sudo()._engine_write({"missing_numbers": "3-4", "notice_pending": True})
        for values in (
            {"document_type": "credit_note"},
            {"environment": "test"},
            {"issuer_id": self.other_company.id},
            {"missing_numbers": False},
            {"missing_numbers": "1"},
            {"notice_pending": False},
            {"next_number": 7, "notice_pending": False},
        ):
            name = list(values)[-1]
            with self.subTest(values), self.assertRaises(UserError) as raised:
                self.mine.with_context(**CONTEXT).write(values)
            self.assertIn(self.numbering._fields[name].string, str(raised.exception))
        self.assertEqual(
            self.numbering.read(["missing_numbers", "notice_pending", "next_number"])[0],
            {
                "id": self.numbering.id,
                "missing_numbers": "3-4",
                "notice_pending": True,
                "next_number": 2,
            },
        )

    def test_a_person_makes_and_deletes_no_numbering(self):
        values = {
            "issuer_id": self.company.id,
            "environment": "custom",
            "document_type": "credit_note",
        }
        for user in (self.manager, self.clerk, self.employee, self.auditor):
            numbering = self.as_auditor(self.numbering, user)
            for attempt in (
                lambda numbering=numbering: numbering.create(values),
                lambda numbering=numbering: numbering.copy({"document_type": "credit_note"}),
                lambda numbering=numbering: numbering.unlink(),
            ):
                with self.subTest(user.login), self.assertRaises(AccessError):
                    attempt()
        for user in (self.clerk, self.employee, self.auditor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.as_auditor(self.numbering, user).write({"next_number": 9})

    def test_a_person_can_follow_and_talk_about_it_and_plan_what_to_do(self):
        self.mine.message_subscribe(self.manager.partner_id.ids)
        self.mine.message_post(body="Who was that?", message_type="comment")
        activity = self.mine.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.manager.id, summary="Ask SMART"
        )
        activity.action_feedback("Done")
        self.mine.write({"activity_ids": [(0, 0, {
            "res_model_id": self.env["ir.model"]._get_id("smart.numbering"),
            "summary": "Ask again", "user_id": self.manager.id,
        })]})  # fmt: skip
        self.assertEqual(self.mine.activity_ids.summary, "Ask again")
        self.assertIn(self.manager.partner_id, self.mine.message_partner_ids)

    def test_the_entry_cannot_be_deleted_rewritten_or_forged(self):
        self.mine.next_number = 20
        trace = self.trace()
        entry = self.env["smart.exchange"].search([("operation", "=", "renumber")])
        forged = {
            "issuer_id": self.company.id,
            "company_id": self.company.id,
            "environment": "custom",
            "operation": "renumber",
            "outcome": "accepted",
            "message": "Next internal number of “Invoice”: 2 → 99.",
            "started_at": "2020-01-01 00:00:00",
            "user_id": self.clerk.id,
        }
        table = []
        for user in (self.manager, self.env.ref("base.user_admin"), self.auditor):
            own = self.as_auditor(entry, user)
            table += [
                (f"delete, {user.login}", own.unlink, UserError),
                (f"other words, {user.login}", lambda own=own: own.write({"message": "-"}),
                 UserError),
                (f"another author, {user.login}",
                 lambda own=own: own.write({"user_id": self.clerk.id}), UserError),
                (f"forge, {user.login}", lambda own=own: own.create(forged), UserError),
                (f"copy, {user.login}", lambda own=own: own.copy(), UserError),
            ]  # fmt: skip
        for name, attempt, happens in table:
            self.attack(name, attempt, happens)
        self.assertEqual(self.trace(), trace)

    def test_a_message_in_the_chatter_is_talk_and_forges_nothing(self):
        self.mine.message_post(
            body="Next internal number of “Invoice”: 2 → 99.",
            author_id=self.clerk.partner_id.id,
            message_type="notification",
        )
        self.assertEqual(self.trace(), [])

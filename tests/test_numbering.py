"""What a person can do to a numbering: change its next number, with a trace, and no more."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .test_attacks import AttackCommon

UNTRACKED = {
    "tracking_disable": True,
    "mail_notrack": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "default_model": "res.partner",
    "default_res_id": 1,
    "default_body": "forged",
    "default_author_id": 1,
    "default_tracking_value_ids": False,
    "active_test": False,
}


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestNumbering(AttackCommon):
    def setUp(self):
        super().setUp()
        self.confirm()
        self.numbering = self.env["smart.numbering"].search([("issuer_id", "=", self.company.id)])
        self.finish()
        self.mine = self.as_auditor(self.numbering, self.manager)

    def finish(self):
        """Do what a commit does for mail: post what was tracked."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()

    def trace(self):
        """Return who changed the next number, from what, and to what; the latest first."""
        return [
            (message.author_id, value.old_value_integer, value.new_value_integer)
            for message in self.numbering.sudo().message_ids
            for value in message.tracking_value_ids
            if value.field_id.name == "next_number"
        ]

    def test_an_edit_on_the_form_leaves_one_message_that_says_who_and_what(self):
        messages = len(self.numbering.sudo().message_ids)
        with Form(self.mine) as form:
            form.next_number = 50
        self.finish()
        self.assertEqual(self.trace(), [(self.manager.partner_id, 2, 50)])
        self.assertEqual(len(self.numbering.sudo().message_ids), messages + 1)

    def test_no_context_of_a_client_prevents_the_trace(self):
        messages = len(self.numbering.sudo().message_ids)
        before = 2
        for number, context in enumerate(
            [{key: value} for key, value in UNTRACKED.items()] + [UNTRACKED], start=3
        ):
            with self.subTest(context=context):
                self.mine.with_context(**context).write({"next_number": number})
                self.finish()
                self.assertEqual(self.trace()[0], (self.manager.partner_id, before, number))
                messages += 1
                self.assertEqual(len(self.numbering.sudo().message_ids), messages)
                before = number

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
                self.mine.with_context(**UNTRACKED).write(values)
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

    def test_the_trace_cannot_be_deleted_or_rewritten(self):
        self.mine.next_number = 20
        self.finish()
        trace = self.trace()
        message = self.mine.message_ids[0]
        as_admin = message.with_user(self.env.ref("base.user_admin"))
        comment = self.mine.message_post(body="A comment", message_type="comment")
        for name, attempt in (
            ("delete", message.unlink),
            ("by the record", lambda: self.mine.write({"message_ids": [(2, message.id)]})),
            ("turn into a comment", lambda: message.write({"message_type": "comment"})),
            ("another author", lambda: message.write({"author_id": self.clerk.partner_id.id})),
            ("other words", lambda: message.write({"body": "Nothing happened"})),
            ("no values", lambda: message.write({"tracking_value_ids": [(5,)]})),
            ("as an administrator", as_admin.unlink),
        ):
            with self.subTest(name), self.assertRaises(UserError), self.env.cr.savepoint():
                attempt()
        self.env.invalidate_all()
        self.assertEqual(self.trace(), trace)
        message.toggle_message_starred()
        comment.unlink()  # what a person said is that person's

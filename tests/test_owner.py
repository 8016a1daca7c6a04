"""A document that no invoice owns goes the whole way, by the contract alone."""

import base64
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .. import fiscal_archive
from ..models.conversion.problem import SmartPreflightError
from .owner_common import OwnerCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestOwner(OwnerCommon):
    # -- confirming ------------------------------------------------------------------------

    def test_what_is_confirmed_is_issued_under_the_type_and_numbering_of_its_own(self):
        delivery = self.deliver()
        self.assertEqual(
            (delivery.smart_state, delivery.smart_control_number, delivery.smart_internal_number),
            ("issued", "00-00000001", "00000001"),
        )
        document = delivery.smart_document_id
        self.assertEqual((document._owner(), document.move_id.ids), (delivery, []))
        self.assertEqual((document.partner_id, document.amount_total), (self.customer, 100))
        [issued] = self.simulator.documents("?summary=0")
        self.assertEqual(issued["control_number"], "00-00000001")
        self.assertEqual(issued["request"]["idtipodocumento"], 5)
        self.assertEqual(issued["request"]["observacion"], "Traslado entre depósitos")
        [line] = issued["request"]["cuerpofactura"]
        self.assertEqual((line["codigo"], line["descripcion"]), ("CEM", "Cemento gris"))
        self.assertEqual(issued["request"]["total"], 100)

    def test_owners_are_found_by_how_they_find_their_documents(self):
        self.assertEqual(
            self.env["smart.document"]._owner_fields(),
            {"move_id": "account.move", "delivery_id": "smart.test.delivery"},
        )

    def test_a_batch_is_sent_in_the_background(self):
        first, second = self.make_delivery(), self.make_delivery((1, 10), (3, 0.5))
        self.deliver(first, second)
        self.assertEqual({first.smart_state, second.smart_state}, {"queued"})
        self.assertIn("by itself", first.smart_document_id.next_step)
        self.send_in_background()
        self.assertEqual(
            (first + second).mapped("smart_control_number"), ["00-00000001", "00-00000002"]
        )

    def test_confirming_refuses_with_every_problem_of_every_document(self):
        nobody = self.make_delivery(partner_id=False)
        nothing = self.make_delivery((2, 0))
        with self.assertRaises(SmartPreflightError) as raised, self.env.cr.savepoint():
            (nobody + nothing).action_confirm()
        self.assertEqual(raised.exception.owners, nobody + nothing)
        message = str(raised.exception)
        self.assertIn("Delivery Note · 100.00", message)
        for problem in ("Partner: The customer is missing.", "Line: The amount is zero"):
            self.assertIn(problem, message)
        self.assertFalse((nobody + nothing).smart_document_id)
        self.assertFalse(self.simulator.calls())

    def test_the_window_before_confirming_lists_the_same_and_opens_what_is_to_be_mended(self):
        nobody, good = self.make_delivery(partner_id=False), self.make_delivery()
        action = (nobody + good).action_smart_check()
        window = self.env["smart.preflight"].browse(action["res_id"])
        self.assertEqual((window._owners(), window.document_count), (nobody + good, 2))
        # The rate of the tests is old, which is a warning.
        line = window.line_ids.filtered(lambda one: one.severity == "error")
        self.assertEqual((window.error_count, line.what), (1, "The customer is missing."))
        opened = line.action_open()
        self.assertEqual((opened["res_model"], opened["res_id"]), (nobody._name, nobody.id))
        nobody.partner_id = self.customer
        window.action_check_again()
        self.assertEqual(window.error_count, 0)

    # -- before and after it is issued -----------------------------------------------------

    def test_a_refused_one_is_corrected_and_sent_again(self):
        delivery = self.make_delivery()
        delivery.action_confirm()
        self.make_refused(delivery)
        self.assertEqual(delivery.smart_state, "refused")
        document = delivery.smart_document_id
        with self.assertRaisesRegex(UserError, "Reset it to draft to change it"):
            delivery.reason = "Consignación"
        delivery.action_draft()
        self.assertEqual(document.state, "withdrawn")
        self.assertIn("Withdrawn before it was issued", self.said(delivery))
        delivery.reason = "Consignación"
        self.deliver(delivery)
        self.assertEqual((delivery.smart_document_id, document.state), (document, "issued"))
        self.assertEqual(self.sent(delivery)["observacion"], "Consignación")

    def make_refused(self, delivery):
        """Have the service refuse a queued document, for a type that it does not know."""
        document = delivery.smart_document_id.sudo()
        body = document.request_body.replace('"idtipodocumento":5', '"idtipodocumento":3')
        document._engine_write(
            {"request_body": body.replace('"relacionado":""', '"relacionado":"00-00009999"')}
        )
        self.commit()

    def test_a_refused_one_is_sent_again_as_it_is(self):
        delivery = self.make_delivery()
        delivery.action_confirm()
        self.make_refused(delivery)
        delivery.smart_document_id.action_send()
        self.commit()
        self.assertEqual(delivery.smart_state, "issued")

    def test_one_in_doubt_is_resolved_by_a_person(self):
        self.connect(enforce_numbering=False)
        self.simulator.fault("drop_after")
        delivery = self.deliver()
        self.assertEqual(delivery.smart_state, "unknown")
        for attempt in (
            lambda: delivery.action_draft(),
            lambda: delivery.write({"reason": "x"}),
            lambda: delivery.unlink(),
        ):
            with self.assertRaisesRegex(UserError, "it may be issued"), self.env.cr.savepoint():
                attempt()
        manager = self.new_user("delivery_manager", "account.group_account_manager")
        action = delivery.with_user(manager).action_smart_resolve()
        Wizard = self.env["smart.resolve.wizard"].with_user(manager)
        wizard = Wizard.with_context(action["context"]).create({})
        self.assertEqual(wizard.document_id.sudo()._owner(), delivery)
        wizard.write({"control_number": "00-00000001", "explanation": "Seen in the dashboard"})
        wizard.action_issued()
        self.commit()
        self.assertEqual(
            (delivery.smart_state, delivery.smart_control_number), ("issued", "00-00000001")
        )
        self.assertIn("Seen in the dashboard", self.said(delivery))

    def test_what_is_issued_is_locked(self):
        delivery = self.deliver()
        for attempt in (
            lambda: delivery.action_draft(),
            lambda: delivery.write({"reason": "x"}),
            lambda: delivery.unlink(),
        ):
            with (
                self.assertRaisesRegex(UserError, "Annul it, and issue another one"),
                self.env.cr.savepoint(),
            ):
                attempt()
        with self.assertRaisesRegex(AccessError, "cannot be set by hand"):
            delivery.smart_document_id = False
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.customer.unlink()

    # -- annulling -------------------------------------------------------------------------

    def annul_window(self, deliveries):
        action = deliveries.action_smart_annul()
        return self.env["smart.annul.wizard"].browse(action["res_id"])

    def test_it_is_annulled_at_smart_and_then_cancelled(self):
        delivery, draft = self.deliver(), self.make_delivery()
        window = self.annul_window(delivery + draft)
        self.assertEqual((window.document_count, window.left_out), (1, draft.display_name))
        window.reason = "Wrong customer"
        window.action_annul()
        self.commit()
        self.assertEqual((delivery.smart_state, delivery.state), ("annulled", "cancel"))
        self.assertEqual(delivery.smart_annulment_state, "done")
        self.assertTrue(self.simulator.documents()[0]["annulled"])
        self.assertIn("It was cancelled; its number", self.said(delivery))

    def test_its_own_obstacles_keep_smart_from_being_asked(self):
        delivery = self.deliver()
        window = self.annul_window(delivery)
        self.assertFalse(window.problems)
        self.sql("UPDATE smart_test_delivery SET lorry_left = true WHERE id = %s", delivery.id)
        with self.assertRaisesRegex(UserError, "The lorry has left. Call it back."):
            window.write({"reason": "x"})
            window.action_annul()
        delivery.smart_document_id.sudo()._request_annulment("x", False)
        self.commit()
        self.assertEqual(delivery.smart_annulment_state, "refused")
        self.assertIn("The lorry has left", delivery.smart_annulment_error)
        self.assertFalse(self.simulator.documents()[0]["annulled"])

    def test_what_is_annulled_and_cannot_be_cancelled_is_told_to_a_person(self):
        delivery = self.deliver()
        document = delivery.smart_document_id.sudo()
        undo = type(delivery)._smart_undo
        done = []

        def fails_the_second_time(owner):  # the first is the rehearsal
            done.append(owner)
            if len(done) > 1:
                raise UserError("The warehouse is closed.")
            undo(owner)

        with patch.object(type(delivery), "_smart_undo", fails_the_second_time):
            document._request_annulment("x", False)
            self.commit()
        self.assertEqual(document.annulment_state, "uncancelled")
        self.assertIn("The warehouse is closed", delivery.activity_ids.note)
        delivery.action_smart_cancel_annulled()
        self.assertEqual((delivery.state, document.annulment_state), ("cancel", "done"))
        self.assertFalse(delivery.activity_ids)

    def test_who_is_no_accounting_manager_annuls_nothing(self):
        delivery = self.deliver()
        clerk = self.new_user("delivery_clerk", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            delivery.with_user(clerk).action_smart_annul()

    # -- e-mail, book, archive -------------------------------------------------------------

    def test_smart_emails_it_to_the_customer(self):
        delivery = self.deliver()
        action = delivery.action_smart_email()
        window = self.env["smart.email.wizard"].browse(action["res_id"])
        self.assertEqual(window.line_ids.contact_ids, self.customer)
        window.action_send()
        self.commit()
        self.assertEqual(self.simulator.documents()[0]["emails"], [self.customer.email])
        self.assertIn("SMART has e-mailed it to", self.said(delivery))
        with self.assertRaisesRegex(UserError, "was not issued through SMART"):
            self.make_delivery().action_smart_email()

    def test_the_book_has_its_control_number_and_counts_nothing(self):
        first, second = self.deliver(), self.deliver()
        book = self.env["smart.book"].create({})
        rows = list(book._rows())
        self.assertEqual(
            [(row["name"], row["control_number"], row["total"], row["note"]) for row in rows],
            [
                (first.name, "00-00000001", 0, "No sale"),
                (second.name, "00-00000002", 0, "No sale"),
            ],
        )
        self.assertEqual(set(book._totals().values()), {0})
        self.assertEqual(book._counts()["issued"], 2)
        self.assertEqual(book._gaps(), ([], 0))
        self.assertEqual(book._ledger()["differences"], [])

    def test_the_book_explains_numbers_that_were_skipped(self):
        first = self.deliver()
        skipped = self.make_delivery(name="ENT/00002")
        self.deliver(self.make_delivery(name="ENT/00004"))
        [gap, other], _more = self.env["smart.book"].create({})._gaps()
        self.assertEqual((gap.first, gap.last), (skipped.name, skipped.name))
        self.assertIn("does not go through SMART", gap.why)
        self.assertEqual(other.first, "ENT/00003")
        self.assertEqual(other.why, "No invoice in Odoo has this number.")
        self.assertTrue(first)

    def test_a_sale_that_no_invoice_stands_for_is_named_beside_the_ledger(self):
        with patch.object(
            self.registry["smart.test.delivery"],
            "_smart_document_type",
            lambda _delivery: "invoice",
        ):
            delivery = self.deliver()
        book = self.env["smart.book"].create({})
        self.assertEqual(book._totals()["total"], 100)
        [difference] = book._ledger()["differences"]
        self.assertEqual(
            difference["cause"],
            f"Issued for {delivery.name}, of which the ledger knows no invoice.",
        )

    def test_an_auditor_finds_the_products_on_it(self):
        self.assertNotIn(self.product, self.products_of_auditor())
        self.deliver()
        self.assertIn(self.product, self.products_of_auditor())

    def products_of_auditor(self):
        auditor = self.new_user("owner_auditor", "l10n_ve_edi_smart.group_smart_auditor")
        found = self.env["product.product"].with_user(auditor).search([])
        auditor.login = f"gone {auditor.id}"
        return found.with_env(self.env)

    def test_uninstalling_leaves_what_was_issued_beside_it(self):
        delivery = self.deliver()
        self.fetch(delivery.smart_document_id.sudo())
        fiscal_archive.archive(self.env(su=True))
        self.assertIn("Control Number</b>: 00-00000001", self.said(delivery))
        [kept] = self.env["ir.attachment"].search(
            [("res_model", "=", delivery._name), ("res_id", "=", delivery.id)]
        )
        self.assertTrue(base64.b64decode(kept.datas).startswith(b"%PDF"))

    def test_the_responsible_person_is_led_to_it(self):
        self.connect(enforce_numbering=False)
        self.simulator.fault("drop_after")
        delivery = self.deliver()
        self.send_in_background()
        notes = self.env["smart.lane"].search([]).activity_ids.mapped("note")
        self.assertIn(f'data-oe-model="{delivery._name}"', "".join(map(str, notes)))

    # -- the chain -------------------------------------------------------------------------

    def test_the_chain_covers_what_it_says_and_whose_document_it_is(self):
        delivery, other = self.deliver(), self.deliver()
        annulled = self.deliver()
        self.annul(annulled.smart_document_id.sudo())
        self.assertFalse(self.finding())
        issue = self.links("issue")[0]
        self.assertIn(f'"owner":"smart.test.delivery,{delivery.id}"', issue.content)
        document = delivery.smart_document_id
        for query, words in (
            (f"UPDATE smart_test_delivery_line SET quantity = 1 WHERE delivery_id = {delivery.id}",
             f"{delivery.name}, its lines, taxes or totals were changed"),
            (f"UPDATE smart_test_delivery SET state = 'cancel' WHERE id = {delivery.id}",
             "is not posted or cancelled as its fiscal document says"),
            (f"UPDATE smart_document SET delivery_id = NULL WHERE id = {document.id}",
             f"(№ {delivery.id}) → –"),
            (f"UPDATE smart_test_delivery SET smart_document_id = {document.id}"
             f" WHERE id = {other.id}",
             "shows the fiscal document of another record"),
            (f"DELETE FROM smart_test_delivery WHERE id = {delivery.id}",
             "what it was issued for was deleted"),
        ):  # fmt: skip
            with self.subTest(words), self.undone():
                self.sql(query)
                self.assertIn(words, self.finding())

    def test_merging_its_customer_changes_nothing(self):
        twin = self.customer.copy({"vat": self.customer.vat})
        delivery = self.deliver(self.make_delivery(partner_id=twin.id))
        self.env["base.partner.merge.automatic.wizard"].sudo()._merge(
            [twin.id, self.customer.id], self.customer
        )
        self.env.invalidate_all()
        self.assertEqual(delivery.partner_id, self.customer)
        self.assertEqual(self.links()[-1].kind, "merge")
        self.assertFalse(self.finding())

    def test_of_an_owner_whose_addon_is_gone_the_chain_says_that_nobody_can_tell(self):
        self.deliver()
        Document = self.registry["smart.document"]
        with (
            patch.object(Document, "_is_owner", lambda _self, model: model == "account.move"),
        ):
            self.assertFalse(self.finding())
            self.assertIn("invoice itself: 1.", self.chain.uncovered)

"""What the invoice itself says is covered, for whom it was issued, and what merging may change."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.chain.owner import OwnerContent
from .chain_common import ChainCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestChainOwner(ChainCommon):
    def test_two_invoices_whose_documents_were_swapped_are_found(self):
        one, other = self.issue(2)
        mine, theirs = one.smart_document_id.id, other.smart_document_id.id
        self.sql("UPDATE smart_document SET move_id = NULL WHERE id = %s", mine)
        self.sql("UPDATE smart_document SET move_id = %s WHERE id = %s", one.id, theirs)
        self.sql("UPDATE smart_document SET move_id = %s WHERE id = %s", other.id, mine)
        finding = self.finding()
        self.assertIn(f"Invoice: {one.display_name} (№ {one.id}) → {other.display_name}", finding)
        self.assertIn(f"{one.smart_number} shows the fiscal document of another record", finding)
        # On the invoices as well: they show each other's control numbers.
        self.sql(
            "UPDATE account_move SET smart_document_id ="
            " (SELECT id FROM smart_document WHERE move_id = account_move.id)"
            " WHERE smart_document_id IS NOT NULL"
        )
        self.assertIn(
            f"Invoice: {one.display_name} (№ {one.id}) → {other.display_name}", self.finding()
        )

    def test_an_invoice_that_shows_another_ones_document_is_found(self):
        issued, draft = self.issue(1), self.make_invoice()
        self.env.flush_all()
        self.sql(
            "UPDATE account_move SET smart_document_id = %s WHERE id = %s",
            issued.smart_document_id.id,
            draft.id,
        )
        self.assertIn("shows the fiscal document of another record", self.finding())

    def test_an_invoice_that_is_no_longer_in_the_books_is_found(self):
        invoice = self.issue(1)
        for state in ("draft", "cancel"):
            with self.subTest(state), self.undone():
                self.sql("UPDATE account_move SET state = %s WHERE id = %s", state, invoice.id)
                self.sql(
                    "UPDATE account_move_line SET parent_state = %s WHERE move_id = %s",
                    state,
                    invoice.id,
                )
                words = "is not posted or cancelled as its fiscal document says"
                self.assertIn(f"{invoice.smart_number} {words}", self.finding())
        self.annul(invoice.smart_document_id.sudo())
        self.assertFalse(self.finding())
        self.sql("UPDATE account_move SET state = 'posted' WHERE id = %s", invoice.id)
        self.sql("UPDATE account_move_line SET parent_state = 'posted'")
        self.assertIn("is not posted or cancelled", self.finding())

    def test_what_was_corrected_before_it_was_issued_is_what_counts(self):
        self.simulator.fault("refuse", seconds=30)
        invoice = self.confirm()
        before = invoice.smart_document_id.sudo().owner_digest
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 200.0
        self.simulator.control("DELETE", "/faults")
        invoice.smart_document_id.sudo().lane_id._resume()
        self.confirm(invoice)
        self.assertEqual(invoice.smart_state, "issued")
        self.assertNotEqual(invoice.smart_document_id.sudo().owner_digest, before)
        self.assertFalse(self.finding())

    def test_each_kind_of_invoice_says_the_same_after_it_was_issued(self):
        self.company.smart_retention_months = 0
        issued = self.issue(1)
        note = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.customer.id,
                "currency_id": self.bolivar.id,
                "smart_note_origin_id": issued.id,
                "smart_note_reason": "Returned",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Back",
                            "price_unit": 50.0,
                            "tax_ids": [Command.set(self.taxes["general"].ids)],
                        }
                    )
                ],
            }
        )
        dollars = self.make_invoice(currency_id=self.usd.id)
        parted = self.make_invoice(
            ("general", 100.0),
            ("reduced", 33.33, 3),
            invoice_payment_term_id=self.env.ref("account.account_payment_term_advance_60days").id,
        )
        self.confirm(note, dollars, parted)
        self.send_in_background()
        self.assertEqual((note + dollars + parted).mapped("smart_state"), ["issued"] * 3)
        self.assertFalse(self.finding())
        self.annul(note.smart_document_id.sudo())
        self.assertFalse(self.finding())

    # -- merged ----------------------------------------------------------------------------

    def merge(self, source, target):
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (source + target).ids, target, extra_checks=False
        )
        self.env.invalidate_all()

    def test_customers_that_were_merged_break_nothing(self):
        same = self.customer.copy({"name": "La Trinidad", "vat": self.customer.vat})
        last = self.customer.copy({"name": "Trinidad", "vat": self.customer.vat})
        document = self.document(self.issue(1))
        self.merge(self.customer, same)
        self.assertEqual(document.partner_id, same)
        self.assertFalse(self.finding())
        self.assertEqual(self.links()[-1].kind, "merge")
        self.merge(same, last)
        self.assertEqual(document.partner_id, last)
        self.assertFalse(self.finding())
        self.sql("UPDATE smart_document SET partner_id = %s", self.partner_a.id)
        self.assertIn("Customer: ", self.finding())

    def test_a_customer_that_was_merged_between_two_issues_breaks_nothing(self):
        same = self.customer.copy({"name": "La Trinidad", "vat": self.customer.vat})
        document = self.doubted()
        document._decide_issued("00-00000001", document.sent_at, "Seen in the dashboard")
        self.merge(self.customer, same)
        document._leave_statement("accepted", "issued", "Seen once more", "00-00000001")
        document._chain("issue")
        self.assertFalse(self.finding())

    def test_customers_without_documents_are_merged_without_a_link(self):
        one, other = (self.env["res.partner"].create({"name": name}) for name in "ab")
        self.merge(one, other)
        self.assertFalse(self.links())

    def test_accounts_that_were_merged_break_nothing(self):
        invoice = self.issue(1)
        account = invoice.invoice_line_ids.account_id
        other_company = self.env["res.company"].create({"name": "Another"})
        other = (
            self.env["account.account"]
            .with_company(other_company)
            .create(
                {
                    "name": account.name,
                    "code": "410001",
                    "account_type": account.account_type,
                    "company_ids": [Command.set(other_company.ids)],
                }
            )
        )
        root = self.env.ref("base.user_root")
        companies = (self.company + other_company).ids
        self.env["account.merge.wizard"].with_user(root).with_context(
            allowed_company_ids=companies
        )._action_merge(
            (other + account).with_user(root).with_context(allowed_company_ids=companies)
        )
        self.env.invalidate_all()
        self.assertEqual(invoice.invoice_line_ids.account_id, other)
        self.assertFalse(self.finding())
        self.assertEqual(self.links()[-1].kind, "merge")

    def test_a_merge_of_what_is_still_there_is_found(self):
        document = self.document()
        self.sql("UPDATE smart_document SET partner_id = %s", self.partner_a.id)
        self.env["smart.chain"].sudo()._note_merge(self.customer, self.partner_a)
        self.assertIn("is said to have been merged into another one", self.finding())
        self.assertTrue(document)

    # -- digests ---------------------------------------------------------------------------

    def test_a_digest_of_another_version_is_not_compared(self):
        content = OwnerContent('{"name": "x", "lines": null}', True)
        self.assertTrue(content.fits(content.digest(), {}))
        self.assertFalse(content.fits(content.digest()[:-1] + "g", {}))
        self.assertIsNone(content.fits(f"9{content.digest()[1:]}", {}))
        self.assertIsNone(content.fits("", {}))

    def test_many_merged_records_are_tried_together(self):
        def said(partner, account):
            lines = f'[{{"account": {account}}}, {{"account": 5}}]'
            return OwnerContent(f'{{"partner": {partner}, "contact": 7, "lines": {lines}}}', True)

        originals = {"res.partner": {2: [1, 3]}, "account.account": {9: [8]}}
        self.assertTrue(said(2, 9).fits(said(3, 8).digest(), originals))
        self.assertFalse(said(2, 9).fits(said(4, 8).digest(), originals))

    def test_a_customer_that_many_were_merged_into_is_one_in_all_places(self):
        def said(partner):
            return OwnerContent(
                f'{{"partner": {partner}, "contact": {partner}, "delivery": {partner},'
                ' "lines": null}',
                True,
            )

        originals = {"res.partner": {100: list(range(1, 41))}}
        for gone in (1, 20, 40):
            self.assertTrue(said(100).fits(said(gone).digest(), originals))
        self.assertFalse(said(100).fits(said(41).digest(), originals))

    # -- what the database would just empty -------------------------------------------------

    def test_who_confirmed_cannot_be_deleted_though_the_background_has_sent_it(self):
        user = self.env["res.users"].create(
            {
                "name": "Gone",
                "login": "gone",
                "group_ids": [Command.set(self.env.ref("account.group_account_manager").ids)],
                "company_ids": [Command.set(self.company.ids)],
                "company_id": self.company.id,
            }
        )
        invoices = self.make_invoice() + self.make_invoice()
        invoices.with_user(user).action_post()
        self.commit()
        self.send_in_background()
        self.assertEqual(invoices.mapped("smart_state"), ["issued"] * 2)
        with self.assertRaisesRegex(UserError, "cannot be deleted. Archive them"):
            user.unlink()
        self.assertFalse(self.finding())

    def test_a_delivery_address_cannot_be_deleted(self):
        address = self.env["res.partner"].create(
            {"name": "Store", "type": "delivery", "parent_id": self.customer.id}
        )
        invoice = self.make_invoice(partner_shipping_id=address.id)
        self.confirm(invoice)
        self.assertEqual(invoice.partner_shipping_id, address)
        with self.assertRaisesRegex(UserError, "Store is the delivery address"):
            address.unlink()
        self.assertFalse(self.finding())

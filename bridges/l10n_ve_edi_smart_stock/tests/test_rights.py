"""Who sees what: the warehouse its documents, accounting and auditors all."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .deliveries_common import DeliveriesCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestRights(DeliveriesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worker = cls.new_user("almacenista", "stock.group_stock_user")
        cls.chief = cls.new_user("jefe", "stock.group_stock_manager")
        cls.both = cls.new_user("todo", "stock.group_stock_user,account.group_account_invoice")
        cls.auditor = cls.new_user("seniat", "l10n_ve_edi_smart.group_smart_auditor")

    def setUp(self):
        super().setUp()
        self.invoice = self.confirm()
        self.picking = self.deliver(self.make_picking().with_user(self.worker))
        self.documents = self.invoice.smart_document_id | self.picking.sudo().smart_document_id

    def test_a_worker_without_accounting_rights_validates_and_sees_the_control_number(self):
        picking = self.picking.with_user(self.worker)
        self.assertEqual(picking.smart_control_number, "00-00000002")
        read = picking.read(["smart_state", "smart_exchange_ids", "smart_transfer_reason"])
        self.assertEqual(read[0]["smart_state"], "issued")

    def test_the_warehouse_sees_documents_of_goods_only(self):
        for user, seen in (
            (self.worker, self.picking.sudo().smart_document_id),
            (self.chief, self.picking.sudo().smart_document_id),
            (self.both, self.documents),
            (self.auditor, self.documents),
        ):
            with self.subTest(user.login):
                Document = self.env["smart.document"].with_user(user)
                found = Document.search([("id", "in", self.documents.ids)])
                self.assertEqual(found.sudo(), seen.sudo())
                exchanges = (
                    self.env["smart.exchange"]
                    .with_user(user)
                    .search([("document_id", "in", self.documents.ids)])
                )
                self.assertEqual(exchanges.sudo().document_id, seen.sudo())

    def test_only_a_chief_annuls(self):
        with self.assertRaises(AccessError):
            self.picking.with_user(self.worker).action_smart_annul()
        action = self.picking.with_user(self.chief).action_smart_annul()
        wizard = self.env["smart.annul.wizard"].with_user(self.chief).browse(action["res_id"])
        wizard.reason = "Placa equivocada"
        wizard.action_annul()
        self.commit()
        self.assertEqual(self.picking.smart_state, "annulled")

    def test_a_worker_writes_no_engine_row_and_sets_no_document(self):
        for road in (
            lambda: self.picking.with_user(self.worker).write({"smart_document_id": False}),
            lambda: (
                self.picking.sudo()
                .smart_document_id.with_user(self.worker)
                .write({"state": "queued"})
            ),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                road()

    def test_the_book_has_its_control_number_and_no_amount(self):
        today = self.env["smart.document.owner"]._smart_today()
        book = self.env["smart.book"].create({"date_from": today, "date_to": today})
        invoice, guide = book._rows()
        self.assertEqual(
            (guide["control_number"], guide["total"], guide["note"]), ("00-00000002", 0, "No sale")
        )
        self.assertEqual(book._totals()["total"], invoice["total"])

"""The auditor finds the documents of goods, and changes nothing."""

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .deliveries_common import DeliveriesCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestAuditorOfDeliveries(DeliveriesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = cls.new_user("seniat", "l10n_ve_edi_smart.group_smart_auditor")

    def setUp(self):
        super().setUp()
        invoice = self.make_invoice(("exempt", 100))
        invoice.action_post()
        self.commit()
        self.invoiced = invoice.smart_document_id
        self.picking = self.deliver()
        self.guide = self.picking.smart_document_id

    def seen_by(self, user):
        found = self.env["smart.document"].with_user(user).search([])
        return found & (self.invoiced | self.guide)

    @mute_logger("odoo.addons.base.models.ir_access", "odoo.addons.base.models.ir_rule")
    def test_the_auditor_finds_the_guide_and_changes_nothing(self):
        self.assertEqual(self.seen_by(self.auditor), self.invoiced | self.guide)
        guide = self.guide.with_user(self.auditor)
        found = guide.search([("document_type", "=", "dispatch_guide")])
        self.assertEqual(found.control_number, "00-00000002")
        picking = self.picking.with_user(self.auditor)
        for change in (
            lambda: guide.write({"control_number": "00-00000009"}),
            lambda: guide.unlink(),
            lambda: picking.write({"smart_vehicle_plate": "ZZ999ZZ"}),
            lambda: picking.unlink(),
            picking.action_smart_take_back,
            picking.action_smart_annul,
            picking.action_smart_email,
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                change()

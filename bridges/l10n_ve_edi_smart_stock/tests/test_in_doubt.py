"""A delivery whose answer never came: the warehouse's manager finds out, and records it."""

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.l10n_ve_edi_smart.models.conversion.problem import SmartPreflightError

from .deliveries_common import DeliveriesCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestInDoubt(DeliveriesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worker = cls.new_user("almacenista", "stock.group_stock_user")
        cls.chief = cls.new_user("jefe", "stock.group_stock_manager")

    def doubted(self):
        self.connect(enforce_numbering=False)
        self.simulator.fault("drop_after")
        picking = self.deliver(self.make_picking().with_user(self.worker))
        self.assertEqual((picking.state, picking.smart_state), ("done", "unknown"))
        return picking

    def test_a_manager_of_the_warehouse_records_what_the_dashboard_says(self):
        picking = self.doubted()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            picking.with_user(self.worker).action_smart_resolve()
        action = picking.with_user(self.chief).action_smart_resolve()
        wizard = (
            self.env["smart.resolve.wizard"]
            .with_user(self.chief)
            .with_context(**action["context"])
            .create({})
        )
        wizard.write(
            {
                "control_number": "00-00000001",
                "issued_at": fields.Datetime.now(),
                "explanation": "En el tablero",
            }
        )
        wizard.action_issued()
        self.commit()
        self.assertEqual(
            (picking.smart_state, picking.smart_control_number), ("issued", "00-00000001")
        )

    def test_with_enforced_numbers_it_resolves_itself(self):
        self.simulator.fault("drop_before")
        picking = self.deliver()
        picking.action_smart_send()
        self.commit()
        self.assertEqual(picking.smart_state, "issued")
        self.assertEqual(len(self.simulator.documents()), 1)

    def test_the_list_of_problems_opens_from_the_refusal(self):
        picking = self.make_picking(partner_id=False)
        with self.assertRaises(SmartPreflightError) as raised, self.env.cr.savepoint():
            picking.with_user(self.worker).button_validate()
        context = raised.exception.context
        self.assertEqual(context["additional_context"]["active_model"], "stock.picking")
        action = picking.with_user(self.worker).action_smart_check()
        wizard = self.env["smart.preflight"].with_user(self.worker).browse(action["res_id"])
        self.assertIn("The customer is missing.", wizard.line_ids.mapped("what"))

"""What issuing costs whoever validates, in queries; ``./dev bench`` measures time."""

from odoo.tests import tagged

from .deliveries_common import DeliveriesCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestCosts(DeliveriesCommon):
    def queries(self, goods, document_type):
        """Return how many queries validating takes, the second time that it is done so."""
        self.out_type.smart_document_type = document_type
        for _attempt in range(2):
            picking = self.make_picking(*((one, 2) for one in goods))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            picking.button_validate()
            self.env.flush_all()
            count = self.env.cr.sql_log_count - before
            self.env.cr.postcommit.clear()
        return count

    def test_another_line_costs_no_further_query(self):
        goods = [self.make_goods(f"Bien {number}", 10 + number) for number in range(30)]
        few, many = (
            self.queries(some, "dispatch_guide") - self.queries(some, False)
            for some in (goods[:5], goods)
        )
        self.assertLess(many - few, 25)

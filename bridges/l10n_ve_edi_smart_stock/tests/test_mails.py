"""The mail on a delivery goes once, with the document; what SMART mails is asked for here."""

from odoo.tests import tagged

from .deliveries_common import DeliveriesCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestDeliveryMails(DeliveriesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.stock_move_email_validation = True
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=False))
        cls.worker = cls.new_user("worker", "stock.group_stock_user", email="worker@example.com")

    def mails(self, picking):
        """Return the messages to the customer on it, with the names of their files."""
        template = self.env.ref("stock.mail_template_data_delivery_confirmation")
        subject = template._render_field("subject", picking.ids)[picking.id]
        messages = picking.message_ids.filtered(lambda message: message.subject == subject)
        return [(message, message.attachment_ids.mapped("name")) for message in messages]

    def shipped(self):
        picking = self.make_picking().with_user(self.worker)
        return self.deliver(picking).with_user(self.env.user)

    def test_it_waits_for_the_print_and_goes_once(self):
        picking = self.shipped()
        self.assertEqual(picking.smart_state, "issued")
        self.assertFalse(self.mails(picking))
        self.do_errands()
        [(message, names)] = self.mails(picking)
        self.assertEqual(len(names), 1)
        self.assertEqual(names[0].rpartition(".")[0], "GD-00000001")
        self.assertEqual(message.author_id, self.worker.partner_id)
        self.do_errands()
        picking._smart_became_sendable()
        self.assertEqual(len(self.mails(picking)), 1)

    def test_what_is_mailed_is_the_document_of_smart(self):
        picking = self.shipped()
        self.do_errands()
        template = self.env.ref("stock.mail_template_data_delivery_confirmation")
        template = template.with_context(force_report_rendering=True)
        found = template._generate_template_attachments(picking.ids, {"report_template_ids"})
        [(name, content)] = found[picking.id]["attachments"]
        self.assertEqual(name, "GD-00000001.pdf")
        self.assertEqual(content, picking.smart_document_id.document_file)

    def test_it_waits_while_smart_is_down(self):
        self.move_service(smart_base_url="http://127.0.0.1:9")
        picking = self.shipped()
        self.do_errands()
        self.assertFalse(self.mails(picking))
        self.connect()
        self.send_waiting()
        self.do_errands()
        self.assertEqual(len(self.mails(picking)), 1)

    def test_it_goes_with_odoos_print_where_smart_has_none_for_long(self):
        self.simulator.print("*", missing=-1)
        picking = self.shipped()
        self.do_errands()
        self.assertFalse(self.mails(picking))
        document = picking.smart_document_id.sudo()
        document._engine_write({"file_attempts": 4})
        self.env.flush_all()
        self.env["smart.document"]._tell_owners(self.registry)
        self.env.invalidate_all()
        [(_message, names)] = self.mails(picking)
        self.assertEqual(names[0].rpartition(".")[0], "GD-00000001")

    def test_what_was_annulled_meanwhile_is_not_mailed(self):
        picking = self.shipped()
        wizard = self.env["smart.annul.wizard"].browse(picking.action_smart_annul()["res_id"])
        wizard.reason = "Placa equivocada"
        wizard.action_annul()
        self.commit()
        self.do_errands()
        self.assertFalse(self.mails(picking))
        picking.action_smart_issue()
        self.commit()
        self.do_errands()
        [(_message, names)] = self.mails(picking)
        self.assertEqual(names[0].rpartition(".")[0], "GD-00000002")

    def test_what_is_printed_before_the_goods_leave_is_mailed_when_they_do(self):
        self.out_type.smart_issued_when = "ready"
        picking = self.make_picking()
        picking.action_smart_issue()
        self.commit()
        self.do_errands()
        self.assertFalse(self.mails(picking))
        self.deliver(picking)
        self.assertEqual(len(self.mails(picking)), 1)

    def test_what_is_not_fiscal_is_mailed_at_once(self):
        self.out_type.smart_document_type = False
        self.assertEqual(len(self.mails(self.shipped())), 1)

    def test_companies_that_tell_nobody_tell_nobody(self):
        self.company.stock_move_email_validation = False
        picking = self.shipped()
        self.do_errands()
        self.assertFalse(picking.smart_mail_waits)
        self.assertFalse(self.mails(picking))

    def test_a_warehouse_worker_has_smart_mail_it(self):
        picking = self.shipped().with_user(self.worker)
        wizard = self.env["smart.email.wizard"].with_user(self.worker)
        wizard = wizard.browse(picking.action_smart_email()["res_id"])
        self.assertEqual(wizard.line_ids.addresses, "compras@latrinidad.example.com")
        wizard.action_send()
        self.commit()
        [sent] = picking.smart_document_id.email_ids
        self.assertEqual((sent.state, sent.addresses), ("mailed", "compras@latrinidad.example.com"))

    def test_a_transfer_is_mailed_to_the_place_where_it_goes(self):
        self.place.email = "oriente@example.com"
        picking = self.deliver(self.make_transfer())
        self.assertEqual(picking._smart_email_addresses(), ["oriente@example.com"])

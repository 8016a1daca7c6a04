from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.l10n_ve_edi_smart.smart_api import identification

from .counter_common import CounterCommon

LOG = "odoo.addons.l10n_ve_edi_smart_pos.models.customer.pos_order"


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestCustomers(CounterCommon):
    """Who buys is found by cédula or RIF, or made of it, also of what a till typed offline."""

    def kept(self, vat, kind="cedula", **values):
        kind = self.env.ref(f"l10n_ve_edi_smart.it_ve_{kind}")
        values = {"name": vat, "vat": vat, "l10n_latam_identification_type_id": kind.id, **values}
        return self.env["res.partner"].create(values)

    def spell(self, partner, vat):
        """Have a customer's number be as before the addon."""
        self.env.cr.execute("UPDATE res_partner SET vat = %s WHERE id = %s", (vat, partner.id))
        partner.invalidate_recordset(["vat"])

    def test_a_customer_is_found_however_the_number_is_typed_or_kept(self):
        partner = self.kept("V-17654321")
        for kept in ("V-17654321", "V17654321", "v-17654321", "V-17.654.321"):
            self.spell(partner, kept)
            for typed in ("17654321", "v17654321", "17.654.321", "V-17654321"):
                with self.subTest(kept=kept, typed=typed):
                    self.assertEqual(self.find(typed), partner)

    def test_a_person_is_found_by_cedula_and_by_rif(self):
        rif = identification.format_rif
        [first, second] = [
            next(filter(None, (rif(f"{cedula}{digit}") for digit in range(10))))
            for cedula in ("V17654322", "V07654323")
        ]
        partner = self.kept(first, "rif")
        self.assertEqual(self.find("17654322"), partner)
        other = self.kept("V-7654323")
        self.assertEqual(self.find(second), other)

    def test_the_company_is_found_not_one_of_its_contacts(self):
        company = self.kept("J-00041312-6", "rif", is_company=True)
        contact = self.env["res.partner"].create({"name": "Ana", "parent_id": company.id})
        self.assertEqual(contact.vat, company.vat)
        self.assertEqual(self.find("000413126"), company)

    def test_nobody_is_found_by_what_is_no_number(self):
        for typed in ("", "abc", "J-30984512-7", False, "99999999"):
            self.assertFalse(self.find(typed))

    def test_a_customer_of_another_company_is_not_found(self):
        other = self.env["res.company"].create({"name": "Otra"})
        self.kept("V-17654321", company_id=other.id)
        self.assertFalse(self.find("17654321"))

    def test_a_new_customer_needs_a_number_alone_and_can_be_invoiced(self):
        made = self.make("17654321")
        cedula = self.env.ref("l10n_ve_edi_smart.it_ve_cedula")
        self.assertEqual(
            (made.name, made.vat, made.l10n_latam_identification_type_id, made.is_company),
            ("V-17654321", "V-17654321", cedula, False),
        )
        self.assertFalse(made.with_company(self.company).smart_problems)
        self.assertEqual(self.make("V17654321", name="Ana"), made, "it is the same customer")
        [order] = self.hand_in(self.order_values(partner_id=made.id))
        self.send_waiting()
        document = order.account_move.smart_document_id
        self.assertEqual((document.state, document.customer_name), ("issued", "V-17654321"))

    def test_a_company_is_made_with_its_name(self):
        made = self.make("J-00041312-6", name="Bodegón Altamira, C.A.")
        rif = self.env.ref("l10n_ve_edi_smart.it_ve_rif")
        self.assertEqual(
            (made.name, made.l10n_latam_identification_type_id, made.is_company),
            ("Bodegón Altamira, C.A.", rif, True),
        )

    def test_a_cashier_makes_no_other_field(self):
        made = self.make("17654321", name="Ana", comment="x", email="ana@example.com")
        self.assertFalse(made.comment)
        self.assertEqual(made.email, "ana@example.com")

    def test_only_cashiers_look_customers_up(self):
        clerk = self.new_user("clerk", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["res.partner"].with_user(clerk).smart_find_at_counter(self.till.id, "1")

    def test_what_is_asked_for_is_what_no_stand_in_covers(self):
        self.assertEqual(self.till.smart_asks_for, "")
        self.company.write({"smart_walk_in_phone": False, "smart_walk_in_address": False})
        self.till.invalidate_recordset(["smart_asks_for"])
        self.assertEqual(self.till.smart_asks_for, "street,phone")
        made = self.make("17654321", street="Calle Sur", phone="0414-1234567")
        self.assertFalse(made.with_company(self.company).smart_problems)

    def test_the_till_is_told_what_is_wrong_with_a_customer(self):
        bad = self.kept("V-17654321", phone="no tiene")
        spanish = bad.with_user(self.cashier).with_context(lang="es_VE")
        [told] = spanish.with_company(self.company).smart_problems
        self.assertIn("«no tiene» no es un número de teléfono válido", told["text"])
        self.assertEqual((told["model"], told["id"]), (False, False), "a cashier may not mend it")
        self.assertIn("Usted no puede cambiarlo", told["text"])
        [told] = bad.with_company(self.company).smart_problems
        self.assertEqual((told["model"], told["id"]), ("res.partner", bad.id))

    # -- typed without a connection ------------------------------------------------------------

    def typed(self, number, **values):
        return self.order_values(smart_new_customer={"typed": number, "name": "Ana", **values})

    def test_who_was_typed_twice_without_connection_becomes_one_customer(self):
        orders = self.hand_in(self.typed("V-17654321"), self.typed("17654321"))
        self.assertEqual(len(orders.partner_id), 1)
        self.assertEqual(orders.partner_id.name, "Ana")
        self.send_waiting()
        self.assertEqual(orders.account_move.mapped("smart_state"), ["issued"] * 2)

    def test_who_was_typed_and_is_known_is_found(self):
        partner = self.kept("V-17654321")
        [order] = self.hand_in(self.typed("17654321"))
        self.assertEqual(order.partner_id, partner)

    def test_who_cannot_be_made_does_not_stop_an_order_that_is_paid(self):
        for number, broken in (("none", False), ("17654321", True)):
            create = patch.object(type(self.env["res.partner"]), "create", side_effect=ValueError)
            with self.subTest(number), mute_logger(LOG):
                values = self.typed(number)
                if broken:
                    with create:
                        [order] = self.hand_in(values)
                else:
                    [order] = self.hand_in(values)
                self.assertEqual(order.state, "paid")
                self.assertIn("no customer", order.activity_ids.note)

    def test_the_self_service_finds_no_customers(self):
        self.kept("V-17654321")
        public = self.env["pos.order"].with_user(self.env.ref("base.public_user")).sudo()
        values = self.typed("17654321")
        public.sync_from_ui([values])
        order = self.env["pos.order"].search([("uuid", "=", values["uuid"])])
        self.assertFalse(order.partner_id)

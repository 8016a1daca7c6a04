"""What people keep in a contact's fields is understood, and what is sent of it is told."""

from odoo.tests import Form, tagged

from .owner_common import OwnerCommon

CEDULA = "l10n_ve_edi_smart.it_ve_cedula"
RIF_TYPE = "l10n_ve_edi_smart.it_ve_rif"


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestForgivingData(OwnerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ve = cls.env.ref("base.ve")

    def checked(self, **values):
        """Return what is sent for a customer with these values, and the warnings about it."""
        self.customer.write(values)
        [conversion] = self.env["smart.payload"]._check(self.make_delivery())
        self.assertFalse(conversion.errors)
        about = self.customer._name
        return conversion.request, [
            one for one in conversion.problems if one.warning and one.record._name == about
        ]

    # -- whom it is for --------------------------------------------------------------------

    def test_the_document_names_whom_the_rif_belongs_to_and_reaches_the_contact(self):
        person = self.env["res.partner"].create(
            {
                "parent_id": self.customer.id,
                "name": "Pedro Pérez",
                "type": "other",
                "street": "Av. Bolívar 12",
                "city": "Valencia",
                "country_id": self.ve.id,
                "phone": "0241-8580011",
                "email": "pedro@example.com",
            }
        )
        delivery = self.deliver(self.make_delivery(partner_id=person.id))
        wire = self.sent(delivery)
        self.assertEqual(wire["nombrecliente"], "Inversiones La Trinidad, C.A.")
        self.assertEqual(wire["rifcedulacliente"], "J-30984512-8")
        self.assertIn("Av. Bolívar 12", wire["direccioncliente"])
        self.assertEqual(wire["telefonocliente"], "582418580011")
        self.assertEqual(wire["emailcliente"], "pedro@example.com")
        document = delivery.smart_document_id
        self.assertEqual(document.customer_name, "Inversiones La Trinidad, C.A.")

    # -- phones ----------------------------------------------------------------------------

    def test_the_first_valid_phone_of_several_is_sent_with_a_warning(self):
        for phone, sent in (
            ("0414-1234567 / 0212-9511234", "584141234567"),
            ("0414 1234567, 0212 9511234", "584141234567"),
            ("0212-9511234/35/36", "582129511234"),
            ("0414 1234567 Oficina", "584141234567"),
            ("0414 1234567 0212 9511234", "584141234567"),
            ("Casa 1234567 / 0212-9511234", "582129511234"),
        ):
            with self.subTest(phone):
                request, [warning] = self.checked(phone=phone)
                self.assertEqual(request.customer_phone, sent)
                self.assertEqual((warning.record, warning.field), (self.customer, "phone"))
                self.assertIn(f"+{sent}", warning.what)
                self.assertIn(phone, warning.what)

    def test_one_phone_is_no_warning(self):
        request, warnings = self.checked(phone="(0414) 123.45.67")
        self.assertEqual(request.customer_phone, "584141234567")
        self.assertFalse(warnings)

    # -- e-mails ---------------------------------------------------------------------------

    def test_the_valid_addresses_that_fit_are_sent_with_a_warning(self):
        long = [f"comprador.{number}.sucursal@empresa.example.com" for number in range(4)]
        for email, sent, left_out in (
            ("a@x.com; not an address; b@y.com", ["a@x.com", "b@y.com"], "not an address"),
            ("compras@example.com; ventas@", ["compras@example.com"], "ventas@"),
            (", ".join(long), long[:2], long[3]),
            (", ".join([*long, "z@x.co"]), [*long[:2], "z@x.co"], long[2]),
        ):
            with self.subTest(email):
                request, [warning] = self.checked(email=email)
                self.assertEqual(request.customer_email, "|".join(sent))
                self.assertEqual((warning.record, warning.field), (self.customer, "email"))
                self.assertIn(left_out, warning.what)

    def test_addresses_that_fit_are_no_warning(self):
        request, warnings = self.checked(email="a@x.com; B <b@y.com>, a@x.com")
        self.assertEqual(request.customer_email, "a@x.com|b@y.com")
        self.assertFalse(warnings)

    # -- cédula and RIF --------------------------------------------------------------------

    def contact(self, kind, vat, **values):
        return self.env["res.partner"].create(
            {
                "name": "María Gómez",
                "country_id": self.ve.id,
                "l10n_latam_identification_type_id": self.env.ref(kind).id,
                "vat": vat,
                **values,
            }
        )

    def test_rif_and_cedula_are_written_back_normalised(self):
        for kind, given, number, understood in (
            (CEDULA, "V12345678", "V-12345678", CEDULA),
            (CEDULA, "v-012345678", "V-12345678", CEDULA),
            (CEDULA, "e 84.123.456", "E-84123456", CEDULA),
            (CEDULA, "J309845128", "J-30984512-8", RIF_TYPE),
            (RIF_TYPE, "j309845128", "J-30984512-8", RIF_TYPE),
            (RIF_TYPE, "J 30.984.512-8", "J-30984512-8", RIF_TYPE),
            (RIF_TYPE, "V12345678", "V-12345678", CEDULA),
            (CEDULA, "12345678", "12345678", CEDULA),
        ):
            with self.subTest(f"{kind} {given}"):
                created = self.contact(kind, given)
                written = self.contact(kind, False)
                written.vat = given
                for one in (created, written):
                    self.assertEqual(one.vat, number)
                    type_ = one.l10n_latam_identification_type_id
                    self.assertEqual(type_, self.env.ref(understood))

    def test_other_numbers_stay_as_they_are(self):
        passport = self.contact("l10n_ve_edi_smart.it_ve_passport", "v12345678")
        abroad = self.contact(CEDULA, "v12345678", country_id=self.env.ref("base.co").id)
        self.assertEqual((passport.vat, abroad.vat), ("v12345678", "v12345678"))

    def test_the_form_asks_for_the_letter(self):
        form = Form(self.env["res.partner"])
        form.name = "María Gómez"
        form.country_id = self.ve
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as logs:
            form.l10n_latam_identification_type_id = self.env.ref(CEDULA)
            form.vat = "12345678"
        self.assertIn("“12345678” has no letter", " ".join(logs.output))
        form.vat = "v12345678"
        self.assertEqual(form.vat, "V-12345678")

    def test_a_number_from_before_is_understood(self):
        self.customer.flush_recordset()
        self.env.cr.execute(
            "UPDATE res_partner SET vat = 'V12345678' WHERE id = %s", [self.customer.id]
        )
        self.customer.invalidate_recordset()
        request, _warnings = self.checked()
        self.assertEqual(request.customer_identification, "V-12345678")
        self.assertEqual(request.customer_identification_type, 1)

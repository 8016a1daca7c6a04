"""RIF, cédula and passport are types of Venezuela's own, by these names."""

from odoo.modules.module import load_script
from odoo.tests import Form, tagged
from odoo.tools import file_path

from .common import SmartCommon

OWN = ("it_ve_rif", "it_ve_cedula", "it_ve_passport")


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestIdentificationTypes(SmartCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = [cls.env.ref(f"l10n_ve_edi_smart.{name}") for name in OWN]
        cls.shared = [
            cls.env.ref(f"l10n_latam_base.{name}") for name in ("it_vat", "it_pass", "it_fid")
        ]

    def test_a_new_contact_has_a_rif(self):
        partner = self.env["res.partner"].create({"name": "Nueva, C.A."})
        self.assertEqual(partner.l10n_latam_identification_type_id, self.own[0])
        self.assertTrue(partner.is_vat)
        company = self.env["res.company"].create(
            {"name": "Otra, C.A.", "country_id": self.env.ref("base.ve").id}
        )
        self.assertEqual(company.partner_id.l10n_latam_identification_type_id, self.own[0])

    def test_elsewhere_it_is_as_odoo_has_it(self):
        company = self.env["res.company"].create(
            {"name": "Inc.", "country_id": self.env.ref("base.us").id}
        )
        partner = self.env["res.partner"].with_company(company).create({"name": "x"})
        self.assertEqual(partner.l10n_latam_identification_type_id, self.shared[0])

    def test_the_form_offers_those_of_venezuela_alone(self):
        form = Form(self.env["res.partner"])
        Type = self.env["l10n_latam.identification.type"]
        domain = form._view["fields"]["l10n_latam_identification_type_id"].get("domain")
        node = form._view["tree"].xpath("//field[@name='l10n_latam_identification_type_id']")[0]
        self.assertIn("'VE' in fiscal_country_codes", node.get("domain") or domain)
        offered = Type.search([("country_id.code", "=", "VE")])
        self.assertEqual(offered.mapped("name"), ["RIF", "Cédula", "Pasaporte"])

    def test_contacts_of_before_keep_working_and_get_the_names(self):
        Partner = self.env["res.partner"]
        france, venezuela = self.env.ref("base.fr"), self.env.ref("base.ve")
        contacts = Partner.create(
            [
                {
                    "name": f"{kind.name} {country.code}",
                    "country_id": country.id,
                    "l10n_latam_identification_type_id": kind.id,
                }
                for country in (venezuela, france)
                for kind in self.shared
            ]
        )
        there, abroad = contacts[:3], contacts[3:]
        self.customer.l10n_latam_identification_type_id = self.shared[0]
        self.assertEqual(self.confirm().smart_state, "issued")
        self.env["res.company"].create(
            {"name": "Inc.", "account_fiscal_country_id": self.env.ref("base.us").id}
        )
        Type = self.env["l10n_latam.identification.type"]
        self.env.flush_all()
        script = file_path("l10n_ve_edi_smart/migrations/19.0.1.3.0/post-name_identifications.py")
        load_script(script, "name_identifications").migrate(self.env.cr, "19.0.1.2.0")
        self.env.invalidate_all()
        rif, _cedula, passport = self.own
        self.assertEqual(
            list(there.mapped(lambda one: one.l10n_latam_identification_type_id.id)),
            [rif.id, passport.id, passport.id],
        )
        self.assertEqual(self.customer.l10n_latam_identification_type_id, rif)
        self.assertEqual(
            abroad.l10n_latam_identification_type_id,
            sum(self.shared, Type),
            "not for other countries",
        )
        self.assertEqual(self.confirm().smart_state, "issued")
        Type._smart_give_back_contacts()
        self.assertEqual(self.customer.l10n_latam_identification_type_id, self.shared[0])

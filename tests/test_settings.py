from odoo.exceptions import AccessError, ValidationError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged

from .common import RIF, SmartCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestSettings(SmartCommon):
    def test_the_token_says_who_its_holder_is(self):
        self.connect(name="Distribuidora El Ávila, C.A.", address="Caracas")
        settings = self.env["res.config.settings"].create({})
        self.assertRecordValues(
            settings,
            [
                {
                    "smart_holder_rif": RIF,
                    "smart_holder_name": "Distribuidora El Ávila, C.A.",
                    "smart_holder_address": "Caracas",
                    "smart_enforces_numbering": True,
                    "smart_issuer_id": self.company.id,
                }
            ],
        )
        self.connect(enforce_numbering=False)
        self.assertFalse(self.company.smart_enforces_numbering)

    def test_line_breaks_of_a_pasted_token_are_dropped(self):
        token = self.company.smart_token
        self.company.smart_token = f" {token[:20]}\n{token[20:50]} \r\n{token[50:]}\n"
        self.assertEqual(self.company.smart_token, token)

    def test_what_is_not_a_token_is_refused_without_being_shown(self):
        for text in ("nonsense", "a.b.c", "secret.e30.secret"):
            with (
                self.subTest(text),
                self.assertRaisesRegex(ValidationError, "cannot be used") as raised,
                self.env.cr.savepoint(),
            ):
                self.company.smart_token = text
            self.assertNotIn("secret", str(raised.exception))

    def test_only_administrators_read_the_token_on_any_road(self):
        manager = self.new_user("smart_manager", "account.group_account_manager")
        company = self.company.with_user(manager)
        self.assertEqual(company.smart_holder_rif, RIF)
        for attempt in (
            lambda: company.read(["smart_token"]),
            lambda: company.smart_token,
            lambda: company.search([("smart_token", "like", "e")]),
            lambda: company._read_group([], ["smart_token"]),
            lambda: company.write({"smart_token": "x"}),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                attempt()
        self.assertNotIn("smart_token", company.read()[0])
        self.assertNotIn("smart_token", company.fields_get())

    def test_the_address_must_be_safe(self):
        for address in ("http://bck.factura-smart.com", "ftp://x", "", "https://u:p@x", False):
            with (
                self.subTest(address),
                self.assertRaises(ValidationError),
                self.env.cr.savepoint(),
            ):
                self.company.smart_base_url = address
        self.move_service(smart_base_url="https://smart.example.com/api/")

    def test_branches_find_the_credentials_of_the_nearest_parent(self):
        branch = self.env["res.company"].create(
            {"name": "Sucursal Valencia", "parent_id": self.company.id}
        )
        leaf = self.env["res.company"].create({"name": "Caja 1", "parent_id": branch.id})
        self.assertEqual((branch + leaf).smart_issuer_id, self.company)
        other = self.simulator.mint("J-30984512-8")["token"]
        branch.write(
            {
                "smart_environment": "custom",
                "smart_base_url": self.simulator.url,
                "smart_token": other,
            }
        )
        (branch + leaf).invalidate_recordset(["smart_issuer_id"])
        self.assertEqual((branch + leaf).smart_issuer_id, branch)

    def test_two_companies_do_not_number_for_one_rif(self):
        # Each would take the other's numbers: a document in doubt of the one would pass for
        # issued, because the other has issued one under the same number.
        other = self.env["res.company"].create({"name": "Segunda, C.A."})
        values = {
            "smart_environment": "custom",
            "smart_base_url": self.company.smart_base_url + "/",
            "smart_token": self.company.smart_token,
        }
        with self.assertRaisesRegex(ValidationError, self.company.name) as caught:
            other.write(values)
        self.assertIn("branch", str(caught.exception))
        other.write(values | {"smart_token": self.simulator.mint("J-30984512-8")["token"]})
        other.write(values | {"smart_environment": "test", "smart_base_url": False})
        self.company.smart_environment = "disabled"
        other.write(values)
        with self.assertRaisesRegex(ValidationError, "Segunda"):
            self.company.smart_environment = "custom"

    def test_a_branch_with_a_token_of_its_own_is_another_rif(self):
        branch = self.env["res.company"].create({"name": "Sede", "parent_id": self.company.id})
        with self.assertRaisesRegex(ValidationError, "one numbering"):
            branch.write(
                {
                    "smart_environment": "custom",
                    "smart_base_url": self.company.smart_base_url,
                    "smart_token": self.company.smart_token,
                }
            )

    def test_a_copied_database_is_harmless(self):
        self.confirm()
        self.env.flush_all()
        for query in get_neutralization_queries(["l10n_ve_edi_smart"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertEqual(self.company.smart_environment, "disabled")
        self.assertFalse(self.company.smart_token)
        self.assertFalse(self.company.smart_issuer_id)
        calls = len(self.simulator.calls())
        invoice = self.confirm()
        self.assertFalse(invoice.smart_state)
        self.assertEqual(len(self.simulator.calls()), calls)

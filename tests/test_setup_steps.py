"""The checklist, where it stands, and the test of the connection."""

from unittest.mock import patch

from odoo.tests import tagged

from ..smart_api.client import SmartClient
from .test_setup import FOREIGN, SetupCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestChecklist(SetupCommon):
    def steps(self, company=None):
        company = self.as_auditor(company or self.company, self.manager)
        return {step["key"]: step for step in company._smart_setup()["steps"]}

    def states(self, company=None):
        return {key: step["state"] for key, step in self.steps(company).items()}

    def journals(self, user):
        self.env.invalidate_all()
        return self.as_auditor(self.env["account.journal"], user).search(
            [("company_id", "=", self.company.id)]
        )

    def test_each_step_is_ticked_when_it_is_done(self):
        self.forget()
        self.company.write({"vat": False, "smart_responsible_id": False})
        before = self.states()
        for key in ("rif", "token", "environment", "rate", "walk_in", "responsible", "document"):
            self.assertEqual(before[key], "todo", key)
        for key in ("taxes", "journals"):
            self.assertEqual(before[key], "done", key)
        self.company.write(
            {
                "vat": "J-41256789-6",
                "smart_walk_in_address": "Caracas",
                "smart_walk_in_phone": "0212-9511234",
                "smart_walk_in_email": "caja@example.com",
                "smart_responsible_id": self.manager.id,
            }
        )
        self.connect()
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.usd.id,
                "company_id": self.company.id,
                "name": self.env["account.move"]._smart_today(),
                "inverse_company_rate": 41.5,
            }
        )
        self.confirm()
        after = self.states()
        self.assertEqual(after.pop("production"), "todo")
        self.assertEqual(set(after.values()), {"done"}, after)
        self.assertIn("00-00000001", self.steps()["document"]["detail"])
        self.assertIn("41", self.steps()["rate"]["detail"])

    def test_what_is_wrong_is_red_and_says_why(self):
        self.company.smart_token = self.mint(FOREIGN)
        self.company.account_sale_tax_id = self.env["account.tax"].create(
            {"name": "IVA 12%", "amount": 12, "type_tax_use": "sale"}
        )
        steps = self.steps()
        self.assertEqual(steps["token"]["state"], "wrong")
        self.assertIn(FOREIGN, steps["token"]["detail"])
        self.assertEqual(steps["taxes"]["state"], "wrong")
        self.assertIn("IVA 12%", steps["taxes"]["detail"])

    def test_a_branch_says_in_whose_name_it_issues(self):
        branch = self.env["res.company"].create({"name": "Sucursal", "parent_id": self.company.id})
        self.manager.company_ids += branch
        step = self.steps(branch)["token"]
        self.assertEqual(step["state"], "done")
        self.assertIn(self.company.name, step["detail"])

    def test_each_step_leads_to_where_it_is_done(self):
        company = self.as_auditor(self.company, self.manager)
        for key in self.steps():
            action = company.action_smart_setup(key)
            model = company.env[action["res_model"]]
            self.assertTrue(model.has_access("read"), key)
            model.get_views([(False, kind) for _id, kind in action["views"]])

    def test_the_dashboard_shows_it_on_one_card_to_who_may_set_up(self):
        shown = self.journals(self.manager).filtered("smart_setup")
        self.assertEqual(len(shown), 1)
        self.assertEqual(shown.type, "sale")
        self.assertFalse(self.journals(self.clerk).filtered("smart_setup"))
        self.as_auditor(self.company, self.manager).action_smart_hide_setup()
        self.assertFalse(self.journals(self.manager).filtered("smart_setup"))

    def test_the_dashboard_forgets_it_after_the_first_legal_document(self):
        document = self.confirm().smart_document_id
        self.assertTrue(self.journals(self.manager).filtered("smart_setup"))
        document.sudo()._engine_write({"environment": "production"})
        self.assertFalse(self.journals(self.manager).filtered("smart_setup"))


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestConnection(SetupCommon):
    def findings(self):
        company = self.as_auditor(self.company, self.manager)
        action = company._smart_test_connection()
        window = company.env[action["res_model"]].browse(action["res_id"])
        return {step["key"]: step for step in window.findings["steps"]}

    def test_it_says_what_is_in_order_and_issues_nothing(self):
        self.confirm()
        issued = len(self.simulator.documents())
        found = self.findings()
        self.assertEqual({one["state"] for one in found.values()}, {"done"}, found)
        self.assertIn("00000002", found["numbers"]["detail"])
        self.assertIn("100 kB", found["size"]["detail"])
        self.assertEqual(len(self.simulator.documents()), issued)
        logged = self.env["smart.exchange"].sudo().search([("operation", "=", "next_number")])
        self.assertEqual(len(logged), 3)
        self.assertTrue(all(len(one.request_body) < 100 for one in logged))

    def test_it_says_that_numbering_is_not_enforced(self):
        self.connect(enforce_numbering=False)
        self.assertEqual(self.findings()["enforced"]["state"], "todo")

    def test_a_token_that_is_refused_and_a_service_that_is_not_there_are_told(self):
        self.company.smart_token = self.mint(FOREIGN)
        token = self.findings()["token"]
        self.assertEqual(token["state"], "wrong", "it works, but is somebody else's")
        self.assertIn(FOREIGN, token["detail"])
        self.simulator.reset()
        [found] = self.findings().values()
        self.assertEqual(found["state"], "wrong")
        self.simulator.fault("refuse", seconds=600)
        [found] = self.findings().values()
        self.assertEqual(found["state"], "wrong")
        self.assertIn("does not take connections", found["detail"])

    def test_a_proxy_that_takes_less_is_told(self):
        ask = SmartClient.next_internal_number

        def behind_a_proxy(client, body):
            outcome = ask(client, body if len(body) < 60_000 else body + "x" * 102_400)
            return outcome

        with patch.object(SmartClient, "next_internal_number", behind_a_proxy):
            size = self.findings()["size"]
        self.assertEqual(size["state"], "wrong")
        self.assertIn("50 kB", size["detail"])

    def test_clocks_that_are_apart_are_told(self):
        with patch.object(type(self.env["smart.lane"]), "_seconds_apart", lambda self, call: 3600):
            clock = self.findings()["clock"]
        self.assertEqual(clock["state"], "wrong")
        self.assertIn("3600", clock["detail"])

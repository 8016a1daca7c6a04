"""Attacks on what is stored of the token, one per row, as every kind of user."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_attacks import AttackCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestSealedTokenAttacks(AttackCommon):
    def test_nobody_gets_at_what_is_sealed_or_at_its_key(self):
        admin = self.make_auditor("attacking_admin", self.company, "base.group_system")
        for user in (self.employee, self.clerk, self.manager, admin):
            self.attack_what_is_sealed(user)

    def attack_what_is_sealed(self, user):
        sealed = self.company.sudo().smart_token_sealed
        company = self.as_auditor(self.company, user)
        key = self.as_auditor(self.env["smart.token.key"].browse(1), user)
        me = company.env["res.users"].browse(company.env.uid)
        guess = [("smart_token_sealed", "=like", sealed[:5] + "%")]
        spec = {"company_id": {"fields": {"smart_token_sealed": {}}}}
        table = [
            ("read", lambda: company.read(["smart_token_sealed"])),
            ("attribute", lambda: company.smart_token_sealed),
            ("search", lambda: company.search(guess)),
            ("search, nested", lambda: me.search([("company_id", "any", guess)])),
            ("filtered", lambda: company.filtered_domain(guess)),
            ("sorting", lambda: company.search([], order="smart_token_sealed")),
            (
                "grouping",
                lambda: company.formatted_read_group([], ["smart_token_sealed"], ["__count"]),
            ),
            (
                "aggregating",
                lambda: company.formatted_read_group([], [], ["smart_token_sealed:max"]),
            ),
            ("web_read, nested", lambda: me.web_read(spec)),
            ("export", lambda: company.export_data(["smart_token_sealed"])),
            ("writing", lambda: company.write({"smart_token_sealed": sealed})),
            (
                "another company's",
                lambda: company.create({"name": "Otra", "smart_token_sealed": sealed}),
            ),
            ("the key", lambda: key.read(["secret"])),
            ("the key, by a guess", lambda: key.search([("secret", "like", "a%")])),
            ("the key, exported", lambda: key.export_data(["secret"])),
            ("a key of one's own", lambda: key.write({"secret": "mine"})),
            ("no key", key.unlink),
        ]
        for name, attempt in table:
            self.attack(f"sealed, {user.login}: {name}", attempt, UserError)
        self.attack(
            f"sealed, {user.login}: fields_get",
            company.fields_get,
            lambda result: "smart_token_sealed" not in result,
        )

    def test_no_search_gets_the_token_guessed_not_even_by_administrators(self):
        admin = self.make_auditor("attacking_admin", self.company, "base.group_system")
        company = self.as_auditor(self.company, admin)
        users = company.env["res.users"]
        guess = [("smart_token", "=like", self.company.smart_token[:5] + "%")]
        for name, attempt in (
            ("search", lambda: company.search(guess)),
            ("count", lambda: company.search_count(guess)),
            ("nested", lambda: users.search([("company_id", "any", guess)])),
            ("sorting", lambda: company.search([], order="smart_token")),
            ("grouping", lambda: company.formatted_read_group([], ["smart_token"], ["__count"])),
            ("aggregating", lambda: company.formatted_read_group([], [], ["smart_token:max"])),
        ):
            # Odoo takes it for a mistake of whoever wrote the program.
            self.attack(f"guess: {name}", attempt, ValueError)

"""Windows of the addon, opened as its buttons do, for who attacks them."""

from odoo import Command

from .test_attacks import AttackCommon

#: What people may state, and whether only when the window opens.
INPUTS = {
    "smart.annul.wizard": {"reason", "unreconcile"},
    "smart.annul.wizard.line": set(),
    "smart.book": {
        "issuer_id", "company_ids", "environment", "date_from", "date_to", "document_type",
    },
    "smart.email.wizard": set(),
    "smart.email.wizard.line": {"contact_ids", "addresses"},
    "smart.igtf": {"move_id", "currency_id", "amount_paid"},
    "smart.preflight": set(),
    "smart.preflight.line": set(),
    "smart.resolve.wizard": {"document_id", "control_number", "issued_at", "explanation"},
    "smart.connection": set(),
    "smart.contingency": {
        "company_id", "journal_ids", "date_from", "date_to", "started_at", "ended_at", "cause",
        "responsible_name", "responsible_number", "responsible_role", "office", "printing_house",
        "place",
    },
    "smart.sheet.annul": {"reason", "unreconcile"},
    "smart.sheet.explain": {"pad_id", "number_from", "number_to", "state", "reason"},
    "smart.production": {"company_id", "token", "understood"},
    "smart.settings.window": {
        "company_id", "smart_vat", "smart_environment", "smart_base_url", "smart_new_token",
        "smart_additional_currency_id", "smart_requires_rate", "smart_wait_seconds",
        "smart_send_mail", "smart_walk_in_address", "smart_walk_in_phone", "smart_walk_in_email",
        "smart_branch_code", "smart_branch_address", "smart_collects_igtf",
        "smart_igtf_product_id", "smart_igtf_account_id", "smart_rounding_product_id",
        "smart_rounding_account_id", "smart_responsible_id", "smart_retention_months",
        "smart_outage_hours",
    },
}  # fmt: skip
FIXED = {
    "smart.igtf": {"move_id"},
    "smart.production": {"company_id"},
    "smart.resolve.wizard": {"document_id"},
    "smart.settings.window": {"company_id"},
    "smart.sheet.explain": {"pad_id"},
}

#: What is forged, by the type of the field.
FORGED = {
    "boolean": True,
    "char": "forged",
    "date": "2020-01-01",
    "datetime": "2020-01-01 00:00:00",
    "float": 99.0,
    "html": "<p>forged</p>",
    "integer": 1,
    "json": [1],
    "monetary": 99.0,
    "selection": None,  # the first
    "text": "forged",
}

MAGIC = {"id", "display_name", "create_uid", "create_date", "write_uid", "write_date"}


class WizardCommon(AttackCommon):
    def setUp(self):
        super().setUp()
        self.company.smart_collects_igtf = True
        self.connect(enforce_numbering=False)
        self.issued = self.confirm()
        self.other_issued = self.confirm()
        self.simulator.fault("drop_after")
        self.unknown = self.confirm()
        self.pad, self.paper = self.write_on_paper()
        self.draft = self.make_invoice(partner_id=self.customer.copy({"phone": False}).id)
        self.env.flush_all()
        self.calls = len(self.simulator.calls())

    def write_on_paper(self):
        """Return a pad of numbered paper and an invoice on its first sheet."""
        sale = self.company_data["default_journal_sale"]
        journal = sale.copy({"code": "TAL", "smart_channel": "contingency"})
        pad = self.env["smart.pad"].create(
            {
                "journal_id": journal.id,
                "number_from": 501,
                "number_to": 600,
                "printer_name": "Imprenta La Estrella, C.A.",
                "printer_rif": "J-30984512-8",
            }
        )
        return pad, self.confirm(self.make_invoice(journal_id=journal.id))

    def fresh(self, record, user=None):
        """Return a record as somebody has it in a new request."""
        self.env.flush_all()
        self.env.invalidate_all()
        return self.as_auditor(record, user or self.manager)

    def opened(self, user=None, **context):
        """Open every window as its buttons do; return them and their lines by model."""

        def move(record):
            return self.fresh(record, user).with_context(**context)

        both = move(self.issued + self.other_issued)
        actions = [both.action_smart_annul(), both.action_smart_email(),
                   move(self.draft).action_smart_check()]  # fmt: skip
        Resolve = move(self.unknown).env["smart.resolve.wizard"]
        resolve_context = move(self.unknown).action_smart_resolve()["context"]
        env = move(self.draft).env
        windows = [env[action["res_model"]].browse(action["res_id"]) for action in actions]
        windows += [
            move(self.draft).env["smart.igtf"].create({"move_id": self.draft.id}),
            Resolve.with_context(**resolve_context).create({}),
            move(self.draft).env["smart.book"].create({}),
            move(self.draft).env["smart.production"].create({}),
            move(self.draft).env["smart.settings.window"].create({}),
            move(self.draft).env["smart.contingency"].create({"cause": "Sin luz"}),
            env["smart.sheet.annul"].browse(move(self.paper).action_smart_annul_sheet()["res_id"]),
            move(self.draft)
            .env["smart.sheet.explain"]
            .create(
                {
                    "pad_id": self.pad.id,
                    "number_from": "502",
                    "number_to": "502",
                    "state": "lost",
                    "reason": "Extraviada",
                }
            ),
            move(self.draft).env["smart.connection"]._make([{"tested_id": self.company.id}]),
        ]
        self.env.flush_all()
        found = {}
        for window in windows:
            found[window._name] = self.fresh(window, user)
            if "line_ids" in window._fields:
                found[window.line_ids._name] = self.fresh(window.sudo().line_ids, user)
        self.assertEqual(found.keys(), INPUTS.keys())
        self.assertTrue(all(found.values()))
        return found

    def forged(self, field):
        """Return values with which a field is forged."""
        if field.type == "selection":
            return [field.get_values(self.env)[0]]
        if field.type == "many2one":
            return [self.env[field.comodel_name].sudo().search([], limit=1).id or 1]
        if field.type in ("one2many", "many2many"):
            record_id = self.env[field.comodel_name].sudo().search([], limit=1).id or 1
            return [
                [Command.link(record_id)],
                [Command.set([record_id])],
                [Command.create({})],
                [Command.update(record_id, {})],
                [Command.delete(record_id)],
            ]
        return [FORGED[field.type], False]

    def nothing_happened(self, _result=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return (
            (self.issued + self.other_issued).mapped("smart_state") == ["issued"] * 2
            and not self.issued.smart_annulment_state
            and not self.other_issued.smart_annulment_state
            and self.unknown.smart_state == "unknown"
            and self.draft.state == "draft"
            and self.paper.smart_sheet_state == "used"
            and len(self.pad.sheet_ids) == 1
            and not self.draft.smart_igtf_base
            and not self.env["smart.email"].search([])
            and len(self.simulator.calls()) == self.calls
        )

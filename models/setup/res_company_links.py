from odoo import models

#: Steps that are done in the window of the settings.
IN_SETTINGS = frozenset({"rif", "token", "environment", "walk_in", "responsible"})


class ResCompany(models.Model):
    """Where each step of the checklist is done."""

    _inherit = "res.company"

    def action_smart_setup(self, key):
        """Link of a step: return the action that leads to where it is done.

        :param str key: see :meth:`_smart_setup`
        """
        self.ensure_one()
        self._smart_check_may_set_up()
        if key in IN_SETTINGS:
            return self._smart_open_window("smart.settings.window", self.env._("SMART settings"))
        return {
            "rate": self._smart_open_rates,
            "taxes": self._smart_open_taxes,
            "journals": self._smart_open_journals,
            "document": self._smart_open_first_document,
            "production": self._smart_open_production,
        }[key]()

    def action_smart_hide_setup(self):
        """Link: put the checklist away on the dashboard; the settings keep it."""
        self.ensure_one()
        self._smart_check_may_set_up()
        # sudo: companies are administrators'; the right was checked
        self.sudo().smart_setup_hidden = True

    def _smart_open_window(self, model, title):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                **self.env.context,
                "default_company_id": self.id,
                "dialog_size": "extra-large",
            },
        }

    def _smart_open_production(self):
        return self._smart_open_window("smart.production", self.env._("Go to production"))

    def _smart_open_rates(self):
        currency = self._smart_rated_currency()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Exchange rates"),
            "res_model": "res.currency",
            "res_id": currency.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {"allowed_company_ids": self.ids},
        }

    def _smart_open_taxes(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sales taxes"),
            "res_model": "account.tax",
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": [("type_tax_use", "=", "sale"), ("company_id", "parent_of", self.ids)],
            "context": {"allowed_company_ids": self.ids},
        }

    def _smart_open_journals(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sales journals"),
            "res_model": "account.journal",
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": [("type", "=", "sale"), ("company_id", "parent_of", self.ids)],
            "context": {"allowed_company_ids": self.ids},
        }

    def _smart_open_first_document(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("First test document"),
            "res_model": "account.move",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {"default_move_type": "out_invoice", "allowed_company_ids": self.ids},
        }

from odoo import api, fields, models


class SmartCompanyWindow(models.AbstractModel):
    """The base of windows that write to a company what accounting managers enter.

    They write with ``sudo``, because companies are administrators'. So the right is checked for the
    company that is stated, fields that are administrators' stay theirs, and nobody's defaults add
    anything to what was stated.
    """

    _name = "smart.company.window"
    _description = "Window that Sets Up a Company"
    _inherit = "smart.wizard"
    _smart_fixed = frozenset({"company_id"})
    _smart_tells_all = True

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company
    )

    @api.model
    def _smart_is_closed(self, name):
        # EXTENDS 'smart.wizard'
        return name != "company_id"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'smart.wizard'
        # `_make` calls it: pylint: disable=method-required-super
        vals_list = [{**self.default_get(["company_id"]), **vals} for vals in vals_list]
        for vals in vals_list:
            company = self.env["res.company"].browse(vals["company_id"])
            self.browse()._check_entered(company, vals)
        return self._make(vals_list)

    def write(self, vals):
        # EXTENDS 'smart.wizard'
        # `_update` calls it: pylint: disable=method-required-super
        self.check_access("write")
        for window in self:
            window._check_entered(window.company_id, vals)
        return self._update(vals)

    def _check_entered(self, company, vals):
        """Check the right to set a company up, and what is stated for it.

        :raises AccessError: without the right, or if a field is not for this user
        """
        self._check_stated(vals)
        for name in vals:
            if name in self._fields:
                self._check_field_access(self._fields[name], "write")
        company._smart_check_may_set_up()

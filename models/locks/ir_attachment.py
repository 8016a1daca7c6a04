from odoo import api, models

#: How a file is named, and by which link it is shared.
FREE_FIELDS = frozenset({"access_token", "description", "name"})


class IrAttachment(models.Model):
    """Files that are the value of a field are locked like that field.

    The ORM writes them with ``sudo``, after the record's own ``write`` was checked. Writing them
    directly would avoid that check. They may be deleted: Odoo prints them anew.
    """

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        attachments = super().create(vals_list)
        attachments._smart_check_field()
        return attachments

    def write(self, vals):
        # EXTENDS 'base'
        free = self.env.su or not vals.keys() - FREE_FIELDS
        if not free:
            self._smart_check_field()
        res = super().write(vals)
        if not free:
            self._smart_check_field()
        return res

    def _smart_check_field(self):
        if self.env.su:
            return
        # sudo: to find the records that they belong to, even if the user may not read those
        for attachment in self.sudo().filtered("res_field"):
            owner = self.env.get(attachment.res_model)
            if isinstance(owner, self.env.registry["smart.lock"]):
                owner = owner.browse(attachment.res_id).exists()
                names = owner._smart_refused([attachment.res_field])
                for record in names and owner._smart_settled():
                    record._smart_refuse(names)

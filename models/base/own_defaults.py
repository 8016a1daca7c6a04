from odoo import api, models


class SmartOwnDefaults(models.AbstractModel):
    """A model whose fields ignore the defaults of people, companies and contexts.

    Any employee may set defaults for themselves (``ir.default``), and any client may send
    ``default_*`` in its context. Both are added after all checks of the caller's values, and also
    under ``sudo``: they could link a fiscal document, or set an address, that no caller gave.
    """

    _name = "smart.own.defaults"
    _description = "No Defaults of Others"

    #: Fields for which people may set their own defaults.
    _smart_inputs = frozenset()

    @api.model
    def _smart_is_closed(self, name):
        """Tell whether a field takes its model's default only: here, a field of the addon."""
        return name.startswith("smart_") and name not in self._smart_inputs

    @api.model
    def default_get(self, fields):
        # EXTENDS 'base'
        closed = [name for name in fields if self._smart_is_closed(name)]
        defaults = super().default_get([name for name in fields if name not in closed])
        for name in closed:
            field = self._fields.get(name)
            if field and field.default:
                value = field.convert_to_cache(field.default(self), self, validate=False)
                defaults[name] = field.convert_to_write(value, self)
        return defaults

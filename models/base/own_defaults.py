from odoo import api, models


class SmartOwnDefaults(models.AbstractModel):
    """A model on whose fields defaults of people, companies and contexts have no effect.

    Any employee may set defaults for themselves (``ir.default``), and any client sends
    ``default_*`` in its context. Both come in after all checks of what a caller states, and with
    ``sudo`` as well: a fiscal document could be linked, or an address set, that nobody stated.
    """

    _name = "smart.own.defaults"
    _description = "No Defaults of Others"

    #: Fields of which people may have defaults of their own.
    _smart_inputs = frozenset()

    @api.model
    def _smart_is_closed(self, name):
        """Tell whether a field has the default of its model alone: here, those of the addon."""
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

from odoo import Command, api, models
from odoo.exceptions import AccessError
from odoo.tools import clean_context

#: Commands that make, change or delete records: a window only points at them.
CHANGING = frozenset({Command.CREATE, Command.UPDATE, Command.DELETE})


class SmartWizard(models.AbstractModel):
    """The base of the addon's windows: each does what it shows, to the records that it shows.

    A client (by ``create``, ``write``, ``onchange`` or defaults) may state the inputs and nothing
    else, and may name only records that its user can read. The window's own code writes the rest,
    above all the lines, through :meth:`_make` and :meth:`_update`. Nothing is computed with
    ``sudo``, so a window shows nothing that its user cannot read.
    """

    _name = "smart.wizard"
    _description = "Window for Fiscal Documents"
    _inherit = "smart.own.defaults"

    #: Inputs that are stated when the window opens, and cannot change afterwards.
    _smart_fixed = frozenset()
    #: Fields with the window's lines: people may state the lines' inputs, and remove lines.
    _smart_lines = frozenset()

    #: Whether a new window is told all that is computed after each change. Else only what differs
    #: from a window without that input: what was red once could stay red.
    _smart_tells_all = False

    # -- what clients state ----------------------------------------------------------------

    @api.model
    def _smart_is_closed(self, name):
        # EXTENDS 'smart.own.defaults'
        return name not in self._smart_inputs

    @api.model
    def default_get(self, fields):
        # EXTENDS 'base'
        defaults = super().default_get(fields)
        self.browse()._check_stated(
            {name: value for name, value in defaults.items() if name in self._smart_inputs}
        )
        return defaults

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        for vals in vals_list:
            self.browse()._check_stated(vals)
        return super().create(vals_list)

    def write(self, vals):
        # EXTENDS 'base'
        self._check_stated(vals)
        return super().write(vals)

    def onchange(self, values, field_names, fields_spec):
        # EXTENDS 'web', whose client also sends what it only shows
        stated = self._only_inputs(values)
        self._check_stated(stated)
        changed = [name for name in field_names if name in stated]
        if field_names and not changed:
            return {"value": {}}
        if self._smart_tells_all and not self:
            changed = []
        return super().onchange(stated, changed, fields_spec)

    def _only_inputs(self, values):
        """Return the values of a form that a client may state, in its lines as well."""
        inputs = self._smart_inputs - self._smart_fixed if self else self._smart_inputs
        names = inputs | self._smart_lines | {"id"}
        stated = {name: value for name, value in values.items() if name in names}
        for name in self._smart_lines & stated.keys():
            lines = self.env[self._fields[name].comodel_name]
            stated[name] = [
                (command, line_id, lines._only_inputs(vals[0]))
                if command == Command.UPDATE
                else (command, line_id, *vals)
                for command, line_id, *vals in stated[name] or ()
            ]
        return stated

    def _check_stated(self, vals):
        """Check the values that a client states for these windows, or for a new one if empty.

        :raises AccessError: if one is no input, or names a record that the user cannot read
        """
        for name, value in vals.items():
            field = self._fields.get(name)
            if field is None or name == "id":
                continue  # the ORM has its own message for that
            if name in self._smart_lines:
                self._check_lines(name, value)
            elif name not in self._smart_inputs or (self and name in self._smart_fixed):
                raise AccessError(
                    self.env._(
                        "“%(field)s” (%(window)s) is not entered: Odoo fills it in.",
                        field=field.string,
                        window=self._description,
                    )
                )
            elif field.relational:
                self._check_readable(name, self._named(field, value))

    def _check_lines(self, name, commands):
        """Let lines be changed and removed, but not made, nor taken from another window."""
        own = set(self[name].ids)
        for command, line_id, *_vals in commands or ():
            if command == Command.CREATE or line_id not in own:
                raise AccessError(
                    self.env._("Lines of this window are made by Odoo: close it and open it anew.")
                )

    @api.model
    def _named(self, field, value):
        """Return the records that a value of a relational field names."""
        if field.type == "many2one":
            ids = [value] if value else []
        else:
            ids = []
            for item in value or ():
                command, *arguments = (Command.LINK, item) if isinstance(item, int) else item
                if command in CHANGING:
                    raise AccessError(
                        self.env._("This window points at records; it changes none of them.")
                    )
                ids += arguments[1] if command == Command.SET else arguments[:1]
        if not all(isinstance(record_id, int) for record_id in ids):
            raise AccessError(self.env._("This window points at records; it changes none of them."))
        return self.env[field.comodel_name].browse(record_id for record_id in ids if record_id)

    @api.model
    def _check_readable(self, name, records):
        """Check that the user may name these records in a field; naming none needs no right.

        :raises AccessError: if not
        """
        if records:
            records.check_access("read")

    # -- what the window's own code does ---------------------------------------------------

    @api.model
    def _make(self, vals_list):
        """Create windows or lines with any values; for records that the caller has checked."""
        # Not by the guarded `create`: pylint: disable=super-method-mismatch
        # sudo: people have no right to make them
        made = super(SmartWizard, self.sudo()).create(vals_list)
        return made.with_env(self.env)

    def _update(self, vals):
        """Write fields that people cannot state."""
        # Not by the guarded `write`: pylint: disable=super-method-mismatch
        # sudo: people have no right to write lines
        return super(SmartWizard, self.sudo()).write(vals)

    def _acting(self):
        """Return the window for its buttons: checked anew, and without a client's defaults.

        :raises AccessError: if the user can no longer read the records that it is about
        """
        self.ensure_one()
        self.check_access("read")
        self._check_pointed_at()
        return self.with_context(clean_context(self.env.context))

    def _check_pointed_at(self):
        """Check access to all that the windows and their lines point at."""
        for name, field in self._fields.items():
            if not (field.relational and field.store) or name in models.MAGIC_COLUMNS:
                continue
            # sudo: what the user cannot read would be left out
            records = self.sudo()[name].with_env(self.env)
            if field.type == "one2many":
                records._check_pointed_at()
            else:
                self._check_readable(name, records)

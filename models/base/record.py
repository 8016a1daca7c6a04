"""The door: the only way to write the records that prove a fiscal document.

Documents, exchanges, e-mails, numberings, queues, chains and their links are made and changed
by the engine's own transitions, and by nothing else: neither a person, nor another addon, nor
code that runs with ``sudo``. Any other write is refused here. The integrity chain finds changes
that were made by SQL.
"""

from contextvars import ContextVar

from odoo import api, models
from odoo.exceptions import AccessError

#: Context keys of a client that reach the engine. They change no value that it writes.
KEPT_CONTEXT = frozenset({"allowed_company_ids", "lang", "tz"})

#: The model whose records the engine is writing right now.
_open_for = ContextVar("l10n_ve_edi_smart.door", default=None)


class SmartRecord(models.AbstractModel):
    """A record that only the engine makes, changes and deletes."""

    _name = "smart.record"
    _inherit = ["smart.own.defaults"]
    _description = "Written by the Engine alone"

    #: If true, even the engine never changes or deletes a record.
    _smart_append_only = False

    # -- the door --------------------------------------------------------------------------

    @api.model
    def _engine_create(self, vals_list):
        """Create records from these values; defaults that people have set are ignored."""
        return self._smart_through_the_door("create", vals_list).with_env(self.env)

    def _engine_write(self, vals):
        """Change records."""
        self._smart_check_not_append_only()
        return self._smart_through_the_door("write", vals)

    def _engine_unlink(self):
        """Delete records."""
        self._smart_check_not_append_only()
        return self._smart_through_the_door("unlink")

    def _smart_through_the_door(self, method, *args):
        records = self
        if not self.env.context.keys() <= KEPT_CONTEXT:
            kept = {key: self.env.context[key] for key in KEPT_CONTEXT & self.env.context.keys()}
            records = self.with_env(self.env(context=kept))
        token = _open_for.set(self._name)
        try:
            return getattr(records, method)(*args)
        finally:
            _open_for.reset(token)

    @api.model
    def _smart_is_door_open(self):
        """Tell whether the engine is at work."""
        return _open_for.get() == self._name

    # -- every other way -------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        if not self._smart_is_door_open():
            self._smart_refuse()
        return super().create(vals_list)

    def write(self, vals):
        # EXTENDS 'base'
        if not self._smart_is_door_open():
            refused = [name for name in vals if name not in self._smart_free_fields()]
            if refused:
                self._smart_refuse(refused)
        return super().write(vals)

    def unlink(self):
        # EXTENDS 'base'
        if self and not self._smart_is_door_open():
            self._smart_refuse()
        return super().unlink()

    @api.model
    def _smart_is_closed(self, name):
        # EXTENDS 'smart.own.defaults': every field takes its model's default only
        return True

    @api.model
    def _smart_free_fields(self):
        """Return the fields that follow Odoo's usual rights: messages and activities."""
        mixins = {"mail.thread", "mail.activity.mixin"} & set(self._inherit_module)
        return frozenset().union(*(self.env[name]._fields for name in mixins))

    def _smart_check_not_append_only(self):
        if self._smart_append_only:
            self._smart_refuse()

    def _smart_refuse(self, names=()):
        """Raise an error that says that nobody writes here.

        :param names: the fields that somebody wanted to change
        :raises AccessError: always
        """
        what = self.env["ir.model"]._get(self._name).name
        if names:
            labels = self.fields_get(names, ["string"])
            fields = ", ".join(labels.get(name, {}).get("string", name) for name in names)
            what = f"{what} ({fields})"
        raise AccessError(
            self.env._(
                "“%s” is written by Odoo itself while it deals with SMART. Nobody can add, change "
                "or delete it by hand.",
                what,
            )
        )

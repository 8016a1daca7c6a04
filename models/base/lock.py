"""Locks on the records that an issued document rests on: all but a short list of fields.

A list of forbidden fields would miss the unknown ones: a stored copy of the date on the lines,
a field of a new Odoo or of another addon. So a client's write is refused unless its fields are

* free (:meth:`SmartLock._smart_free_fields`): everyone with write access may change them;
* written by Odoo itself: with ``sudo`` (:meth:`SmartLock._smart_sudo_fields`), or from within the
  one method of Odoo that does so (:func:`opened`), which no call from outside can imitate;
* written with the value that they already have, as forms do.

Stored computed and related fields need no place on a list: recomputing does not pass through
``write``. A field that is not stored and has no inverse cannot change anything.
"""

from contextlib import contextmanager
from contextvars import ContextVar

from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.models import LOG_ACCESS_COLUMNS
from odoo.tools import format_list

from ..terms import CANCEL_ANNULLED

#: Fields that no write can change.
IGNORED = frozenset({"id", *LOG_ACCESS_COLUMNS})

#: Addons whose fields are known here. Other addons may write their own fields while a document is
#: being confirmed: they do so at the end of posting, when it is already queued; and while addons
#: are installed or upgraded, which fills what they add.
KNOWN_ADDONS = frozenset({"account", "account_debit_note", "l10n_ve_edi_smart"})

#: Fields that the running code of Odoo may write: pairs of model and field.
_opened = ContextVar("l10n_ve_edi_smart.opened", default=frozenset())


@contextmanager
def opened(model, *names):
    """Let Odoo's code inside the ``with`` block write these fields of locked records."""
    token = _opened.set(_opened.get() | {(model, name) for name in names})
    try:
        yield
    finally:
        _opened.reset(token)


class SmartLock(models.AbstractModel):
    """Records that are part of a fiscal document and cannot change once it is made.

    Name it before the model that it locks; then its ``write`` runs first::

        _inherit = ["smart.lock", "account.move"]
    """

    _name = "smart.lock"
    _description = "Locked With Its Fiscal Document"

    # -- what is free ----------------------------------------------------------------------

    @api.model
    def _smart_free_fields(self):
        """Return the names of the fields that are never locked.

        Fields of other addons are locked, too. An addon whose fields say nothing about the
        document frees them::

            class AccountMove(models.Model):
                _inherit = "account.move"

                def _smart_free_fields(self):
                    return super()._smart_free_fields() | {"courier_id"}

        :rtype: frozenset[str]
        """
        return frozenset()

    @api.model
    def _smart_sudo_fields(self):
        """Return the names of the fields that are free only for Odoo's own code, with ``sudo``.

        :rtype: frozenset[str]
        """
        return frozenset()

    # -- what is locked --------------------------------------------------------------------

    def _smart_settled(self):
        """Return the records whose fiscal document is made."""
        raise NotImplementedError

    def _smart_why_locked(self):
        """Return in words why this record cannot change, and what can be done instead."""
        raise NotImplementedError

    def _smart_confirmed_here(self):
        """Tell whether the running transaction is the one that confirms the document."""
        return False

    def write(self, vals):
        # EXTENDS the model that is locked
        self._smart_check_write(vals)
        return super().write(vals)

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        # EXTENDS 'base', where translations are written by SQL
        if names := self._smart_refused([field_name]):
            for record in self._smart_settled():
                record._smart_refuse(names)
        return super()._update_field_translations(
            field_name, translations, digest=digest, source_lang=source_lang
        )

    def _smart_check_write(self, vals):
        """Refuse a write that changes what is locked.

        :raises UserError: saying why, what to do instead, and which fields are meant
        """
        if not (names := self._smart_refused(vals)):
            return
        for record in self._smart_settled():
            changed = [name for name in names if record._smart_changes(name, vals[name])]
            if record._smart_confirmed_here() or not self.pool.ready:
                changed = [name for name in changed if self._fields[name]._module in KNOWN_ADDONS]
            if changed:
                record._smart_refuse(changed)

    def _smart_refuse(self, names=()):
        """Refuse in words, naming the fields that were to change.

        :raises UserError: always
        """
        self.ensure_one()
        self.check_access("write")  # without this right, learn nothing of the document
        why = self._smart_why_locked()
        if names:
            labels = [self._fields[name]._description_string(self.env) for name in sorted(names)]
            why = self.env._(
                "%(why)s Not changed: %(fields)s.",
                why=why,
                fields=format_list(self.env, labels),
            )
        raise UserError(why)

    def _smart_is_annulling(self):
        """Tell whether this is the cancelling that follows an annulment at SMART."""
        return self.env.context.get("smart_cancel_annulled") is CANCEL_ANNULLED

    def _smart_refused(self, names):
        """Return the names of the fields that are not free, without looking at the records."""
        names = set(names) - self._smart_free_fields()
        if not names or self._smart_is_annulling():
            return []
        names -= IGNORED
        names -= {name for model, name in _opened.get() if model == self._name}
        if self.env.su:
            names -= self._smart_sudo_fields()
        fields = [self._fields[name] for name in names if name in self._fields]
        return [field.name for field in fields if field.store or field.inverse]

    # -- what would change -----------------------------------------------------------------

    def _smart_changes(self, name, value):
        """Tell whether a value given to ``write`` differs from the present one."""
        self.ensure_one()
        field = self._fields[name]
        # sudo: only to compare; `write` itself refuses users who may not read the field
        record = self.sudo().with_context(bin_size=False, active_test=False)
        if field.type in ("one2many", "many2many"):
            commands = self._smart_commands(value)
            return any(record._smart_command_changes(field, *command) for command in commands)
        return record._smart_normal(field, record[name]) != record._smart_normal(field, value)

    def _smart_normal(self, field, value):
        """Return a value as it would be read: a date for a text, rounded amounts, clean HTML."""
        return field.convert_to_record(field.convert_to_cache(value, self), self)

    @api.model
    def _smart_commands(self, value):
        """Return what is written to a one2many or many2many as commands, as the ORM reads it."""
        if value is None or value is False:
            return [Command.clear()]
        if isinstance(value, (models.BaseModel, tuple)):
            return [Command.set(tuple(getattr(value, "_ids", value)))]
        if value and not isinstance(value[0], (list, tuple)):
            return [Command.set(value)]
        return value

    def _smart_command_changes(self, field, command, record_id=0, values=None):
        """Tell whether a command of a one2many or many2many changes anything."""
        present = self[field.name]
        if command == Command.UPDATE:
            other = present.browse(record_id)
            if not isinstance(other, self.env.registry["smart.lock"]):
                return True
            # A field that is free on the other record is also free through this one.
            names = other._smart_refused(values)
            return any(other._smart_changes(name, values[name]) for name in names)
        if command == Command.LINK:
            return record_id not in present.ids
        if command in (Command.DELETE, Command.UNLINK):
            return record_id in present.ids
        if command == Command.CLEAR:
            return bool(present)
        return command != Command.SET or set(values) != set(present.ids)

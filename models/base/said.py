"""Words that are kept with what they are made of, and said to each reader in the reader's language.

A sender, often a scheduled action, finds out what is wrong; a cashier, an accountant and an auditor
read it, each in another language. What is stored is the sentence's term and its values, as JSON::

    {"said": "Number %(number)s is …", "of": "<module>", "with": {"number": "00000012"}}

A value may be such words again, or name a field (``{"field": "name", "model": "…"}``), or what one
says (``"choice"`` beside these). What somebody else has said (SMART, Odoo, a person) is a value: it
stays as it was said. Texts that were stored before are plain, and are shown as they are.
"""

import json
import sys

from odoo import fields
from odoo.tools.translate import get_translated_module, get_translation

from .labels import labels

#: What stored words begin with.
_MARKS = ('{"said":', '{"field":')


class Said(str):
    """Words in one language that remember how to be said in any other."""

    __slots__ = ("term",)

    def __new__(cls, env, term):
        """Say a term in the language of an environment; see :func:`_spoken`."""
        words = super().__new__(cls, _spoken(env, term))
        words.term = term
        return words

    def __reduce__(self):
        return str, (str(self),)

    @property
    def stored(self):
        """Return the words as they are kept."""
        return json.dumps(self.term, ensure_ascii=False)


class _Teller:
    """Makes words of terms: its ``_`` is what ``env._`` is for texts that nobody keeps."""

    def __init__(self, env, module):
        self._env = env
        self._module = module

    def _(self, source, *args, **kwargs):
        values = {key: _plain(one) for key, one in kwargs.items()} or [_plain(one) for one in args]
        return self._say(source, values)

    def join(self, separator, parts):
        """Return several words as one text; each is said in the reader's language."""
        parts = list(parts)
        if len(parts) == 1:
            return parts[0]
        source = separator.replace("%", "%%").join(["%s"] * len(parts))
        return self._say(source, [_plain(one) for one in parts])

    def label(self, record, name):
        """Return what a field is called."""
        return Said(self._env, {"field": name, "model": record._name})

    def choice(self, record, name, value=None):
        """Return what a selection field of a record says, or would say with another value."""
        term = {"field": name, "model": record._name, "choice": value or record[name]}
        return Said(self._env, term)

    def _say(self, source, values):
        return Said(self._env, {"said": source, "of": self._module, "with": values})


def telling(env):
    """Return what puts words together that are to be kept: ``telling(env)._("…", name=value)``."""
    return _Teller(env, get_translated_module(sys._getframe(1).f_globals["__name__"]))


def as_kept(words):
    """Return words, or any text, in the form in which they are kept: the same in all languages."""
    return words.stored if isinstance(words, Said) else words


def as_read(env, kept):
    """Return kept words in the language of an environment; any other text as it is."""
    if not kept or not kept.startswith(_MARKS):
        return kept
    try:
        return Said(env, json.loads(kept))
    except (
        AssertionError,
        AttributeError,
        KeyError,
        MemoryError,
        RecursionError,
        TypeError,
        ValueError,
    ):
        return kept  # somebody has changed it in the database: it is shown, not hidden


def _plain(value):
    """Return a value as JSON keeps it."""
    if isinstance(value, Said):
        return value.term
    return value if isinstance(value, int) else str(value)


def _spoken(env, term):
    """Return in the language of an environment what a term says.

    :param term: ``said``, a source text; ``of``, the module that translates it; ``with``, values
    """
    if "field" in term:
        records, name = env[term["model"]], term["field"]
        if "choice" in term:
            return labels(records, name).get(term["choice"], term["choice"])
        return records._fields[name]._description_string(records.env)
    values = term["with"]
    if isinstance(values, dict):
        values = {key: _value(env, one) for key, one in values.items()}
    else:
        values = tuple(_value(env, one) for one in values)
    return get_translation(term["of"], env.lang or "en_US", term["said"], values)


def _value(env, value):
    return _spoken(env, value) if isinstance(value, dict) else value


class SaidText(fields.Text):
    """A text that is kept as :class:`Said`, and read in the language of whoever reads it.

    Whatever is assigned from one such field to another, or given to it as a value of other words,
    keeps its term. Searches look into terms and values.
    """

    def convert_to_cache(self, value, record, validate=True):
        # EXTENDS 'fields.Text'
        return super().convert_to_cache(as_kept(value), record, validate)

    def convert_to_record(self, value, record):
        # EXTENDS 'fields.Text'
        return as_read(record.env, super().convert_to_record(value, record))

    def convert_to_read(self, value, record, use_display_name=True):
        # EXTENDS 'fields.Text': a client gets the words alone
        return str(value) if value else False

    def convert_to_write(self, value, record):
        # EXTENDS 'fields.Text': what is copied to another record is kept as it was
        return self.convert_to_cache(value, record, validate=False) or False

    def convert_to_export(self, value, record):
        # EXTENDS 'fields.Text'
        return str(value) if value else ""

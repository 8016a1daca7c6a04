"""What was changed, in the words of the screens."""

from ..base.said import SaidText, as_read, telling
from ..chain import facts
from ..terms import EXCHANGE

MODELS = {EXCHANGE: "smart.exchange"}


def words_of_changes(env, kind, changes):
    """Return differences in words, each with the label of its field.

    :param kind: of the link
    :param changes: see :func:`facts.changes`
    """
    model = env[MODELS.get(kind, "smart.document")]
    return telling(env).join("; ", [_words(env, model, kind, *change) for change in changes])


def _words(env, model, kind, key, before, now):
    column, form = facts.SAYS[kind][key]
    if column == facts.ISSUED_FOR:
        named = (before or now).partition(",")[0]
        column = next(name for name, owner in model._owner_fields().items() if owner == named)
    field = model._fields[column]
    tell = telling(env)
    label = tell.label(model, column)
    if form is facts.sha256:
        return tell._("%s: another text", label)
    if key == facts.ISSUED_FOR:
        before, now = (_record(env, *value.split(",")) for value in (before, now))
    elif isinstance(field, SaidText):
        before, now = (as_read(env, value) for value in (before, now))
    elif field.type == "many2one":
        before, now = (_record(env, field.comodel_name, value) for value in (before, now))
    elif form in (bool, facts.issued, facts.annulled):
        label = {facts.issued: tell._("Issued"), facts.annulled: tell._("Annulled")}.get(
            form, label
        )
        before, now = (tell._("yes") if value else tell._("no") for value in (before, now))
    return tell.join(" → ", [tell.join(": ", [label, before]), now])


def _record(env, model, record_id=0):
    """Return the name of a record, with its id: names may be the same."""
    if not record_id or model not in env:
        return "–"
    record = env[model].browse(int(record_id)).exists()
    return f"{record.display_name} (№ {record_id})" if record else f"№ {record_id}"

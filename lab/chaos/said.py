"""Words as the addon keeps them, in English: see ``models/base/said.py``."""

import json


def in_english(kept):
    """Return kept words as text.

    :param kept: what the column of a ``SaidText`` holds; other texts come back as they are
    """
    return _spoken(json.loads(kept)) if (kept or "").startswith('{"said":') else kept


def _spoken(term):
    if "field" in term:
        return term.get("choice") or term["field"]
    values = term["with"]
    if isinstance(values, dict):
        values = {key: _value(one) for key, one in values.items()}
    else:
        values = tuple(map(_value, values))
    return term["said"] % values if values else term["said"]


def _value(value):
    return _spoken(value) if isinstance(value, dict) else value

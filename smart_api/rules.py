"""Why a request breaks a rule of the manual, as codes that a caller can put into words.

pydantic's own words, and those of the rules in :mod:`schemas`, are English and name the
manual's keys: right for a log, not for a bookkeeper in Caracas.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from pydantic import ValidationError
from pydantic_core import PydanticCustomError


class Rule(str, Enum):
    """What is wrong with a value, or with the document as a whole."""

    MISSING = "missing"
    TOO_LONG = "too_long"  # values: max_length
    NOT_OF_ITS_FORM = "not_of_its_form"
    NOT_A_NUMBER = "not_a_number"
    TOO_LARGE = "too_large"
    TOO_SMALL = "too_small"
    TOO_MANY_DECIMALS = "too_many_decimals"
    NOT_EXACT = "not_exact"
    NOT_A_CHOICE = "not_a_choice"
    UNKNOWN_KEY = "unknown_key"
    SPELLINGS_DIFFER = "spellings_differ"
    IDENTIFICATION_KIND = "identification_kind"
    RATE_REQUIRED = "rate_required"
    RATE_INCOMPLETE = "rate_incomplete"
    TAX = "tax"  # values: tax, rate, base, right
    LINE_AMOUNT = "line_amount"
    SUBTOTAL = "subtotal"
    TOTAL = "total"
    NO_LINES = "no_lines"
    FORMER_INCOMPLETE = "former_incomplete"
    OTHER = "other"


@dataclass(frozen=True)
class BrokenRule:
    """One rule that a request breaks.

    :param key: the manual's key, with the place in an array: ``cuerpofactura.0.monto``; ``""``
        for the document as a whole
    :param values: what the words need, see :class:`Rule`
    :param words: in English, for logs
    """

    key: str
    rule: Rule
    words: str
    values: dict = field(default_factory=dict)


#: pydantic's types of errors.
_RULES = {
    "missing": Rule.MISSING,
    "string_too_short": Rule.MISSING,
    "string_too_long": Rule.TOO_LONG,
    "string_pattern_mismatch": Rule.NOT_OF_ITS_FORM,
    "greater_than": Rule.TOO_SMALL,
    "greater_than_equal": Rule.TOO_SMALL,
    "less_than": Rule.TOO_LARGE,
    "less_than_equal": Rule.TOO_LARGE,
    "decimal_max_places": Rule.TOO_MANY_DECIMALS,
    "decimal_parsing": Rule.NOT_A_NUMBER,
    "decimal_type": Rule.NOT_A_NUMBER,
    "finite_number": Rule.NOT_A_NUMBER,
    "literal_error": Rule.NOT_A_CHOICE,
    "enum": Rule.NOT_A_CHOICE,
    "extra_forbidden": Rule.UNKNOWN_KEY,
}


def broken(*rules: BrokenRule) -> PydanticCustomError:
    """Return the exception with which a validator says what is wrong."""
    words = "; ".join(rule.words for rule in rules)
    return PydanticCustomError("smart_rules", "{words}", {"words": words, "rules": tuple(rules)})


def explain(error: ValidationError) -> list[BrokenRule]:
    """Return every rule that a validation error names."""
    return [rule for item in error.errors() for rule in _rules(item)]


def _rules(item: dict) -> Iterable[BrokenRule]:
    key = ".".join(str(part) for part in item["loc"])
    context = item.get("ctx") or {}
    if item["type"] == "smart_rules":
        for rule in context["rules"]:
            place = ".".join(filter(None, (key, rule.key)))
            yield BrokenRule(place, rule.rule, rule.words, rule.values)
    else:
        values = {name: context[name] for name in ("max_length",) if name in context}
        yield BrokenRule(key, _RULES.get(item["type"], Rule.OTHER), item["msg"], values)

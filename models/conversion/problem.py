"""The result of a conversion: a request, or the problems that prevent it.

Plain Python objects, alive for one call; the pre-flight wizard shows the same problems.
"""

from dataclasses import dataclass, field

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ...smart_api import schemas, texts


class SmartPreflightError(UserError):
    """Problems found on confirming; ``moves`` are the documents that have some."""

    def __init__(self, message, moves):
        super().__init__(message)
        self.moves = moves


@dataclass(frozen=True)
class Problem:
    """A thing that SMART, or the law, would not take, and how it is mended.

    :param record: what has to be mended; it may be another record than the document
    :param field: name of the record's field, or ``""``
    :param what: a sentence: what is wrong
    :param cure: a sentence: what to do
    :param warning: it stops nothing, but somebody should know
    """

    record: models.BaseModel
    field: str
    what: str
    cure: str
    warning: bool = False

    @property
    def record_name(self):
        """Return the record's name in the user's words."""
        if self.record._name == "account.move.line":
            return texts.shorten(self.record.name or self.record.product_id.display_name, 60)
        return self.record.display_name

    @property
    def field_label(self):
        """Return the field's label in the user's language."""
        if not self.field:
            return ""
        return self.record._fields[self.field]._description_string(self.record.env)

    def sentence(self, owner):
        """Return the problem in words, below a headline that names its document.

        :param owner: the document; its own name is not repeated
        """
        names = [] if self.record == owner else [self.record_name]
        names += filter(None, [self.field_label])
        said = f"{self.what} {self.cure}".strip()
        return f"{' › '.join(names)}: {said}" if names else said


@dataclass
class Conversion:
    """A document on its way to a request: what is known so far, and what is wrong with it.

    ``values`` are those of :class:`smart_api.schemas.IssueRequest`.
    """

    owner: models.BaseModel
    #: What the documents of one batch have in common: customers, exchange rates, notes;
    #: ``moves`` is the batch.
    shared: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    document_type: str = ""
    related: models.BaseModel | None = None
    request: schemas.IssueRequest | None = None

    def problem(self, record, field, what, cure, warning=False):
        """Note what is wrong, where, and how it is mended; see :class:`Problem`."""
        problem = Problem(record, field, what, cure, warning)
        if problem not in self.problems:
            self.problems.append(problem)

    @property
    def errors(self):
        """Return the problems that prevent the document from being confirmed."""
        return [problem for problem in self.problems if not problem.warning]

    def document_vals(self):
        """Return the values of the ``smart.document`` that the owner gets."""
        owner = self.owner
        issuer = owner.company_id.smart_issuer_id
        return {
            "name": owner.name,
            "move_id": owner.id,
            "company_id": owner.company_id.id,
            "issuer_id": issuer.id,
            # sudo: the issuer may be a parent company that the user cannot read
            "environment": issuer.sudo().smart_environment,
            "partner_id": owner.commercial_partner_id.id,
            "document_type": self.document_type,
            "currency_id": owner.currency_id.id,
            "amount_total": owner.amount_total,
            "related_document_id": self.related and self.related.id,
            "request_body": self.request.to_json(),
            **owner.env["smart.document"]._stated_vals(self),
        }


def amount_words(env, amount):
    """Return an amount as people write it in the user's language."""
    return formatLang(env, float(amount), digits=2)


def headline(env, owner):
    """Return a headline by which a bookkeeper recognises a document, even without a number.

    A draft that cannot be confirmed loses the number that it was just given, so that is not
    named. A document that SMART refused keeps its number.
    """
    kinds = dict(owner._fields["move_type"]._description_selection(env))
    return " · ".join(
        filter(
            None,
            [
                kinds[owner.move_type],
                owner.name if owner.smart_document_id else "",
                owner.partner_id.display_name,
                formatLang(env, owner.amount_total, currency_obj=owner.currency_id),
            ],
        )
    )


def explain(env, conversions, also=""):
    """Return all errors of all documents in one message.

    :param conversions: those that have errors
    :param also: what Odoo itself says against confirming
    """
    lines = [env._("SMART would not accept this, so nothing was confirmed:")]
    for conversion in conversions:
        owner = conversion.owner
        lines += ["", headline(env, owner)]
        lines += [f"- {problem.sentence(owner)}" for problem in conversion.errors]
    if also:
        lines += ["", env._("Odoo also says:"), also]
    return "\n".join(lines)

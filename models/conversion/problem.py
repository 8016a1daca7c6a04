"""What a conversion begins with, and comes to: a request, or the problems that prevent it.

Plain Python objects, alive for one call; the pre-flight wizard shows the same problems.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ...smart_api import schemas, texts
from ..document.document_amounts import rate_words
from .mending import who_can_mend


class SmartPreflightError(UserError):
    """Problems found on confirming; ``owners`` are the documents that have some.

    Whoever catches a ``UserError`` catches it, which a ``RedirectWarning`` would pass by. The web
    client shows both alike, from whatever button it comes: with a button that opens the list
    (``static/src/smart_problems``), which it finds in ``context``.
    """

    def __init__(self, message, owners):
        super().__init__(message)
        self.owners = owners
        self.context = {"exception_class": "odoo.exceptions.UserError"}
        if owners._smart_list_action:
            env = owners.env
            self.context = {
                "exception_class": "l10n_ve_edi_smart.problems",
                "action_id": env.ref(owners._smart_list_action).id,
                "button_text": env._("Show what to mend"),
                "additional_context": {
                    "active_model": owners._name,
                    "active_ids": owners.ids,
                },
            }


@dataclass(frozen=True)
class Problem:
    """A thing that SMART, or the law, would not take, and how it is mended.

    :param record: what has to be mended; it may be another record than the document
    :param field: name of the record's field; ``""``, or one that it does not have, for none
    :param what: a sentence: what is wrong
    :param cure: a sentence: what to do
    :param warning: it stops nothing, but somebody should know
    """

    record: models.BaseModel
    field: str
    what: str
    cure: str
    warning: bool = False

    def record_name(self, owner):
        """Return the record's name in the user's words.

        :param owner: the document; the record may be a part of it
        """
        part = owner._smart_part_name(self.record)
        return self.record.display_name if part is None else texts.shorten(part, 60)

    def who_can(self, owner):
        """Return who can mend it, if the user who asks cannot; else ``""``.

        :param owner: the document; its user is asked about
        """
        record = self.record.with_env(owner.env)
        if self.warning or owner.env.su or not record.ids:
            return ""
        return who_can_mend(record, owner.company_id)

    @property
    def field_label(self):
        """Return the field's label in the user's language."""
        field = self.record._fields.get(self.field)
        return field._description_string(self.record.env) if field else ""

    def sentence(self, owner):
        """Return the problem in words, below a headline that names its document.

        :param owner: the document; its own name is not repeated
        """
        names = [] if self.record == owner else [self.record_name(owner)]
        names += filter(None, [self.field_label])
        said = f"{self.what} {self.cure}".strip()
        if who := self.who_can(owner):
            said += " " + owner.env._("You may not change it: ask %s.", who)
        return f"{' › '.join(names)}: {said}" if names else said


@dataclass(frozen=True)
class Quote:
    """A rate of exchange, and where it comes from.

    :param currency: ``res.currency`` that is quoted
    :param units: of the company's currency in it, or in bolívares for a whole document
    :param source: one of ``terms.RATE_SOURCES``; ``""`` where nothing is converted
    :param day: of the table's rate
    """

    currency: models.BaseModel
    units: Decimal
    source: str = ""
    day: date | None = None

    def words(self, env):
        """Return in the user's language which rate of which day this is."""
        return rate_words(env, self.currency, self.units, self.source, self.day)


@dataclass(frozen=True)
class Stated:
    """The head of a document, whatever model it comes from.

    :param name: its number in Odoo; of a draft, what it has
    :param company: ``res.company`` whose document it is; the issuer may be a parent
    :param contact: ``res.partner`` that it is made out to
    :param customer: the contact's company, which is identified
    :param day: date of the rate of exchange; ``None`` for today
    :param currency: ``res.currency`` of all amounts
    :param total: including taxes
    :param rate: units of the currency for one of the company's, as somebody left it on the
        document; 0 for that of the table
    :param origin_rate: that of the document which this one corrects, in the same currency; 0 for
        none
    :param remark: plain text, of any length
    :param branch: the record that names the branch, with the fields ``smart_branch_code`` and
        ``smart_branch_address``: a journal, a warehouse; ``None`` for the company's
    :param due: the last day on which it is paid in time; ``None`` where nothing is owed
    :param series: the fiscal series that its number belongs to
    """

    name: str
    company: models.BaseModel
    contact: models.BaseModel
    customer: models.BaseModel
    day: date | None
    currency: models.BaseModel
    total: float
    rate: float = 0.0
    origin_rate: float = 0.0
    remark: str = ""
    branch: models.BaseModel | None = None
    due: date | None = None
    series: str = ""


@dataclass
class Conversion:
    """A document on its way to a request: what is known so far, and what is wrong with it.

    ``values`` are those of :class:`smart_api.schemas.IssueRequest`.
    """

    owner: models.BaseModel
    #: What the documents of one batch have in common: customers, exchange rates, notes;
    #: ``owners`` is the batch.
    shared: dict = field(default_factory=dict)
    stated: Stated | None = None
    values: dict = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    document_type: str = ""
    related: models.BaseModel | None = None
    #: What a unit of the foreign currency is worth in bolívares; ``None`` if that is not stated.
    quote: Quote | None = None
    request: schemas.IssueRequest | None = None

    def problem(self, record, field, what, cure, warning=False):
        """Note what is wrong, where, and how it is mended; see :class:`Problem`."""
        problem = Problem(record, field, what, cure, warning)
        if problem not in self.problems:
            self.problems.append(problem)

    def problem_of_owner(self, part, what, cure, warning=False):
        """Note what is wrong with a part of the document, see ``_smart_fields`` of owners."""
        field_name = self.owner._smart_fields.get(part, "")
        self.problem(self.owner, field_name, what, cure, warning)

    @property
    def errors(self):
        """Return the problems that prevent the document from being confirmed."""
        return [problem for problem in self.problems if not problem.warning]


def amount_words(env, amount):
    """Return an amount as people write it in the user's language."""
    return formatLang(env, float(amount), digits=2)


def explain(env, conversions, also=""):
    """Return all errors of all documents in one message.

    :param conversions: those that have errors
    :param also: what Odoo itself says against confirming
    """
    lines = [env._("SMART would not accept this, so nothing was confirmed:")]
    for conversion in conversions:
        owner = conversion.owner
        lines += ["", owner._smart_headline()]
        lines += [f"- {problem.sentence(owner)}" for problem in conversion.errors]
    if also:
        lines += ["", env._("Odoo also says:"), also]
    return "\n".join(lines)

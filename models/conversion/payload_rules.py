from itertools import accumulate

from odoo import api, models
from odoo.tools import format_list

from ...smart_api import texts
from ...smart_api.rules import Rule
from ...smart_api.schemas import MAX_BODY_BYTES, name_of
from ..base.said import telling

#: How many of the longest lines are named where a document is too large.
NAMED = 3

#: Where a bookkeeper mends what a request states: a part of the document, see ``_smart_fields``
#: of owners. What is not here is a matter of lines and taxes.
PARTS_OF_OWNER = {
    "rif": "company",
    "customer_name": "customer",
    "customer_identification": "customer",
    "customer_identification_type": "customer",
    "customer_email": "customer",
    "customer_address": "customer",
    "customer_phone": "customer",
    "internal_number": "name",
    "related": "related",
    "former_regime": "former",
    "exchange_rate": "rate",
    "currency": "currency",
    "igtf_rate": "igtf",
    "igtf_base": "igtf",
    "igtf_tax": "igtf",
    "branch": "branch",
    "branch_address": "branch",
    "series": "branch",
    "remark": "remark",
    "due_date": "due",
    "payments": "payments",
}


class SmartPayload(models.AbstractModel):
    """The finished request: the manual's rules as the last word, and how many bytes it has."""

    _inherit = "smart.payload"

    @api.model
    def _add_broken_rule(self, conversion, rule):
        """Name a rule of the manual that the finished request breaks.

        :param rule: a :class:`smart_api.rules.BrokenRule`
        """
        conversion.problem_of_owner(
            PARTS_OF_OWNER.get(name_of(rule.key), "lines"),
            self.env._(
                "SMART does not take “%(key)s”: %(reason)s.",
                key=rule.key,
                reason=self._rule_words(rule),
            ),
            self.env._("Correct it in this document."),
        )

    @api.model
    def _words_unusable(self, owner, broken_rules):
        """Return why a request that was stored cannot be sent any more, and what to do.

        :param owner: that it was made for
        :param broken_rules: list of :class:`smart_api.rules.BrokenRule`
        """
        return telling(self.env)._(
            "The request that was made of this document cannot be sent any more: %(rules)s. "
            "Nothing was issued. %(how)s Then confirm it again.",
            rules=self._list_rules(broken_rules),
            how=owner._smart_how_to_change(),
        )

    @api.model
    def _list_rules(self, broken_rules):
        """Return in the user's language which rules a request breaks."""
        tell = telling(self.env)
        return tell.join("; ", [
            tell.join(": ", [f"“{rule.key}”", self._rule_words(rule)]) for rule in broken_rules
        ])  # fmt: skip

    @api.model
    def _rule_words(self, rule):
        """Return in the user's language why a rule is broken."""
        values = {name: str(value) for name, value in rule.values.items()}
        if rule.rule == Rule.TOO_LONG:
            return telling(self.env)._("it is longer than %(max_length)s characters", **values)
        if rule.rule == Rule.TAX:
            return telling(self.env)._(
                "the tax at %(rate)s %% of %(base)s is %(tax)s here, but SMART computes %(right)s",
                **values,
            )
        if rule.rule in (Rule.SUBTOTAL, Rule.TOTAL, Rule.LINE_AMOUNT):
            return telling(self.env)._("the amounts do not add up")
        return {
            Rule.MISSING: telling(self.env)._("it is missing"),
            Rule.NOT_OF_ITS_FORM: telling(self.env)._(
                "it does not have the form that SMART asks for"
            ),
            Rule.NOT_A_NUMBER: telling(self.env)._("it is not a number"),
            Rule.TOO_LARGE: telling(self.env)._("it is too large"),
            Rule.TOO_SMALL: telling(self.env)._("it must be greater than zero"),
            Rule.TOO_MANY_DECIMALS: telling(self.env)._("it has too many decimals"),
            Rule.NOT_EXACT: telling(self.env)._("it has more digits than SMART keeps"),
            Rule.IDENTIFICATION_KIND: telling(self.env)._(
                "it is not of the kind of identification chosen"
            ),
            Rule.RATE_REQUIRED: telling(self.env)._(
                "a document in foreign currency needs an exchange rate"
            ),
            Rule.NO_LINES: telling(self.env)._("the document has no lines"),
            Rule.FORMER_INCOMPLETE: telling(self.env)._(
                "a note about a document from before SMART needs its number and a reason"
            ),
        }.get(rule.rule, telling(self.env)._("it is not what SMART asks for"))

    # -- the size ----------------------------------------------------------------------------

    @api.model
    def _check_size(self, conversion):
        """Note if the request is too large: SMART's web server does not even read it then."""
        size = conversion.request.largest_body()
        if size <= MAX_BODY_BYTES:
            return
        conversion.problem_of_owner(
            "lines",
            self.env._(
                "The document is too large for SMART: it takes %(size)s bytes, and SMART reads "
                "%(limit)s at most.",
                size=size,
                limit=MAX_BODY_BYTES,
            ),
            self._cure_of_size(conversion.request, size),
        )

    @api.model
    def _cure_of_size(self, request, size):
        """Return how to divide a request, and where shortening is enough, what to shorten."""
        lines = request.lines
        sizes = [len(line.to_json().encode()) + 1 for line in lines]  # one for the comma
        ends = accumulate(sizes, initial=size - sum(sizes))
        fitting = sum(end <= MAX_BODY_BYTES for end in ends) - 1
        divide = self.env._(
            "Divide it into several documents: its first %s lines fit into one.", fitting
        )
        over = size - MAX_BODY_BYTES
        said = [len(f"{line.description}{line.comment}".encode()) for line in lines]
        if over > sum(said) / 2:
            return divide  # what is left of its texts would say nothing
        longest = sorted(range(len(lines)), key=said.__getitem__, reverse=True)[:NAMED]
        names = [
            self.env._(
                "%(number)s (“%(name)s”)",
                number=index + 1,
                name=texts.shorten(lines[index].description, 30),
            )
            for index in sorted(longest)
        ]
        shorten = self.env._(
            "Or shorten its texts by %(over)s bytes: a letter is one, with an accent two, an emoji "
            "four. The longest are those of the lines %(names)s.",
            over=over,
            names=format_list(self.env, names),
        )
        return f"{divide} {shorten}"

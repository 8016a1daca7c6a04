from odoo import api, models

from ...smart_api.rules import Rule

#: Key of the manual -> field of the document where a bookkeeper mends its value. Keys that are
#: not here belong to lines and taxes.
FIELDS = {
    "rif": "company_id",
    "nombrecliente": "partner_id",
    "rifcedulacliente": "partner_id",
    "idtipocedulacliente": "partner_id",
    "emailcliente": "partner_id",
    "direccioncliente": "partner_id",
    "telefonocliente": "partner_id",
    "numerointerno": "name",
    "relacionado": "smart_note_origin_id",
    "regimenanterior": "smart_former_number",
    "tasadecambio": "invoice_currency_rate",
    "tasacambio": "invoice_currency_rate",
    "tipomoneda": "currency_id",
    "tasaigtf": "smart_igtf_base",
    "baseigft": "smart_igtf_base",
    "baseigtf": "smart_igtf_base",
    "impuestoigtf": "smart_igtf_base",
    "sucursal": "journal_id",
    "direccionsucursal": "journal_id",
    "observacion": "narration",
    "fechavence": "invoice_date_due",
    "formasdepago": "invoice_payment_term_id",
}


class SmartPayload(models.AbstractModel):
    """The manual's rules, checked last: they find what no other check has foreseen."""

    _inherit = "smart.payload"

    @api.model
    def _add_broken_rule(self, conversion, rule):
        """Name a rule of the manual that the finished request breaks.

        :param rule: a :class:`smart_api.rules.BrokenRule`
        """
        conversion.problem(
            conversion.owner,
            FIELDS.get(rule.key.split(".")[0], "invoice_line_ids"),
            self.env._(
                "SMART does not take “%(key)s”: %(reason)s.",
                key=rule.key,
                reason=self._rule_words(rule),
            ),
            self.env._("Correct it in this document."),
        )

    @api.model
    def _words_unusable(self, broken_rules):
        """Return why a request that was stored cannot be sent any more, and what to do.

        :param broken_rules: list of :class:`smart_api.rules.BrokenRule`
        """
        return self.env._(
            "The request that was made of this document cannot be sent any more: %s. Nothing was "
            "issued. Reset it to draft and confirm it again.",
            self._list_rules(broken_rules),
        )

    @api.model
    def _list_rules(self, broken_rules):
        """Return in the user's language which rules a request breaks."""
        return "; ".join(f"“{rule.key}”: {self._rule_words(rule)}" for rule in broken_rules)

    @api.model
    def _rule_words(self, rule):
        """Return in the user's language why a rule is broken."""
        values = {name: str(value) for name, value in rule.values.items()}
        if rule.rule == Rule.TOO_LONG:
            return self.env._("it is longer than %(max_length)s characters", **values)
        if rule.rule == Rule.TAX:
            return self.env._(
                "the tax at %(rate)s %% of %(base)s is %(tax)s here, but SMART computes %(right)s",
                **values,
            )
        if rule.rule in (Rule.SUBTOTAL, Rule.TOTAL, Rule.LINE_AMOUNT):
            return self.env._("the amounts do not add up")
        return {
            Rule.MISSING: self.env._("it is missing"),
            Rule.NOT_OF_ITS_FORM: self.env._("it does not have the form that SMART asks for"),
            Rule.NOT_A_NUMBER: self.env._("it is not a number"),
            Rule.TOO_LARGE: self.env._("it is too large"),
            Rule.TOO_SMALL: self.env._("it must be greater than zero"),
            Rule.TOO_MANY_DECIMALS: self.env._("it has too many decimals"),
            Rule.NOT_EXACT: self.env._("it has more digits than SMART keeps"),
            Rule.IDENTIFICATION_KIND: self.env._("it is not of the kind of identification chosen"),
            Rule.RATE_REQUIRED: self.env._("a document in foreign currency needs an exchange rate"),
            Rule.NO_LINES: self.env._("the document has no lines"),
            Rule.FORMER_INCOMPLETE: self.env._(
                "a note about a document from before SMART needs its number and a reason"
            ),
        }.get(rule.rule, self.env._("it is not what SMART asks for"))

from pydantic import ValidationError

from odoo import api, models

from ...smart_api import rules, schemas
from .problem import Conversion, SmartPreflightError, explain


class SmartPayload(models.AbstractModel):
    """``account.move`` -> :class:`smart_api.schemas.IssueRequest`, or every reason why not.

    One small method per block of the request, each to be extended on its own; the blocks
    are in the ``payload_*`` files. The amounts are read from the journal items, so ledger and
    request cannot differ.
    """

    _name = "smart.payload"
    _description = "Conversion to SMART's Requests"

    @api.model
    def _convert(self, moves):
        """Convert documents, all or none.

        :param moves: posted invoices and notes
        :returns: a :class:`Conversion` with its ``request`` for each, in the same order
        :raises SmartPreflightError: with all problems of all documents
        """
        conversions = self._check(moves)
        self._refuse_broken(conversions)
        return conversions

    @api.model
    def _refuse_broken(self, conversions, also=""):
        """Raise :class:`SmartPreflightError` if there are errors.

        :param also: what Odoo itself says against confirming
        """
        broken = [conversion for conversion in conversions if conversion.errors]
        if broken:
            moves = self.env["account.move"].union(*(one.owner for one in broken))
            raise SmartPreflightError(explain(self.env, broken, also), moves)

    @api.model
    def _check(self, moves):
        """Convert what can be, and tell what is wrong with the rest; nothing is changed.

        :param moves: invoices and notes, drafts or posted
        :returns: a :class:`Conversion` for each, in the same order
        """
        shared = {"moves": moves}
        return [self._convert_one(move, shared) for move in moves]

    @api.model
    def _convert_one(self, move, shared):
        conversion = Conversion(move, shared)
        self._add_issuer(conversion)
        self._add_document(conversion)
        self._add_branch(conversion)
        self._add_customer(conversion)
        self._add_currency(conversion)
        self._add_amounts(conversion)
        self._add_payments(conversion)
        if not conversion.errors:
            try:
                conversion.request = schemas.IssueRequest(**conversion.values)
            except ValidationError as error:
                for rule in rules.explain(error):
                    self._add_broken_rule(conversion, rule)
        return conversion

    @api.model
    def _add_issuer(self, conversion):
        # sudo: the issuer may be a parent company that the user cannot read
        issuer = conversion.owner.company_id.smart_issuer_id.sudo()
        rif = issuer.smart_rif
        if not rif:
            conversion.problem(
                issuer,
                "vat",
                self.env._("“%s” is not a valid RIF.", issuer.vat or ""),
                self.env._("Enter the company's RIF, for example J-12345678-9."),
            )
        elif issuer.smart_token_lost:
            conversion.problem(
                issuer,
                "smart_token",
                self.env._(
                    "The token cannot be opened: it was sealed with a key that this server does "
                    "not have."
                ),
                self.env._(
                    "Ask an administrator to give the server that key again, or to enter the "
                    "token anew in the Accounting settings."
                ),
            )
        elif rif != issuer.smart_holder_rif:
            conversion.problem(
                issuer,
                "vat",
                self.env._(
                    "The RIF is %(rif)s, but the SMART token belongs to %(holder)s.",
                    rif=rif,
                    holder=issuer.smart_holder_rif,
                ),
                self.env._("Correct the token in the Accounting settings, or the RIF."),
            )
        conversion.values["rif"] = rif or None

from pydantic import ValidationError

from odoo import api, models

from ...smart_api import rules, schemas, texts
from .problem import Conversion, SmartPreflightError, explain


class SmartPayload(models.AbstractModel):
    """An owner -> :class:`smart_api.schemas.IssueRequest`, or every reason why not.

    One small method per block of the request, each to be extended on its own; the blocks
    are in the ``payload_*`` files. What a document says comes from its owner
    (``smart.document.owner``), of whatever model that is.
    """

    _name = "smart.payload"
    _description = "Conversion to SMART's Requests"

    @api.model
    def _convert(self, owners):
        """Convert documents, all or none.

        :param owners: records of one model, confirmed
        :returns: a :class:`Conversion` with its ``request`` for each, in the same order
        :raises SmartPreflightError: with all problems of all documents
        """
        conversions = self._check(owners)
        self._refuse_broken(conversions)
        return conversions

    @api.model
    def _refuse_broken(self, conversions, also=""):
        """Raise :class:`SmartPreflightError` if there are errors.

        :param also: what Odoo itself says against confirming
        """
        broken = [conversion for conversion in conversions if conversion.errors]
        if broken:
            owners = broken[0].owner.union(*(one.owner for one in broken))
            raise SmartPreflightError(explain(self.env, broken, also), owners)

    @api.model
    def _check(self, owners):
        """Convert what can be, and tell what is wrong with the rest; nothing is changed.

        :param owners: records of one model, drafts or confirmed
        :returns: a :class:`Conversion` for each, in the same order
        """
        shared = {"owners": owners}
        return [self._convert_one(owner, shared) for owner in owners]

    @api.model
    def _convert_one(self, owner, shared):
        conversion = Conversion(owner, shared, owner._smart_stated())
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
            else:
                self._check_size(conversion)
        return conversion

    @api.model
    def _add_issuer(self, conversion):
        # sudo: the issuer may be a parent company that the user cannot read
        issuer = conversion.stated.company.smart_issuer_id.sudo()
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
                    "token anew in the Invoicing settings."
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
                self.env._("Correct the token in the Invoicing settings, or the RIF."),
            )
        conversion.values["rif"] = rif or None

    # -- shared by the blocks --------------------------------------------------------------

    @api.model
    def _printed(self, conversion, text, length, record, field, whole=None):
        """Return a text as it is sent; one that reads otherwise than it was written is told.

        :param record: where it was written, in its field ``field``
        :param whole: what it was before parts of it were shortened; ``None`` if none were
        """
        sent = texts.printed(text, length)
        written = texts.one_line(text)
        readable = texts.readable(text if whole is None else whole)
        if len(readable) > length:
            conversion.problem(
                record,
                field,
                self.env._(
                    "A text of %(count)s characters will be printed as “%(sent)s”, for SMART takes "
                    "%(limit)s.",
                    count=len(readable),
                    sent=sent,
                    limit=length,
                ),
                self.env._("Shorten it, if the rest should be read."),
                warning=True,
            )
        if texts.readable(text) != written:
            conversion.problem(
                record,
                field,
                self.env._(
                    "“%(written)s” will be printed as “%(sent)s”, for SMART prints some "
                    "characters otherwise.",
                    written=texts.shorten(written, length),
                    sent=sent,
                ),
                self.env._("Write it in other words, if it should read otherwise."),
                warning=True,
            )
        return sent

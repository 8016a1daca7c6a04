from dataclasses import dataclass, field

from odoo import models

from ..smart_api import schemas


@dataclass
class Conversion:
    """An owner on its way to a request: what is known so far, and what is wrong with it.

    ``values`` are those of :class:`smart_api.schemas.IssueRequest`; ``problems`` pairs of
    (record to mend, sentence that says what is wrong and what to do).
    """

    owner: models.BaseModel
    values: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)
    document_type: str = ""
    related: models.BaseModel | None = None
    request: schemas.IssueRequest | None = None

    def problem(self, record, sentence):
        """Note a problem and where it is mended."""
        self.problems.append((record, sentence))

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
        }

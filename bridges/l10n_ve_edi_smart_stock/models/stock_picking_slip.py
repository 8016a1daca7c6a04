from datetime import UTC
from typing import NamedTuple

from markupsafe import Markup

from odoo import models

from odoo.addons.l10n_ve_edi_smart.models.terms import (
    ANNULLED,
    CARACAS,
    NUMBERED_STATES,
    QUEUED,
    REFUSED,
    SENDING,
    UNKNOWN,
    WITHDRAWN,
)
from odoo.addons.l10n_ve_edi_smart.smart_api import texts
from odoo.addons.l10n_ve_edi_smart.smart_api.line_amounts import decimal
from odoo.addons.l10n_ve_edi_smart.smart_api.reductions import quantity_words
from odoo.addons.l10n_ve_edi_smart.smart_api.schemas import Unit, stated

from .stock_picking_transport import address_words
from .terms import PRINTED_TYPES

#: The goods may leave: their document has its number, or SMART is asked for one.
ON_PAPER_STATES = (QUEUED, SENDING, UNKNOWN, *NUMBERED_STATES)

#: SMART's own units of quantity, as they are printed.
PRINTED_UNITS = {
    Unit.UNIT: "Unid.",
    Unit.KILO: "kg",
    Unit.LITRE: "L",
    Unit.METRE: "m",
    Unit.BOX: "Caja",
}


class Slip(NamedTuple):
    """What Odoo's delivery slip says of a fiscal document, in words as they are printed.

    :param title: what kind of document it is
    :param numbers: pairs of label and value: its numbers, date and hour of issue
    :param issuer: lines on who issues it; the first is the name
    :param receiver: likewise, on whom the goods are for
    :param road: pairs of label and value: why and how the goods are moved, from where to where
    :param goods: one dictionary for each line that was sent: ``code``, ``description``,
        ``comment`` (lots, packages, weight), ``quantity`` and ``unit``
    :param footer: SMART's legal footer; ``""`` before it is issued
    """

    title: str
    numbers: list
    issuer: list
    receiver: list
    road: list
    goods: list
    footer: str | Markup


class StockPicking(models.Model):
    """What Odoo's own print says: all that the law wants, in Spanish, whatever prints it.

    The words stand here, not in the template: a database without Spanish prints Spanish, too.
    """

    _name = "stock.picking"
    _inherit = "stock.picking"

    def _smart_is_on_paper(self):
        """Tell whether the delivery slip shows a fiscal document."""
        self.ensure_one()
        document = self.sudo().smart_document_id  # sudo: for the state only
        return document.state in ON_PAPER_STATES

    def _smart_slip_marks(self):
        """Return in words what nobody may overlook on the slip, the gravest first."""
        self.ensure_one()
        # sudo: whoever may print the transfer may see how its document stands
        document = self.sudo().smart_document_id
        marks = []
        if document.state == ANNULLED:
            reason = texts.readable(document.annulment_reason)
            marks.append(": ".join(filter(None, ("ANULADA", reason))))
        if document.state in (QUEUED, SENDING, UNKNOWN):
            marks.append("Número de control en trámite: todavía no es un documento fiscal.")
        # Transfers from before SMART, that are done, print as ever.
        elif document.state in (REFUSED, WITHDRAWN) or (
            not document and self.state != "done" and self._smart_is_fiscal()
        ):
            marks.append("Sin número de control: este no es un documento fiscal.")
        if document.state in NUMBERED_STATES and document.environment != "production":
            marks.append("Emitida en un ambiente de prueba: sin valor legal.")
        return marks

    def _smart_slip(self):
        """Return what the slip says of its fiscal document, ``None`` where it shows none.

        Goods and receiver are as they were sent, whatever has been renamed since.

        :rtype: Slip | None
        """
        self.ensure_one()
        if not self._smart_is_on_paper():
            return None
        # sudo: whoever may print the transfer may see what was sent of it
        picking = self.sudo()
        document = picking.smart_document_id
        sent = stated(document.request_body)
        title = PRINTED_TYPES[document.document_type]
        return Slip(
            title=title if document.control_number else f"{title} en trámite",
            numbers=picking._smart_slip_numbers(document),
            issuer=picking._smart_slip_issuer(document, sent),
            receiver=[
                sent["customer_name"],
                f"RIF o cédula: {sent['customer_identification']}",
                f"Dirección: {sent['customer_address']}",
            ],
            road=picking._smart_slip_road(sent),
            goods=[
                {
                    **line,
                    "quantity": quantity_words(decimal(line["quantity"])),
                    "unit": PRINTED_UNITS.get(line.get("unit"), ""),
                }
                for line in sent["lines"]
            ],
            footer=document.legal_footer or "",
        )

    def _smart_slip_numbers(self, document):
        issued = document.issued_at and document.issued_at.replace(tzinfo=UTC).astimezone(CARACAS)
        half = "a.m." if issued and issued.hour < 12 else "p.m."
        numbers = [
            ("Número", document.internal_number or ""),
            ("Número de control", document.control_number or "en trámite"),
            ("Fecha de emisión", issued and issued.strftime("%d%m%Y")),
            ("Hora de emisión", issued and f"{issued:%I.%M.%S} {half}"),
            ("Traslado", self.name),
        ]
        return [(label, value) for label, value in numbers if value]

    def _smart_slip_issuer(self, document, sent):
        issuer = document.issuer_id
        branch = " ".join(filter(None, (sent.get("branch"), sent.get("branch_address"))))
        lines = [
            issuer.name,
            f"RIF: {sent['rif']}",
            f"Domicilio fiscal: {address_words(issuer.partner_id)}",
            branch and f"Sucursal: {branch}",
        ]
        return [line for line in lines if line]

    def _smart_slip_road(self, sent):
        """Return the road as it is, where SMART's remark had to cut it short."""
        said, route = self._smart_road()
        pairs = dict([*said, *route])
        # What goes to a customer goes to the address that the document is made out to.
        pairs["Hasta"] = pairs["Hasta"] or sent["customer_address"]
        return [(label, value) for label, value in pairs.items() if value]

    def _get_report_lang(self):
        # EXTENDS 'stock': the law wants Spanish, whatever the customer speaks
        if not self._smart_is_on_paper():
            return super()._get_report_lang()
        codes = [code for code, _name in self.env["res.lang"].get_installed()]
        spanish = [code for code in codes if code.startswith("es")]
        return "es_VE" if "es_VE" in spanish else next(iter(spanish), super()._get_report_lang())

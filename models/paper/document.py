from decimal import Decimal

from odoo import models

from ...smart_api import texts
from ...smart_api.line_amounts import decimal
from ...smart_api.reductions import number_words, quantity_words
from ...smart_api.schemas import Currency, stated
from ..terms import ANNULLED, NUMBERED_STATES, QUEUED, REFUSED, SENDING, UNKNOWN, WITHDRAWN
from . import words
from .words import BOLIVAR, CURRENCIES, Paper, Total

#: It has its number, or SMART is asked for one: what is printed is the document, or will be.
ON_PAPER_STATES = (QUEUED, SENDING, UNKNOWN, *NUMBERED_STATES)


class SmartDocument(models.Model):
    """What is printed is what was sent: Odoo's paper never says something else than SMART's."""

    _inherit = "smart.document"

    def _is_on_paper(self):
        """Tell whether Odoo's own print shows it."""
        return self.state in ON_PAPER_STATES

    def _paper_marks(self):
        """Return in words what nobody may overlook on its print, the gravest first."""
        marks = []
        if self.state == ANNULLED:
            reason = texts.readable(self.annulment_reason)
            marks.append(": ".join(filter(None, ("ANULADA", reason))))
        elif self.state in (REFUSED, WITHDRAWN):
            marks.append("Sin número de control: este no es un documento fiscal.")
        elif self.state in (QUEUED, SENDING, UNKNOWN):
            marks.append("Número de control en trámite: todavía no es un documento fiscal.")
        if self.state in NUMBERED_STATES and self.environment != "production":
            marks.append("Emitida en un ambiente de prueba: sin valor legal.")
        return marks

    def _paper(self):
        """Return what Odoo's own print says of it.

        :rtype: Paper
        """
        self.ensure_one()
        sent = stated(self.request_body)
        title = words.TITLES[self.document_type]
        return Paper(
            title=title if self.control_number else f"{title} en trámite",
            numbers=self._paper_numbers(sent),
            issuer=self._paper_issuer(sent),
            customer=[
                sent["customer_name"],
                f"RIF o cédula: {sent['customer_identification']}",
                f"Dirección: {sent['customer_address']}",
            ],
            applies=self._paper_applies(),
            lines=[self._paper_line(line) for line in sent["lines"]],
            currencies=self._paper_currencies(sent),
            totals=self._paper_totals(sent),
            remarks=self._paper_remarks(sent),
            footer=self.legal_footer or "",
        )

    def _paper_numbers(self, sent):
        day, hour = words.moment_words(self.issued_at) if self.issued_at else ("", "")
        due = "/".join(reversed((sent.get("due_date") or "").split("-")))
        numbers = [
            ("Número", self.internal_number),
            ("Serie", sent.get("series")),
            ("Número de control", self.control_number or "en trámite"),
            ("Fecha de emisión", day),
            ("Hora de emisión", hour),
            ("Vence", due),
            *self._owner()._smart_paper_numbers(),
        ]
        return [(label, value) for label, value in numbers if value]

    def _paper_issuer(self, sent):
        issuer = self.issuer_id
        branch = " ".join(filter(None, (sent.get("branch"), sent.get("branch_address"))))
        lines = [
            issuer.name,
            f"RIF: {sent['rif']}",
            f"Domicilio fiscal: {words.address_words(issuer.partner_id)}",
            branch and f"Sucursal: {branch}",
        ]
        return [line for line in lines if line]

    def _paper_applies(self):
        """Return number, date and amount of what a note corrects.

        Of a document from before SMART the remark tells them.
        """
        related = self.related_document_id
        if not related:
            return ""
        sent = stated(related.request_body)
        number = related.internal_number if related.control_number else "en trámite"
        control = related.control_number and f"(número de control {related.control_number})"
        day = related.issued_at and f"del {words.day_words(related.issued_at)}"
        amount = f"{CURRENCIES[sent['currency']]} {words.money_words(sent['total'])}"
        told = [words.TITLES[related.document_type], number, control, day, f"por {amount}"]
        return f"Aplica a {' '.join(filter(None, told))}"

    def _paper_line(self, line):
        discount = line.get("discount")
        return {
            "code": line.get("code"),
            "description": line["description"],
            "comment": line.get("comment"),
            "quantity": quantity_words(decimal(line["quantity"])),
            "unit": words.UNITS.get(line.get("unit"), ""),
            "price": words.price_words(line["price"]),
            "discount": words.money_words(discount) if discount else "",
            "rate": "" if line["exempt"] else words.percent_words(line["rate"]),
            "amount": words.money_words(line["amount"]),
            "exempt": line["exempt"],
        }

    # -- amounts ---------------------------------------------------------------------------

    def _paper_currencies(self, sent):
        if sent["currency"] == Currency.BOLIVAR:
            return [BOLIVAR]
        return [CURRENCIES[sent["currency"]], BOLIVAR]

    def _paper_totals(self, sent):
        """Return the totals from what was sent; IGTF is no part of the subtotal."""
        rows = [("Subtotal", sent["subtotal"])]
        if sent.get("exempt"):
            rows.append(("Total exento", sent["exempt"]))
        for kind, labels in words.VAT.items():
            if sent.get(f"{kind}_base"):
                percent = words.percent_words(sent[f"{kind}_rate"])
                for label, part in zip(labels, ("base", "tax"), strict=True):
                    rows.append((f"{label} {percent}", sent[f"{kind}_{part}"]))
        if sent.get("igtf_tax"):
            percent = words.percent_words(sent["igtf_rate"])
            rows.append((f"Base del IGTF {percent}", sent["igtf_base"]))
            rows.append((f"IGTF {percent}", sent["igtf_tax"]))
        totals = [Total(label, self._paper_amounts(sent, amount)) for label, amount in rows]
        return [*totals, Total("Total", self._paper_amounts(sent, sent["total"]), last=True)]

    def _paper_amounts(self, sent, amount):
        """Return an amount in the document's currency, and in bolívares as SMART converts it."""
        said = [words.money_words(amount)]
        if sent["currency"] != Currency.BOLIVAR:
            said.append(words.money_words(decimal(amount) * decimal(sent["exchange_rate"])))
        return said

    def _paper_remarks(self, sent):
        currency = CURRENCIES[sent["currency"]]
        rate = number_words(decimal(sent["exchange_rate"]).quantize(Decimal("0.0001")))
        remarks = []
        day = self.exchange_rate_day
        of_day = f" (del {day:%d/%m/%Y})" if day else ""
        if currency != BOLIVAR:
            remarks.append(f"Tasa de cambio: {BOLIVAR} {rate} por {currency}{of_day}")
        elif sent["exchange_rate"]:
            remarks.append(f"Tasa de cambio: {rate}{of_day}")
        for payment in sent["payments"]:
            amount = f"{currency} {words.money_words(payment['amount'])}"
            remarks.append(f"Forma de pago: {payment['method']}, {amount}")
        if sent.get("remark"):
            remarks.append(f"Observación: {sent['remark']}")
        return remarks

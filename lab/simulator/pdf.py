"""The printed document, as the service would render it."""

import io
import json
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from .checks import entries
from .ledger import Issuer
from .storing import stored_day

_TITLES = {
    1: "FACTURA",
    2: "NOTA DE DÉBITO",
    3: "NOTA DE CRÉDITO",
    4: "GUÍA DE DESPACHO",
    5: "ORDEN DE ENTREGA",
}
_CURRENCIES = {1: "Bs.", 2: "USD", 3: "EUR"}
_UNITS = {1: "und.", 2: "kg", 3: "l", 4: "m", 5: "caja"}
_TOTALS = (
    ("subtotal", "Subtotal"),
    ("exento", "Exento"),
    ("baseg", "Base imponible general"),
    ("impuestog", "IVA general"),
    ("baser", "Base imponible reducida"),
    ("impuestor", "IVA reducido"),
    ("basea", "Base imponible general + adicional"),
    ("impuestoa", "IVA general + adicional"),
    ("impuestoigtf", "IGTF"),
)
_STYLES = getSampleStyleSheet()


def render(issuer: Issuer, document: dict) -> bytes:
    """Return the PDF of a row of the ledger (:meth:`lab.simulator.ledger.Ledger.document`)."""
    request = json.loads(document["request"])
    currency = _CURRENCIES.get(request.get("tipomoneda"), "")
    story = [*_header(issuer, document, request), _lines(request), Spacer(1, 4 * mm)]
    story += [_totals(request, currency), Spacer(1, 4 * mm)]
    story += [
        _paragraph(f"Forma de pago: {one.get('forma')} {_money(one.get('valor'))} {currency}")
        for one in entries(request, "formasdepago")
    ]
    story.append(Spacer(1, 4 * mm))
    if request.get("observacion"):
        story.append(_paragraph(f"Observación: {request['observacion']}"))
    story.append(Paragraph(document["footer"].replace("<br>", "<br/>"), _STYLES["Italic"]))
    buffer = io.BytesIO()
    title = f"{_TITLES[document['document_type']]} {document['control_number']}"
    SimpleDocTemplate(buffer, pagesize=LETTER, title=title, author=issuer.name).build(story)
    return buffer.getvalue()


def _paragraph(text: object, style: str = "Normal") -> Paragraph:
    return Paragraph(escape(str(text)), _STYLES[style])


def _header(issuer: Issuer, document: dict, request: dict) -> list:
    story = [
        _paragraph(issuer.name, "Heading2"),
        _paragraph(f"RIF {issuer.rif} · {issuer.address}"),
        _paragraph(_TITLES[document["document_type"]], "Title"),
    ]
    if document["annulled"]:
        story.append(_paragraph(f"ANULADO: {document['annul_reason']}", "Heading2"))
    for label, value in (
        ("Nro. de control", document["control_number"]),
        ("Número interno", document["internal_number"]),
        ("Serie", request.get("serial")),
        ("Fecha", document["issued_at"]),
        ("Vence", request.get("fechavence") and stored_day(request["fechavence"])),
        ("Cliente", f"{request.get('nombrecliente')} {request.get('rifcedulacliente')}"),
        ("Dirección", request.get("direccioncliente")),
        ("Documento relacionado", request.get("relacionado")),
    ):
        if value:
            story.append(_paragraph(f"{label}: {value}"))
    story.append(Spacer(1, 4 * mm))
    return story


def _money(value: object) -> str:
    return f"{value:,.2f}" if isinstance(value, (int, float)) else str(value)


def _lines(request: dict) -> Table:
    rows: list[list] = [["Código", "Descripción", "Cantidad", "Precio", "Desc.", "IVA %", "Monto"]]
    for line in entries(request, "cuerpofactura"):
        rows.append(
            [
                _paragraph(line.get("codigo", "")),
                [
                    _paragraph(line.get("descripcion", "")),
                    _paragraph(line.get("comentario") or "", "Italic"),
                ],
                f"{line.get('cantidad')} {_UNITS.get(line.get('intipounidad'), '')}".strip(),
                _money(line.get("precio")),
                _money(line.get("descuento")),
                line.get("tasa"),
                _money(line.get("monto")),
            ]
        )
    widths = [22 * mm, 62 * mm, 18 * mm, 24 * mm, 18 * mm, 14 * mm, 26 * mm]
    table = Table(rows, colWidths=widths, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.25, colors.grey),
                ("BACKGROUND", (0, 0), (-1, 0), colors.lightgrey),
                ("ALIGN", (2, 0), (-1, -1), "RIGHT"),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("FONTSIZE", (0, 0), (-1, -1), 8),
            ]
        )
    )
    return table


def _totals(request: dict, currency: str) -> Table:
    rows = [[label, _money(request[key])] for key, label in _TOTALS if request.get(key)]
    rows.append([f"TOTAL {currency}", _money(request.get("total"))])
    table = Table(rows, colWidths=[70 * mm, 40 * mm], hAlign="RIGHT")
    table.setStyle(TableStyle([("ALIGN", (1, 0), (1, -1), "RIGHT")]))
    return table

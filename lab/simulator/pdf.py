"""The printed document, as the service would render it: in the layout of its issuer."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Layout:
    """How the documents of an issuer look.

    :param money: writes an amount
    :param identification: writes a RIF or cédula
    :param labels: how a label and its value stand: beside each other, below each other, or all
        labels before all values
    """

    money: Callable[[float], str]
    identification: Callable[[str], str]
    labels: str = "beside"


def _english(value: float) -> str:
    return f"{value:,.2f}"


def _spanish(value: float) -> str:
    return _english(value).translate(str.maketrans(",.", ".,"))


def _dotted(identification: str) -> str:
    letter, digits, *check = identification.split("-")
    return "-".join([letter, f"{int(digits):,}".replace(",", "."), *check])


def _bare(identification: str) -> str:
    return identification.replace("-", "")


#: By name, for the control API.
LAYOUTS = {
    "plain": Layout(_english, str),
    "dotted": Layout(_spanish, _dotted),
    "below": Layout(_spanish, _bare, "below"),
    "columns": Layout(lambda value: f"{value:.2f}", _dotted, "columns"),
}


def render(issuer: Issuer, document: dict, layout: str = "plain") -> bytes:
    """Return the PDF of a row of the ledger (:meth:`lab.simulator.ledger.Ledger.document`).

    :param layout: one of :data:`LAYOUTS`
    """
    looks = LAYOUTS[layout]
    request = json.loads(document["request"])
    currency = _CURRENCIES.get(request.get("tipomoneda"), "")
    header = _header(issuer, document, request, looks)
    story = [*header, _lines(request, looks.money), Spacer(1, 4 * mm)]
    story += [_totals(request, currency, looks.money), Spacer(1, 4 * mm)]
    story += [
        _paragraph(f"Forma de pago: {one.get('forma')} {_money(one.get('valor'), looks.money)}")
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


def _header(issuer: Issuer, document: dict, request: dict, looks: Layout) -> list:
    story = [
        _paragraph(issuer.name, "Heading2"),
        _paragraph(f"RIF {looks.identification(issuer.rif)} · {issuer.address}"),
        _paragraph(_TITLES[document["document_type"]], "Title"),
    ]
    if document["annulled"]:
        story.append(_paragraph(f"ANULADO: {document['annul_reason']}", "Heading2"))
    related = document.get("related")
    customer = request.get("rifcedulacliente")
    if request.get("idtipocedulacliente") in (1, 3):
        customer = looks.identification(customer)
    facts = {
        "Nro. de control": document["control_number"],
        "Número interno": document["internal_number"],
        "Serie": request.get("serial"),
        "Fecha": document["issued_at"],
        "Vence": request.get("fechavence") and stored_day(request["fechavence"]),
        "Cliente": request.get("nombrecliente"),
        "RIF/CI": customer,
        "Dirección": request.get("direccioncliente"),
        "Aplica a Factura": related
        and f"{related['internal_number']} del {related['issued_at'][:10]}",
    }
    facts = {label: value for label, value in facts.items() if value}
    if looks.labels == "columns":
        texts = [f"{label}:" for label in facts] + list(facts.values())
    elif looks.labels == "below":
        texts = [text for fact in facts.items() for text in fact]
    else:
        texts = [f"{label}: {value}" for label, value in facts.items()]
    return [*story, *map(_paragraph, texts), Spacer(1, 4 * mm)]


def _money(value: object, form: Callable[[float], str]) -> str:
    return form(value) if isinstance(value, (int, float)) else str(value)


def _lines(request: dict, money: Callable[[float], str]) -> Table:
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
                _money(line.get("precio"), money),
                _money(line.get("descuento"), money),
                line.get("tasa"),
                _money(line.get("monto"), money),
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


def _totals(request: dict, currency: str, money: Callable[[float], str]) -> Table:
    rows = [[label, _money(request[key], money)] for key, label in _TOTALS if request.get(key)]
    rows.append([f"TOTAL {currency}", _money(request.get("total"), money)])
    table = Table(rows, colWidths=[70 * mm, 40 * mm], hAlign="RIGHT")
    table.setStyle(TableStyle([("ALIGN", (1, 0), (1, -1), "RIGHT")]))
    return table

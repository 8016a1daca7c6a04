"""The words of the contingency report: in Spanish, whatever language the user has."""

TYPES = {"invoice": "Factura", "debit_note": "Nota de débito", "credit_note": "Nota de crédito"}
STATES = {"used": "Emitida", "annulled": "Anulada", "spoilt": "Dañada", "lost": "Extraviada"}
UNEXPLAINED = "Sin explicar"
MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre", "noviembre", "diciembre",
)  # fmt: skip

LAW = (
    "al artículo 16 de la Providencia Administrativa SNAT/2024/000102, que establece las normas "
    "relativas a imprentas digitales y a la emisión de documentos digitales"
)
SENIAT = "Servicio Nacional Integrado de Administración Aduanera y Tributaria (SENIAT)"

OPENING = (
    "Quien suscribe, {responsible}{number}, en su carácter de {role} de {company}, inscrita en el "
    "Registro Único de Información Fiscal (RIF) bajo el N.º {rif}, con domicilio fiscal en "
    "{address}, se dirige a ustedes a fin de notificar, conforme {law}, que {since} nuestra "
    "empresa no pudo emitir documentos digitales por la siguiente causa: {cause}."
)
SINCE_ENDED = "desde el {start} hasta el {end}"
SINCE_OPEN = "desde el {start}, y hasta la fecha de esta comunicación,"

SALES = (
    "Durante ese lapso las operaciones se documentaron en formatos de contingencia elaborados por "
    "{printers}. Se {emitted}, por un total de Bs. {total}, con los números de control "
    "{ranges}, cuya relación se anexa."
)
NO_SALES = "Durante ese lapso no se emitió ningún documento en formatos de contingencia."
ANNULLED = "De los números usados, {count} corresponden a formatos anulados, dañados o extraviados."
TO_SENIAT = (
    "Hacemos esta notificación para los fines de control fiscal que correspondan y quedamos a su "
    "disposición para exhibir los originales y las copias de los documentos emitidos."
)
TO_PRINTER = (
    "Les solicitamos dejar constancia de la interrupción en sus registros y, de haber tenido su "
    "origen en la plataforma de esa imprenta, remitirnos el informe correspondiente. Las notas de "
    "crédito y de débito sobre los documentos de contingencia se emitirán por medio de su "
    "plataforma con referencia al número de control del formato."
)


def day_words(day):
    """Return a date as a letter says it: 29 de noviembre de 2026."""
    return f"{day.day} de {MONTHS[day.month - 1]} de {day.year}"


def moment_words(moment):
    """Return a moment, in Caracas' time, as a letter says it."""
    return f"{day_words(moment)} a las {moment:%H:%M}"


def emitted_words(count):
    """Return how many documents were issued."""
    return "emitió 1 documento" if count == 1 else f"emitieron {count} documentos"


def list_words(items):
    """Return a list in words: a, b y c."""
    items = list(items)
    return " y ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))

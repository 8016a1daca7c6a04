"""How an invoice names its guides. Plain Python; printed, so in Spanish."""

#: Type of a document -> what one, and several, are called.
KINDS = {
    "dispatch_guide": ("Guía de despacho", "Guías de despacho"),
    "delivery_note": ("Nota de entrega", "Notas de entrega"),
}


def named(guides, length):
    """Name guides in one line of at most so many characters; a number is never cut.

    :param guides: triples of (type, internal number, control number), in the order of printing
    :param int length: of the line; enough for one
    :returns: the line, and how many did not fit: ``Guías de despacho (control): 00000001
        (00-00000001), 00000002 (00-00000002) y 3 más``
    """
    for count in range(len(guides), 0, -1):
        left_out = len(guides) - count
        line = _line(guides[:count]) + (f" y {left_out} más" if left_out else "")
        if len(line) <= length or count == 1:
            return line, left_out
    return "", 0


def _line(guides):
    by_kind = {}
    for kind, internal, control in guides:
        by_kind.setdefault(kind, []).append((internal, control))
    return "; ".join(_of_kind(*KINDS[kind], numbers) for kind, numbers in by_kind.items())


def _of_kind(one, several, numbers):
    if len(numbers) == 1:
        [(internal, control)] = numbers
        return f"{one} {internal} (control {control})"
    listed = ", ".join(f"{internal} ({control})" for internal, control in numbers)
    return f"{several} (control): {listed}"

"""What is said of goods on the road, laid out into the little room there is. Plain Python."""

from odoo.addons.l10n_ve_edi_smart.smart_api import texts

#: What SMART takes as the remark of a document.
REMARK_LENGTH = 200
_SEPARATOR = ". "


def laid_out(parts, length):
    """Lay values with their labels out on one line, cutting the longest values first.

    :param parts: pairs of label and value in the order in which they are printed; empty values are
        left out
    :param int length: of the line, in characters; more than all labels need
    :returns: the line, ``Motivo: Venta. Placa: AB123CD``, and what was cut: pairs of (written,
        printed)
    """
    parts = [(label, value) for label, value in parts if value]
    widths = [len(value) for _label, value in parts]
    labels = sum(len(f"{label}: ") for label, _value in parts)
    room = length - labels - len(_SEPARATOR) * max(len(parts) - 1, 0)
    while sum(widths) > room:
        widest = max(widths)
        # The last of the widest ones: what stands first matters most.
        place = len(widths) - 1 - widths[::-1].index(widest)
        widths[place] -= 1
    printed = [
        texts.shorten(value, width) for (_label, value), width in zip(parts, widths, strict=True)
    ]
    line = ""
    for (label, _value), value in zip(parts, printed, strict=True):
        separator = " " if line.endswith((".", "…")) else _SEPARATOR
        line += f"{separator if line else ''}{label}: {value}"
    cut = [
        (value, short)
        for (_label, value), short in zip(parts, printed, strict=True)
        if value != short
    ]
    return line, cut

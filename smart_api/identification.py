"""Venezuelan identifications, as the wire wants them.

RIF: a letter, eight digits and a check digit (``J-12345678-9``). Cédula: ``V`` or ``E`` and
up to eight digits, without a check digit (``V-12345678``). Passports are taken as they are.
"""

import re

import stdnum.ve.rif

_CEDULA = re.compile(r"([VE])0*([1-9][0-9]{0,7})")
#: What has too few digits for a RIF.
_SHORT = re.compile(r"[VE][0-9]{1,8}")
_PASSPORT = re.compile(r"[A-Z0-9]{3,12}")
_SEPARATORS = re.compile(r"[\s.\-]")
_BARE = re.compile(r"[0-9]+")
#: What people put between letters and digits: spaces, dots, dashes of all lengths, strokes.
_SIGNS = re.compile(r"[\s._/\-\u2010-\u2015]")
#: Letters of a RIF of which the check digit depends; a commune's (C) is computed like a company's.
_LETTERS = "VEJPG"


def format_rif(text: str) -> str | None:
    """Return a RIF as ``J-12345678-9``, or ``None`` when it is none (check digit included)."""
    compact = stdnum.ve.rif.compact(_SEPARATORS.sub("", text or ""))
    # A commune's check digit is computed like a company's; stdnum does not know communes.
    known = "J" + compact[1:] if compact.startswith("C") else compact
    if not stdnum.ve.rif.is_valid(known):
        return None
    return f"{compact[0]}-{compact[1:9]}-{compact[9]}"


def format_cedula(text: str) -> str | None:
    """Return a cédula as ``V-12345678``, or ``None`` when it is none; zeros before it are none."""
    match = _CEDULA.fullmatch(_compact(text))
    return match and f"{match[1]}-{match[2]}"


def format_passport(text: str) -> str | None:
    """Return a passport's number without separators, or ``None`` when it cannot be one."""
    compact = _compact(text)
    return compact if _PASSPORT.fullmatch(compact) else None


def understand(kind: str, text: str) -> tuple[str, str | None]:
    """Read a number that is said to be a RIF, a cédula or a passport.

    A RIF has nine digits and a cédula eight at most, so the number tells the one from the other
    when the kind was left as it was. A RIF whose check digit is wrong does not become a cédula.
    Passports are taken at their word.

    :param kind: ``rif``, ``cedula`` or ``passport``
    :returns: the kind that it is, and the number normalised; ``None`` when it is not valid
    """
    if kind == "passport":
        return kind, format_passport(text)
    cedula = format_cedula(text)
    if cedula and (kind == "cedula" or _SHORT.fullmatch(_compact(text))):
        return "cedula", cedula
    rif = format_rif(text)
    return ("rif", rif) if rif else (kind, None)


def at_counter(text: str) -> tuple[str, str] | None:
    """Read what somebody types at a counter, with or without letter, dots and dashes.

    Of bare digits, up to eight are the cédula of a Venezuelan; nine are a RIF whose letter its
    check digit tells, unless it fits two of them. The till reads the same, in JavaScript, and is
    held to it by a table of cases.

    :returns: ``rif`` or ``cedula``, and the number normalised; ``None`` when it is not valid
    """
    compact = _SIGNS.sub("", (text or "").upper())
    bare = bool(_BARE.fullmatch(compact))
    letters = "" if not bare else "V" if len(compact) <= 8 else _LETTERS
    readings = [understand("rif", letter + compact) for letter in letters or [""]]
    valid = [(kind, number) for kind, number in readings if number]
    return valid[0] if len(valid) == 1 else None


def lacks_letter(text: str) -> bool:
    """Tell whether a RIF or cédula is a bare number: nobody can know which letter it has."""
    return bool(_BARE.fullmatch(_compact(text)))


def _compact(text: str) -> str:
    return _SEPARATORS.sub("", text or "").upper()

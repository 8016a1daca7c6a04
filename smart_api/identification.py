"""Venezuelan identifications, as the wire wants them.

RIF: a letter, eight digits and a check digit (``J-12345678-9``). Cédula: ``V`` or ``E`` and
up to eight digits, without a check digit (``V-12345678``). Passports are taken as they are.
"""

import re

import stdnum.ve.rif

_CEDULA = re.compile(r"([VE])([0-9]{1,8})")
_PASSPORT = re.compile(r"[A-Z0-9]{3,12}")
_SEPARATORS = re.compile(r"[\s.\-]")


def format_rif(text: str) -> str | None:
    """Return a RIF as ``J-12345678-9``, or ``None`` when it is none (check digit included)."""
    compact = stdnum.ve.rif.compact(_SEPARATORS.sub("", text or ""))
    # A commune's check digit is computed like a company's; stdnum does not know communes.
    known = "J" + compact[1:] if compact.startswith("C") else compact
    if not stdnum.ve.rif.is_valid(known):
        return None
    return f"{compact[0]}-{compact[1:9]}-{compact[9]}"


def format_cedula(text: str) -> str | None:
    """Return a cédula as ``V-12345678``, or ``None`` when it is none."""
    match = _CEDULA.fullmatch(_SEPARATORS.sub("", text or "").upper())
    return match and f"{match[1]}-{match[2]}"


def format_passport(text: str) -> str | None:
    """Return a passport's number without separators, or ``None`` when it cannot be one."""
    compact = _SEPARATORS.sub("", text or "").upper()
    return compact if _PASSPORT.fullmatch(compact) else None

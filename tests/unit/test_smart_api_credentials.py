"""What a token tells, however badly it was copied; and never the token in an error."""

import base64
import json
import traceback

import pytest

from smart_api import credentials

CLAIMS = {
    "id": 7,
    "rif": "J-12345678-9",
    "razonsocial": "Emisor, C.A.",
    "direccion": "Caracas",
    "email": "emisor@example.com",
    "telefono": "584121234567",
    "validarinterno": "2",
}


def part(value):
    text = value if isinstance(value, str) else json.dumps(value)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def token(header=None, payload=None, signature="c2lnbmF0dXJl", **claims):
    user = {key: value for key, value in (CLAIMS | claims).items() if value is not ...}
    payload = {"user": user, "iat": 1} if payload is None else payload
    return f"{part(header or {'alg': 'HS256'})}.{part(payload)}.{signature}"


def test_a_token_tells_its_holder():
    holder = credentials.read_token(token())
    assert holder.model_dump() == {
        "rif": "J-12345678-9",
        "name": "Emisor, C.A.",
        "address": "Caracas",
        "email": "emisor@example.com",
        "phone": "584121234567",
        "enforces_numbering": True,
    }


def test_line_breaks_and_spaces_of_a_pdf_are_ignored():
    text = token()
    torn = f"  {text[:20]}\r\n{text[20:50]} \t{text[50:]}\n\u00a0"
    assert credentials.normalize_token(torn) == text
    assert credentials.read_token(torn) == credentials.read_token(text)


@pytest.mark.parametrize(
    ("value", "enforced"),
    [(0, False), ("0", False), (None, False), ("", False), (..., False), (1, True), ("2", True)],
)
def test_numbering_is_enforced_from_1_on(value, enforced):
    assert credentials.read_token(token(validarinterno=value)).enforces_numbering is enforced


def test_only_the_rif_is_insisted_on():
    text = token(payload={"user": {"rif": "J-12345678-9"}})
    holder = credentials.read_token(text)
    assert (holder.name, holder.phone, holder.enforces_numbering) == ("", "", False)
    assert credentials.read_token(token(telefono=584121234567, email=None)).phone == "584121234567"


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        "not a token",
        "a.b",
        "a.b.c",
        "..",
        token() + ".more",
        "Bearer " + token(),
        token()[: len(token()) // 2],
        token().replace(".", "!.", 1),
        token().replace("J", "é", 1),
        token(header=["HS256"]),
        token(payload=[]),
        token(payload={}),
        token(payload={"user": "J-12345678-9"}),
        token(payload="[" * 20000),
        token(payload="{"),
        token(rif=...),
        token(rif="J123456789"),
        token(rif="J-\u0661\u0662345678-9"),
        token(rif="J-12345678-9\n"),
        token(validarinterno="yes"),
        token(validarinterno=float("inf")),
        token(validarinterno=[1]),
    ],
)
def test_what_is_no_token_is_refused_without_quoting_it(text):
    with pytest.raises(credentials.TokenError) as caught:
        credentials.read_token(text)
    printed = "".join(traceback.format_exception(caught.value, chain=True)).split("Error: ")[-1]
    for piece in (text or "").split("."):
        assert len(piece) < 8 or piece not in printed


def test_the_error_names_the_claim_that_is_wrong():
    with pytest.raises(credentials.TokenError, match="rif"):
        credentials.read_token(token(rif="J"))

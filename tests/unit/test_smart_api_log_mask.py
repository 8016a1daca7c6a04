"""Whatever is logged, in whichever form, no part of a token is in it."""

import base64
import json
import logging
import pprint
from urllib.parse import quote, quote_plus

import pytest

from smart_api.log_mask import mask_record, mask_tokens
from smart_api.masking import MASK


def part(content):
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


CLAIMS = {
    "user": {"rif": "J-41256789-6", "razonsocial": "Distribuidora El Ávila, C.A."},
    "iat": 1760000000,
}
HEADER = part(b'{"alg":"HS256","typ":"JWT"}')
PAYLOAD = part(json.dumps(CLAIMS, separators=(",", ":")).encode())
SIGNATURE = part(bytes([0xFB, 0xEF, *range(3, 30), 0xFF, 0xFE, 0xFB]))
TOKEN = f"{HEADER}.{PAYLOAD}.{SIGNATURE}"


def assert_masked(text):
    found = [
        secret[start : start + 8]
        for secret in (HEADER, PAYLOAD, SIGNATURE)
        for start in range(len(secret) - 7)
        if secret[start : start + 8] in text
    ]
    assert not found, text
    assert MASK in text


def pasted(width, end):
    """Return the token as it comes out of a PDF."""
    return end.join(TOKEN[start : start + width] for start in range(0, len(TOKEN), width))


WRITINGS = {
    "as it is": str,
    "python": repr,
    "json": json.dumps,
    "json in python": lambda text: repr(json.dumps({"a": text})),
    "json in json": lambda text: json.dumps(json.dumps({"a": text})),
    "address": quote,
    "form": quote_plus,
    "page": lambda text: text.replace("\n", "&#10;").replace("\xa0", "&nbsp;"),
    "pretty": lambda text: pprint.pformat({"a": text}),
    "sql": lambda text: f"UPDATE x SET y = '{text}' WHERE id = 1",
}


@pytest.mark.parametrize("writing", WRITINGS)
@pytest.mark.parametrize("end", ["", "\n", "\r\n", " \n ", "\t", "\xa0", "\u2028", "  "])
@pytest.mark.parametrize("width", [9, 20, 37, 64])
def test_a_token_is_masked_however_it_is_broken_and_written(writing, end, width):
    masked = mask_tokens(f"before {WRITINGS[writing](pasted(width, end))}, after")
    assert_masked(masked)
    assert masked.startswith("before ")
    assert masked.endswith(", after")


@pytest.mark.parametrize(
    "text",
    [
        TOKEN[:-30],
        PAYLOAD,
        f"{PAYLOAD}.{SIGNATURE}",
        f"Authorization: Bearer {TOKEN}",
        f"\\n{TOKEN}",
        f"b'{TOKEN}'",
        f"https://example.com/?a={TOKEN}&b=1",
    ],
)
def test_parts_of_it_are_masked(text):
    assert_masked(mask_tokens(text))


@pytest.mark.parametrize("piece", [SIGNATURE, f"{PAYLOAD[9:]}.{SIGNATURE}", PAYLOAD[5:60]])
@pytest.mark.parametrize(
    "call",
    [
        "call res.company(1,).write({{'smart_token': {0!r}, 'name': 'x'}})",
        "call res.config.settings().web_save([], {{'smart_token': {0!r}}}, specification={{}})",
        '{{"args": [[1], {{"smart_token": "{0}", "name": "x"}}]}}',
        '{{\\"smart_token\\": \\"{0}\\"}}',
        "write(smart_token={0!r})",
        "search([('smart_token', '=', {0!r})])",
        "search([['smart_token', 'not ilike', {0!r}]])",
        "search([('company_id.smart_token', 'in', [{0!r}])])",
        'UPDATE "res_company" SET "smart_token" = \'{0}\' WHERE id IN (1)',
    ],
)
def test_a_piece_of_it_is_known_by_the_name_of_the_field(call, piece):
    assert_masked(mask_tokens(call.format(piece)))
    assert_masked(mask_tokens(call.format(piece[:20] + "\\n" + piece[20:])))


@pytest.mark.parametrize(
    "text",
    [
        "POST /web/dataset/call_kw/res.company/web_save HTTP/1.1 200",
        "fields: ['smart_token', 'smart_environment'], {'smart_token': {}, 'x': {'fields': {}}}",
        'SELECT "res_company"."smart_token_sealed", "res_company"."name" FROM "res_company"',
        'UPDATE "res_company" SET "smart_token_sealed" = \'gAAAAABo\' WHERE id = 1',
        "{'smart_token': False, 'name': 'Distribuidora'}",
    ],
)
def test_everything_else_stays_as_it_is(text):
    assert mask_tokens(text) == text


def test_what_follows_a_token_stays():
    said = f"call res.company(1,).write({{'smart_token': {TOKEN!r}, 'smart_environment': 'test'}})"
    assert mask_tokens(said) == said.replace(TOKEN, MASK)


def record(message, *args, exc_info=None):
    made = logging.LogRecord("odoo", logging.ERROR, __file__, 1, message, args, exc_info)
    mask_record(made)
    return logging.Formatter("%(message)s").format(made)


def test_the_arguments_of_a_record_are_masked():
    assert_masked(record("call %s(%s)", "write", {"smart_token": TOKEN}))
    assert record("%d calls of %s", 3, "write") == "3 calls of write"
    assert record("100 % as it is") == "100 % as it is"


def test_the_words_of_an_exception_are_masked():
    try:
        raise ValueError(f"Wrong value: {TOKEN}")
    except ValueError as error:
        said = record("went wrong", exc_info=(ValueError, error, error.__traceback__))
    assert_masked(said)
    assert said.startswith("went wrong\nTraceback")


def test_a_record_whose_arguments_do_not_fit_shows_no_token_either(capsys):
    made = logging.LogRecord("odoo", logging.ERROR, __file__, 1, "%s and %s", (TOKEN,), None)
    mask_record(made)
    logging.StreamHandler().handle(made)
    assert_masked(capsys.readouterr().err)

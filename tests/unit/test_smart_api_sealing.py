"""What seals tokens for the database: what opens it, and what does not."""

import subprocess
import sys

import pytest
from cryptography.fernet import Fernet

from smart_api.sealing import Seal, SealError, split_keys

TOKEN = "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJlIG9mIGl0"
PASSPHRASE = "una frase que nadie adivina, ni con «acentos»"


@pytest.mark.parametrize(
    "key", [PASSPHRASE, Fernet.generate_key().decode()], ids=["passphrase", "key"]
)
def test_what_is_sealed_holds_no_part_of_the_text_and_is_opened_by_its_key(key):
    sealed = Seal([key]).seal(TOKEN)
    assert Seal([key]).open(sealed) == TOKEN
    assert not [start for start in range(len(TOKEN) - 5) if TOKEN[start : start + 5] in sealed]


def test_no_two_seals_are_alike():
    seal = Seal([PASSPHRASE])
    assert seal.seal(TOKEN) != seal.seal(TOKEN)


def test_a_passphrase_makes_the_same_key_in_every_process():
    code = f"from smart_api.sealing import Seal; print(Seal([{PASSPHRASE!r}]).seal({TOKEN!r}))"
    sealed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert Seal([PASSPHRASE]).open(sealed) == TOKEN


def test_the_first_key_seals_and_all_open():
    old, new = Seal(["old"]), Seal(["new", "old"])
    sealed = old.seal(TOKEN)
    assert new.open(sealed) == TOKEN
    assert not new.is_current(sealed)
    sealed_anew = new.seal(TOKEN)
    assert new.is_current(sealed_anew)
    assert Seal(["new"]).open(sealed_anew) == TOKEN
    with pytest.raises(SealError):
        old.open(sealed_anew)


@pytest.mark.parametrize("change", [lambda text: text[:-4], lambda text: "x" + text, str.lower])
def test_what_was_damaged_is_not_opened_and_not_quoted(change):
    seal = Seal([PASSPHRASE])
    sealed = change(seal.seal(TOKEN))
    with pytest.raises(SealError) as caught:
        seal.open(sealed)
    assert sealed not in str(caught.value)
    assert not seal.is_current(sealed)


@pytest.mark.parametrize("text", ["", "nonsense", "ñandú", TOKEN])
def test_what_was_never_sealed_is_not_opened(text):
    with pytest.raises(SealError):
        Seal([PASSPHRASE]).open(text)


def test_without_a_key_nothing_is_sealed_or_opened():
    sealed = Seal([PASSPHRASE]).seal(TOKEN)
    nothing = Seal([])
    assert not nothing.is_current(sealed)
    for attempt in (lambda: nothing.seal(TOKEN), lambda: nothing.open(sealed)):
        with pytest.raises(SealError):
            attempt()


@pytest.mark.parametrize(
    ("text", "keys"), [(None, []), ("", []), (" , ", []), ("a", ["a"]), ("new key, old", None)]
)
def test_keys_are_separated_by_commas(text, keys):
    assert split_keys(text) == (keys if keys is not None else ["new key", "old"])


@pytest.mark.parametrize(
    "key",
    ["x" * 44, "=" * 44, "ñ" * 44, Fernet.generate_key().decode()[:-1]],
    ids=["x", "=", "ñ", "a key cut short"],
)
def test_what_only_looks_like_a_key_is_a_passphrase(key):
    assert Seal([key]).open(Seal([key]).seal(TOKEN)) == TOKEN

"""What the chain asks of the owner of a fiscal document. Plain Python.

Only a digest of what the owner says is stored, with the version of what it covers, as
``1:<SHA-256>``: what a later version covers beside must not make all older documents "changed".
"""

import json
from itertools import islice, product
from typing import NamedTuple

from .content import canonical, digest

VERSION = "1"

#: Kinds of records that Odoo merges into one, by the keys under which their ids stand.
MERGED_KEYS = {
    "partner": "res.partner",
    "contact": "res.partner",
    "delivery": "res.partner",
    "account": "account.account",
    "product": "product.product",
}

#: So many combinations of merged records are tried at most.
MOST_TRIES = 1000


class OwnerContent(NamedTuple):
    """What an owner says now.

    ``text`` is a JSON object. ``stands`` tells whether it is in force: posted, not cancelled.
    """

    text: str
    stands: bool

    def digest(self):
        """Return the digest by the present version."""
        return _digest(json.loads(self.text))

    def fits(self, stored, originals):
        """Tell whether it is what a digest was made of; ``None`` if nobody can tell.

        :param str stored: see :meth:`digest`
        :param originals: model -> id -> ids of the records that were merged into that one
        """
        if stored.partition(":")[0] != VERSION:
            return None
        if stored == self.digest():
            return True
        return any(stored == _digest(one) for one in self._as_before(originals))

    def _as_before(self, originals):
        """Yield what the owner would say if the merged records were still those before.

        One that stands in several places was the same one in all: accounts are merged over
        companies, an owner is of one company. Customer, contact and delivery address are mostly
        one, too, so that is tried first: each by itself makes too many combinations of a
        customer that many were merged into.
        """
        content = json.loads(self.text)
        places = [content, *(content.get("lines") or ())]
        found = {
            (key, place[key])
            for place in places
            for key in MERGED_KEYS.keys() & place.keys()
            if place[key] in originals.get(MERGED_KEYS[key], ())
        }
        for kinds in (MERGED_KEYS, {key: key for key in MERGED_KEYS}) if found else ():
            yield from self._with_each(content, found, kinds, originals)

    @staticmethod
    def _with_each(content, found, kinds, originals):
        """Yield the content with each combination of what the merged records were before.

        :param found: (key, id) of the merged records in it
        :param kinds: key -> what it shares with the keys that had the same record before
        """
        before = {
            (kinds[key], record): [record, *originals[MERGED_KEYS[key]][record]]
            for key, record in sorted(found)
        }
        for chosen in islice(product(*before.values()), MOST_TRIES):
            was = dict(zip(before, chosen, strict=True))
            put = [
                {key: was.get((kinds[key], value), value) if key in kinds else value
                 for key, value in place.items()}
                for place in [content, *(content.get("lines") or ())]
            ]  # fmt: skip
            yield {**put[0], "lines": put[1:] or content.get("lines")}


def _digest(content):
    return f"{VERSION}:{digest(canonical(content))}"

"""What the chain asks of the owner of a fiscal document. Plain Python.

Only a digest of what the owner says is stored, with a version, as ``1:<SHA-256>``. The version
tells what the digest covers: a later one may cover more, and older documents must not look changed.
"""

import json
from itertools import islice, product
from typing import NamedTuple

from .content import canonical, digest

VERSION = "1"

#: Keys that hold the id of a record that Odoo can merge, and the model of that record.
MERGED_KEYS = {
    "partner": "res.partner",
    "contact": "res.partner",
    "delivery": "res.partner",
    "account": "account.account",
    "product": "product.product",
}

#: At most this many combinations of merged records are tried.
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
        """Tell whether a digest was made of this content; ``None`` if nobody can tell.

        :param str stored: see :meth:`digest`
        :param originals: model -> id -> ids of the records that were merged into that one
        """
        if stored.partition(":")[0] != VERSION:
            return None
        if stored == self.digest():
            return True
        return any(stored == _digest(one) for one in self._as_before(originals))

    def _as_before(self, originals):
        """Yield what the owner would say with the records from before the merges.

        A record that stands in several places was the same one in all of them: accounts are
        merged across companies, and an owner belongs to one company. Customer, contact and
        delivery address are mostly one record, too, so that is tried first: trying each by itself
        gives too many combinations if many customers were merged into this one.
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
        """Yield the content with each combination of the records from before the merges.

        :param found: (key, id) of the merged records in it
        :param kinds: key -> its group; keys of one group had the same record before
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

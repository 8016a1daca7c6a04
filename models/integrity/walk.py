"""Following a chain from its first link to its last."""

from collections import Counter
from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import fields
from odoo.tools import SQL

from ..base.said import telling
from ..chain import facts
from ..chain.content import GENESIS, VERSION, fingerprint
from ..chain.mark import Marker, Verdict, is_keyed, place_of, said_by
from ..terms import MERGE
from .outside import found_outside
from .rows import Batch
from .rules import Merges, Rules

CHECK_BATCH = 1000

#: The walk ends after this many: repairing begins with these.
MOST_FINDINGS = 20

#: Sealing takes a moment; if a link waits longer, nothing seals it.
LONGEST_WAIT = timedelta(minutes=5)


class Walked(NamedTuple):
    """The result of a walk, with position and fingerprint of the chain's end at that time."""

    checked: int
    findings: list
    uncovered: Counter
    position: int
    hash: str


class Walk:
    """One check of one chain.

    In batches, so that memory stays flat however long the chain is.

    :param chain: ``smart.chain`` in an environment that may read everything
    """

    def __init__(self, chain):
        self._chain = chain
        self.env = chain.env
        self._marker = Marker()
        self._checked = 0
        self._findings = []
        self._uncovered = Counter()
        self._marks = Series(self.env)
        self._seals = Series(self.env)
        self._since = None

    def run(self):
        """Return what was found.

        :rtype: Walked
        """
        self.env.flush_all()
        self._merges = Merges(self._merges_said())
        previous, position, link_id = GENESIS, 0, 0
        while links := self._links_after(position, link_id):
            batch = Batch(self.env, links)
            rules = Rules(self.env, batch, self._merges, self._uncovered)
            for link in links:
                self._find(link, self._out_of_place(link, position + 1, previous))
                if not self._find(link, self._unmarked(link)):
                    self._find(link, self._broken(link, rules))
                position, previous, link_id = link["position"], link["hash"], link["id"]
                self._checked += 1
                if len(self._findings) >= MOST_FINDINGS:
                    return self._walked()
            self.env.invalidate_all(flush=False)
        self._findings += self._end_broken(position, previous)
        self._findings += self._waiting()
        self._findings += found_outside(self._chain, self._since, self._uncovered)
        return self._walked()

    def _walked(self):
        chain = self._chain
        return Walked(
            self._checked, self._findings[:MOST_FINDINGS], self._uncovered, chain.position,
            chain.hash,
        )  # fmt: skip

    def _find(self, link, what):
        """Note what is wrong with a link; tell whether anything is."""
        tell = telling(self.env)
        found = [tell.join(": ", [self._name(link), one]) for one in what]
        self._findings += found
        return bool(found)

    def _links(self, condition, most=CHECK_BATCH):
        self.env.cr.execute(
            SQL(
                "SELECT * FROM smart_chain_link WHERE issuer_id = %s AND environment = %s"
                " AND (%s) ORDER BY position, id LIMIT %s",
                self._chain.issuer_id.id,
                self._chain.environment,
                condition,
                most,
            )
        )
        return self.env.cr.dictfetchall()

    def _links_after(self, position, link_id):
        # Also by the id: positions may no longer be unique.
        return self._links(
            SQL("position >= %s AND (position, id) > (%s, %s) AND position > 0",
                position, position, link_id)
        )  # fmt: skip

    def _merges_said(self):
        links = self._links(SQL("kind = %s AND position > 0", MERGE), most=None)
        said = [link["fact"] for link in Batch(self.env, links).links] if links else []
        return filter(facts.is_readable, said)

    # -- the place in the chain ------------------------------------------------------------

    def _out_of_place(self, link, position, previous):
        """Yield what is wrong with a link's place among its neighbours."""
        if link["position"] != position:
            yield telling(self.env)._(
                "links %(first)s to %(last)s should be before it: they were deleted, or it was "
                "added.",
                first=position,
                last=link["position"] - 1,
            )
        elif link["previous_hash"] != previous:
            yield telling(self.env)._(
                "it does not follow the link before it: one of the two was replaced."
            )
        expected = fingerprint(link["position"], link["previous_hash"], link["content"])
        if link["hash"] != expected:
            yield telling(self.env)._("it does not match its own fingerprint: it was changed.")

    def _unmarked(self, link):
        """Yield what is wrong with a link's mark and seal."""
        if link["rejected_at"]:
            yield telling(self.env)._(
                "it has a place though it was found not to be written by Odoo."
            )
        yield from self._marks.broken(self._marker, link["mark"], said_by(link))
        yield from self._seals.broken(self._marker, link["seal"], place_of(link))
        self._uncovered["mark"] += not link["mark"]
        self._uncovered["key"] += self._marks.unverifiable or self._seals.unverifiable

    def _broken(self, link, rules):
        """Yield what is wrong with what a link says."""
        version, at = link["fact"].get("v"), _moment(link["fact"].get("at"))
        readable = type(version) is int and facts.is_readable(link["fact"])
        if not readable or version < 1 or not (at or version == 1):
            yield telling(self.env)._("it cannot be read.")
        elif version > VERSION:
            yield telling(self.env)._(
                "a newer version of this addon wrote it (%s), which this one does not know: "
                "update the addon.",
                version,
            )
        elif version == 1 and self._since:
            yield telling(self.env)._("an old version of this addon wrote it, after a newer one.")
        else:
            if version > 1 and not self._since:
                self._since = at
            yield from rules.broken(link)

    def _name(self, link):
        """Return how a link and its record are called in messages."""
        tell = telling(self.env)
        record = link["fact"].get("control_number") or (
            f"№ {link['fact']['id']}" if link["fact"].get("id") else ""
        )
        return tell._(
            "Link %(position)s (%(record)s)",
            position=link["position"] or f"№ {link['id']}",
            record=tell.join(
                " ",
                [
                    tell.choice(self.env["smart.chain.link"], "kind", link["kind"]),
                    *filter(None, [record]),
                ],
            ),
        )

    # -- the end ---------------------------------------------------------------------------

    def _end_broken(self, position, previous):
        """Yield how the end of the chain differs from the end that was kept."""
        chain = self._chain
        if position < chain.position:
            yield telling(self.env)._(
                "Links %(first)s to %(last)s at the end of the chain are missing: they were "
                "deleted.",
                first=position + 1,
                last=chain.position,
            )
        elif position > chain.position or previous != chain.hash:
            yield telling(self.env)._(
                "The chain does not end with the fingerprint that was kept of it: links were "
                "added or replaced from outside of Odoo."
            )
        if chain.announced_position > chain.position:
            yield telling(self.env)._(
                "The fingerprint of link %(told)s was sent out, but the chain ends with link "
                "%(last)s: its end was cut off.",
                told=chain.announced_position,
                last=chain.position,
            )

    def _waiting(self):
        """Yield what is wrong with links that have no place yet."""
        links = self._links(SQL("position IS NULL OR position <= 0"))
        if not links:
            return
        waiting = []
        for link in Batch(self.env, links).links:
            wrong = self._marker.judge(link["mark"], said_by(link)) is Verdict.WRONG
            if link["rejected_at"] or wrong or link["position"] is not None:
                yield telling(self.env)._(
                    "%s: it was added from outside of Odoo, and is left out of the chain.",
                    self._name(link),
                )
            else:
                waiting.append(link["create_date"] or datetime.min)
        if waiting and min(waiting) < fields.Datetime.now() - LONGEST_WAIT:
            yield telling(self.env)._(
                "Links that wait to be sealed: %(count)s, since %(since)s, though sealing was just "
                "tried: see the server's log. Until then they can be deleted without a trace.",
                count=len(waiting),
                since=fields.Datetime.to_string(min(waiting)),
            )


class Series:
    """The marks of a chain, or its seals, one after the other.

    Once a link has one, all later links need one. Once one is made with a key, all later ones
    need a key.
    """

    def __init__(self, env):
        self.env = env
        self._begun = self._keyed = self._known = False
        #: Whether the last one cannot be verified here.
        self.unverifiable = False

    def broken(self, marker, mark, said):
        """Yield what is wrong with the next one.

        :param mark: the mark, or nothing
        :param said: what it should be the mark of
        """
        self._begun |= bool(mark)
        verdict = marker.judge(mark, said) if self._begun else Verdict.RIGHT
        self.unverifiable = verdict is Verdict.UNVERIFIABLE
        if verdict is Verdict.WRONG:
            yield telling(self.env)._("it was not written by Odoo.")
        elif self.unverifiable and self._known:
            yield telling(self.env)._(
                "it is marked with another key than the server's, which was in use before."
            )
        elif self._keyed and not is_keyed(mark):
            yield telling(self.env)._(
                "it is marked without the server's key, unlike links before it: somebody else "
                "wrote it, or a server that has lost the key."
            )
        self._keyed |= is_keyed(mark)
        self._known |= is_keyed(mark) and verdict is Verdict.RIGHT


def _moment(text):
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
    except (TypeError, ValueError):
        return None

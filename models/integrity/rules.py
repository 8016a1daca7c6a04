"""What must hold for each link, besides its place: it says what is so, and that was allowed.

A well-formed link proves that code of the addon wrote it. These rules guard against misuse of
that code: an issue needs SMART's answer, another number needs a resolution, and a text that was
removed must have been allowed to go.
"""

from collections import defaultdict
from datetime import datetime, timedelta

from ...smart_api.schemas import tracking_id_of
from ..base.said import telling
from ..chain import anchor as chain_anchor
from ..chain import facts
from ..chain.content import digest, moment
from ..terms import (
    ANNULMENT,
    DECIDED_ANNULLED,
    DECIDED_CONTESTED,
    DECIDED_ISSUED,
    EXCHANGE,
    ISSUE,
    MERGE,
    RESOLUTION,
)
from .words import words_of_changes

#: Younger texts must never be removed, whatever the settings said: three months, less some days
#: because months differ in length, and less one day for a run that takes long.
SHORTEST_RETENTION = timedelta(days=84)


class Rules:
    """The rules for the links of a batch.

    :param env: an environment that may read everything
    :param Batch batch: see ``rows``
    :param merges: see :class:`Merges`
    :param uncovered: counters of what nobody can tell, by reason
    """

    def __init__(self, env, batch, merges, uncovered):
        self.env = env
        self._batch = batch
        self._merges = merges
        self._uncovered = uncovered

    def broken(self, link):
        """Yield in words what is wrong with a link that is in its place."""
        fact = link["fact"]
        target = link["exchange_id"] if link["kind"] == EXCHANGE else link["document_id"]
        about_record = link["kind"] in facts.SAYS
        if (
            (fact.get("kind"), fact.get("issuer"), fact.get("environment"))
            != (link["kind"], link["issuer_id"], link["environment"])
            or (about_record and (fact.get("id"), fact.get("company")) != (
                target, link["company_id"]))
            or (link["exchange_id"] and link["document_id"])
        ):  # fmt: skip
            yield telling(self.env)._("it says something else than what it is filed under.")
            return
        if not about_record:
            yield from self._broken_merge(fact) if link["kind"] == MERGE else ()
            return
        rows = self._batch.exchanges if link["kind"] == EXCHANGE else self._batch.documents
        row = rows.get(target)
        if row is None:
            yield telling(self.env)._("the record was deleted.")
            return
        yield from getattr(self, f"_broken_{link['kind']}")(link, fact, row)

    def _changed(self, link, fact, row):
        """Yield what is no longer as the link says."""
        found = [one for one in facts.changes(link["kind"], fact, row) if self._differ(*one)]
        found = [one for one in found if one[0] != facts.ISSUED_FOR or self._owned(fact)]
        if found:
            yield telling(self.env)._(
                "the record was changed: %s.", words_of_changes(self.env, link["kind"], found)
            )

    def _owned(self, fact):
        """Tell whether there are owners like that of a fact: their addon may be gone."""
        model, _owner_id = facts.owner_of(fact) or ("", 0)
        return self.env["smart.document"]._is_owner(model)

    def _differ(self, key, before, now):
        """Tell whether two values of a key differ; customers that were merged count as one."""
        if key == "partner":
            before, now = (self._merges.now("res.partner", value) for value in (before, now))
        return before != now

    # -- exchanges -------------------------------------------------------------------------

    def _broken_exchange(self, link, fact, row):
        yield from self._changed(link, fact, row)
        for body, expected in (
            (row["request_body"], row["request_hash"]),
            (row["answer_body"], row["answer_hash"]),
        ):
            if body and digest(body) != expected:
                yield telling(self.env)._("the text of the request or of the answer was changed.")
        no_request = row["request_hash"] and not row["request_body"]
        no_answer = row["answer_hash"] and not row["answer_body"]
        if no_request or no_answer:
            yield from self._not_allowed_to_go(row, no_request, no_answer)
        elif row["shortened_at"] or row["shortening_link_id"]:
            yield telling(self.env)._("it is said to be shortened, but has all its texts.")

    def _not_allowed_to_go(self, row, no_request, no_answer):
        """Yield why the texts should still be there: see ``retention``."""
        shortening = self._batch.shortenings.get(row["shortening_link_id"])
        if not shortening or row["id"] not in shortening["exchanges"]:
            yield telling(self.env)._(
                "the text of the request or of the answer was removed, though not by the "
                "retention setting."
            )
            return
        before, at = shortening.get("before") or "", shortening.get("at")
        proof = row["operation"] in ("issue", "annul") and row["outcome"] in (
            "accepted",
            "unknown",
        )
        kept = (
            row["operation"] == "issue"
            and self._batch.kept_requests.get(row["document_id"]) == row["request_hash"]
        )
        if proof and (no_answer or (no_request and not kept)):
            yield telling(self.env)._(
                "the text that proves it was removed; the retention setting never does that."
            )
        elif moment(row["started_at"]) >= before or (
            at and _parse(before) > _parse(at) - SHORTEST_RETENTION
        ):
            yield telling(self.env)._(
                "its texts were removed before the time that they must be kept."
            )
        elif at and moment(row["shortened_at"]) != at:
            yield telling(self.env)._("its texts were removed at another time than the chain says.")

    # -- issues ----------------------------------------------------------------------------

    def _broken_issue(self, link, fact, row):
        yield from self._unproven(link, fact)
        yield from self._issued_anew(link, fact)
        if not self._batch.is_last(link):
            return  # a later link says how it is now
        if self._contested_after(link["document_id"], link["position"]) and not facts.issued(
            row["state"]
        ):
            return  # it is in doubt again
        yield from self._changed(link, fact, row)
        yield from self._owner_broken(fact, row)
        yield from self._anchor_broken(link, row)
        yield from self._number_disputed(link, row)

    def _unproven(self, link, fact):
        """Yield a problem if neither SMART nor a person said that it was issued with its number."""
        number = fact.get("control_number")
        for one in self._batch.evidence[link["document_id"]]:
            if one["position"] > link["position"]:
                continue
            answered = one["operation"] == "issue" and one["control_number"] == number
            if answered and (fact["v"] == 1 or one["request_hash"] == fact.get("request_sha256")):
                return
            if one["operation"] == "resolve" and fact["v"] == 1:
                return
        for one in self._batch.before(link, RESOLUTION):
            said = one["fact"].get("decision"), one["fact"].get("control_number")
            if said == (DECIDED_ISSUED, number):
                return
        yield telling(self.env)._(
            "nothing before it in the chain proves it: no answer of SMART to this request with "
            "this control number, and no resolution by a person."
        )

    def _contested_after(self, document_id, position):
        """Tell whether a person has contested, after an issue was written, what proved it."""
        return any(
            one["position"] and one["position"] > position
            and one["fact"].get("decision") == DECIDED_CONTESTED
            for one in self._batch.history[document_id][RESOLUTION]
        )  # fmt: skip

    def _issued_anew(self, link, fact):
        """Yield a problem if the document was issued before, and this link says something else."""
        issues = self._batch.before(link, ISSUE)
        if not issues:
            return
        previous = issues[-1]["position"]
        if self._contested_after(link["document_id"], previous):
            return  # it was in doubt again, and may have been sent again
        before = self._batch.repeated[previous]
        changed = [
            key
            for key in before.keys() - facts.RESOLVABLE - {"v"}
            if self._differ(key, before[key], fact.get(key))
        ]
        resolved = [one["position"] for one in self._batch.before(link, RESOLUTION)]
        if fact["v"] == 1:
            resolved += [
                one["position"]
                for one in self._batch.evidence[link["document_id"]]
                if one["operation"] == "resolve" and one["position"] < link["position"]
            ]
        if changed or not any(position > previous for position in resolved):
            yield telling(self.env)._(
                "the document was issued already (link %s). Without a resolution by a person it "
                "cannot be recorded again, and with one nothing but control number, moment, "
                "footer and address can change.",
                previous,
            )

    def _owner_broken(self, fact, row):
        """Yield what is wrong with the owner that the document was issued for."""
        model, owner_id = facts.owner_of(fact) or ("", 0)
        if not self._owned(fact):  # not said by version 1; or of an addon that is gone
            self._uncovered["content"] += 1
            return
        content = self._batch.contents.get((model, owner_id))
        if content is None:
            yield telling(self.env)._("what it was issued for was deleted.")
            return
        fits = content.fits(fact.get("content_sha256") or "", self._merges.originals)
        owner = self.env[model].browse(owner_id)
        annulled, done = row["state"] == "annulled", row["annulment_state"] == "done"
        if annulled and done and not owner._smart_cancelled_by_annulling:
            return  # it may have been changed since, for another document
        if fits is False:
            yield telling(self.env)._(
                "%s, its lines, taxes or totals were changed after it was confirmed.",
                owner.display_name,
            )
        elif fits is None:
            self._uncovered["content"] += 1
        # SMART annuls first, Odoo cancels afterwards: in between the owner may stand or not.
        if (annulled and done) if content.stands else not annulled:
            yield telling(self.env)._(
                "%s is not posted or cancelled as its fiscal document says.", owner.display_name
            )

    def _anchor_broken(self, link, row):
        """Yield when what SMART was sent vouches for another history, or another document."""
        tracking = tracking_id_of(row["request_body"])
        anchor = chain_anchor.read(tracking)
        if not anchor:
            owner_id = chain_anchor.owner_by_version_1(tracking)
            named = facts.owner(facts.OWNER_OF_VERSION_1, owner_id)
            if owner_id and row[facts.ISSUED_FOR] != named:
                yield telling(self.env)._("SMART was sent it for another invoice (№ %s).", owner_id)
            return
        position, short, document_id = anchor
        there = self._batch.anchored.get(position, "")
        if document_id != row["id"]:
            yield telling(self.env)._("SMART was sent it for another document (№ %s).", document_id)
        elif position >= link["position"] or not there.startswith(short):
            yield telling(self.env)._(
                "its request to SMART vouches for another history: links up to %s were replaced "
                "since it was sent.",
                position,
            )

    def _number_disputed(self, link, row):
        """Yield a second number that SMART gave but no record shows, or the reverse."""
        numbers = {
            one["control_number"]: one["position"]
            for one in self._batch.evidence[link["document_id"]]
            if one["operation"] == "issue" and one["control_number"]
        }
        other = row["conflicting_number"]
        if other and other not in numbers:
            yield telling(self.env)._("SMART has never answered with the other number %s.", other)
        settled = [
            one["position"]
            for one in self._batch.history[link["document_id"]][RESOLUTION]
            if one["position"]
        ]
        settled += [
            one["position"]
            for one in self._batch.evidence[link["document_id"]]
            if one["operation"] == "resolve"
        ]
        for number, position in numbers.items():
            if number not in (row["control_number"], other) and not any(
                later > position for later in settled
            ):
                yield telling(self.env)._(
                    "SMART has answered with control number %s, too, which stands nowhere.",
                    number,
                )

    # -- what follows ----------------------------------------------------------------------

    def _broken_annulment_request(self, link, fact, row):
        if self._batch.is_last(link):
            yield from self._changed(link, fact, row)

    def _broken_annulment(self, link, fact, row):
        proven = any(
            one["fact"].get("decision") == DECIDED_ANNULLED
            for one in self._batch.before(link, RESOLUTION)
        )
        if not proven and not any(
            one["operation"] == "annul" and one["position"] < link["position"]
            for one in self._batch.evidence[link["document_id"]]
        ):
            yield telling(self.env)._(
                "nothing before it in the chain proves it: SMART has not said that it annulled "
                "the document."
            )
        if self._batch.before(link, ANNULMENT):
            yield telling(self.env)._("the document was annulled before.")
        if self._batch.is_last(link):
            yield from self._changed(link, fact, row)

    def _broken_resolution(self, link, fact, row):
        proof = fact.get("file_sha256"), fact.get("file_size")
        if any(proof) and proof not in self._batch.witnesses[link["document_id"]]:
            yield telling(self.env)._("the printed document that proved it is not there any more.")
        # A document never issued here may have moved to another environment, with its doubts.
        here = (row["issuer_id"], row["environment"]) == (link["issuer_id"], link["environment"])
        issued = self._batch.history[link["document_id"]][ISSUE]
        if (here or issued) and self._batch.is_last(link):
            yield from self._changed(link, fact, row)

    def _broken_file(self, link, fact, row):
        yield from self._changed(link, fact, row)
        if not self._batch.is_last(link):
            return
        files = self._batch.files[link["document_id"]]
        if not files and self._contested_after(link["document_id"], link["position"]):
            return  # of a number that turned out to be another document's
        if not files:
            yield telling(self.env)._("the printed document is gone.")
        elif files != [(fact.get("file_sha256"), fact.get("file_size"))]:
            yield telling(self.env)._(
                "the printed document is not the one that was fetched from SMART."
            )

    def _broken_merge(self, fact):
        """Yield a problem if a record is still there although the link says that it was merged."""
        model = fact.get("model")
        left = model in self.env and self.env[model].browse(fact.get("from") or ()).exists()
        if left:
            yield telling(self.env)._(
                "%s is said to have been merged into another one, but is still there.",
                ", ".join(left.mapped("display_name")),
            )


class Merges:
    """Which records were merged into which, according to a chain.

    :param said: facts of its links, in their order
    """

    def __init__(self, said):
        self._into = {
            (fact.get("model"), gone): fact.get("to")
            for fact in said
            for gone in fact.get("from") or ()
        }
        #: model -> id -> ids of the records that became that one
        self.originals = defaultdict(lambda: defaultdict(list))
        for model, gone in self._into:
            self.originals[model][self.now(model, gone)].append(gone)

    def now(self, model, record_id):
        """Return the id of the record that another one has become."""
        for _merge in self._into:  # never for ever, even if the links say a circle
            if (model, record_id) not in self._into:
                break
            record_id = self._into[model, record_id]
        return record_id


def _parse(text):
    try:
        return datetime.strptime(text or "", "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return datetime.max

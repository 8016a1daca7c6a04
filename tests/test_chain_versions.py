"""Links that an older version has written go on being verified, by what they say themselves."""

import json
import runpy
from pathlib import Path

from odoo.tests import tagged

from ..models.chain import mark as chain_mark
from ..models.chain.content import fingerprint
from ..models.chain.mark import Marker
from .chain_common import ChainCommon

MIGRATIONS = Path(__file__).parents[1] / "migrations"

#: As it stood in the database of a version before this one.
STORED = (
    '{"answer_sha256":"","code":0,"company":1,"document":0,"duration_ms":12,"environment":"custom"'
    ',"http_status":200,"id":7,"issuer":1,"kind":"exchange","message":"","operation":"next_number"'
    ',"outcome":"accepted","reason":"","request_sha256":"ab","started_at":"2026-01-01T12:00:00Z",'
    '"url":"","user":1,"v":1}'
)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestChainVersions(ChainCommon):
    def old_chain(self):
        """Return a document of each kind in a chain of version 1."""
        issued, annulled = (self.document(move) for move in self.issue(2))
        self.annul(annulled)
        resolved = self.doubted()
        resolved._decide_issued("00-00000003", resolved.sent_at, "Seen in the dashboard")
        self.fetch(issued)
        self.make_version_1()
        return issued, annulled, resolved

    def rewrite(self, position, **changes):
        """Change what a link says, and compute the chain anew from there."""
        links = self.links().filtered(lambda one: one.position >= position).sorted("position")
        previous = links[0].previous_hash
        for link in links:
            fact = json.loads(link.content)
            if link == links[0]:
                fact.update(changes)
            content = json.dumps(fact, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            current = fingerprint(link.position, previous, content)
            self.sql(
                "UPDATE smart_chain_link SET content = %s, previous_hash = %s, hash = %s"
                " WHERE id = %s",
                content,
                previous,
                current,
                link.id,
            )
            if link.mark:
                self.sql("SELECT * FROM smart_chain_link WHERE id = %s", link.id)
                mark = Marker([]).mark(chain_mark.said_by(self.env.cr.dictfetchone()))
                self.sql("UPDATE smart_chain_link SET mark = %s WHERE id = %s", mark, link.id)
            previous = current
        self.sql("UPDATE smart_chain SET hash = %s", previous)

    def test_a_chain_of_the_version_before_is_whole_and_goes_on(self):
        self.old_chain()
        self.assertEqual({json.loads(link.content)["v"] for link in self.links()}, {1})
        self.assertFalse(self.finding())
        self.assertIn("Links from before links had marks: ", self.chain.uncovered)
        self.assertIn("invoice itself: 3.", self.chain.uncovered)
        self.assertIn("the chain covered them: 1.", self.chain.uncovered)
        self.issue(1)
        self.assertFalse(self.finding())
        self.assertEqual(json.loads(self.links()[-1].content)["v"], 2)

    def test_a_link_of_the_version_before_reads_as_it_did(self):
        document = self.document()
        self.make_version_1()
        exchange = document.exchange_ids
        [link] = exchange.chain_link_ids
        self.assertEqual(json.loads(STORED).keys(), json.loads(link.content).keys())
        self.assertTrue(link.content.endswith(',"v":1}'))

    def test_what_was_changed_since_is_named_in_a_chain_of_the_version_before(self):
        issued, annulled, resolved = self.old_chain()
        for document, query, words in (
            (issued, "customer_name = 'Nadie'", "Customer's Name"),
            (issued, "amount_total = 1", "Total: 116.00 → 1.00"),
            (annulled, "annulment_reason = 'x'", "Reason of the Annulment"),
            (resolved, "control_number = '00-00000099'", "Control Number"),
        ):
            with self.subTest(query), self.undone():
                self.sql(f"UPDATE smart_document SET {query} WHERE id = %s", document.id)
                finding = self.finding()
                self.assertIn(words, finding)
                self.assertIn(document.control_number[:5], finding)

    def test_invoices_that_were_swapped_are_found_by_what_smart_was_sent(self):
        issued, _annulled, resolved = self.old_chain()
        one, other = issued.move_id.id, resolved.move_id.id
        self.sql("UPDATE smart_document SET move_id = NULL WHERE id = %s", issued.id)
        self.sql("UPDATE smart_document SET move_id = %s WHERE id = %s", one, resolved.id)
        self.sql("UPDATE smart_document SET move_id = %s WHERE id = %s", other, issued.id)
        self.assertIn(f"SMART was sent it for another invoice (№ {one})", self.finding())

    def test_what_a_document_says_besides_is_covered_from_the_upgrade_on(self):
        issued, _annulled, _resolved = self.old_chain()
        new = self.document()
        self.assertFalse(self.finding())
        for query, words in (
            ("annulment_requested_at = now() + interval '1 day'", "annulment was requested"),
            ("resolved_by = 1, resolved_at = now() + interval '1 day'", "it was resolved"),
        ):
            for document in (issued, new):
                with self.subTest((query, document)), self.undone():
                    self.sql(f"UPDATE smart_document SET {query} WHERE id = %s", document.id)
                    self.assertIn(words, self.finding())

    def test_a_key_that_this_version_does_not_know_is_left_alone(self):
        document = self.document()
        self.seal()
        self.rewrite(2, colour="red")
        self.assertFalse(self.finding())
        self.sql("UPDATE smart_document SET amount_total = 1 WHERE id = %s", document.id)
        self.assertIn("Total: 116.00 → 1.00", self.finding())

    def test_a_key_that_an_older_link_does_not_have_is_not_compared(self):
        document = self.document()
        self.seal()
        [link] = document.chain_link_ids
        fact = json.loads(link.content)
        del fact["luxury_tax"], fact["queued_at"]
        self.sql(
            "UPDATE smart_chain_link SET content = %s WHERE id = %s",
            json.dumps(fact, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
            link.id,
        )
        self.rewrite(2)
        self.assertFalse(self.finding())

    def test_a_link_of_a_newer_version_cannot_be_vouched_for(self):
        self.document()
        self.seal()
        self.rewrite(2, v=3)
        self.assertIn("a newer version of this addon wrote it (3)", self.finding())

    def test_what_waits_when_the_addon_is_upgraded_is_sealed_afterwards(self):
        self.old_chain()
        last = self.chain.position
        self.sql(
            "UPDATE smart_chain_link SET position = NULL, previous_hash = NULL, hash = NULL"
            " WHERE position = %s",
            last,
        )
        self.sql(
            "UPDATE smart_chain SET position = %s, hash ="
            " (SELECT hash FROM smart_chain_link WHERE position = %s)",
            last - 1,
            last - 1,
        )
        [script] = MIGRATIONS.glob("*/post-mark_waiting_links.py")
        runpy.run_path(str(script))["migrate"](self.env.cr, "19.0.1.0.0")
        self.assertFalse(self.finding())
        self.assertEqual(self.chain.position, last)

    def test_nobody_goes_back_to_the_version_before(self):
        self.old_chain()
        self.document()
        self.seal()
        self.rewrite(self.chain.position, v=1)
        self.assertIn("an old version of this addon wrote it, after a newer one", self.finding())

    def test_without_a_mark_there_is_no_link_after_the_first_that_has_one(self):
        self.old_chain()
        self.document()
        self.seal()
        self.sql("UPDATE smart_chain_link SET mark = NULL WHERE position = %s", self.chain.position)
        self.assertIn("it was not written by Odoo", self.finding())

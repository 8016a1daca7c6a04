"""What SMART is sent vouches for the whole history before."""

import json
import re

from odoo.tests import tagged

from ..models.chain import anchor as chain_anchor
from ..models.chain.content import GENESIS, fingerprint
from .chain_common import ChainCommon


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestChainAnchors(ChainCommon):
    def tracking(self, document):
        return json.loads(document.request_body)["trackingid"]

    def test_an_anchor_reads_as_it_was_written_and_never_is_too_long(self):
        full = "ab" * 32
        for position in (0, 1, 35, 36, 2**31 - 1):
            anchor = chain_anchor.tracking_id(position, full, 2**31 - 1)
            self.assertLessEqual(len(anchor), 50)
            self.assertEqual(chain_anchor.read(anchor), (position, full[:48], 2**31 - 1))
        for other in ("", "INV/2026/00001 #12", "a.b.c", "x" * 50):
            self.assertIsNone(chain_anchor.read(other))

    def test_each_request_carries_the_head_of_the_chain(self):
        first, second = (self.document(move) for move in self.issue(2))
        self.assertEqual(chain_anchor.read(self.tracking(first)), (0, GENESIS[:48], first.id))
        sealed = self.links().filtered(lambda link: link.position == 2)
        self.assertEqual(chain_anchor.read(self.tracking(second)), (2, sealed.hash[:48], second.id))
        kept = [document["tracking_id"] for document in self.simulator.documents()]
        self.assertEqual(kept, [self.tracking(first), self.tracking(second)])
        self.assertFalse(self.finding())

    def test_a_head_that_was_made_unreadable_stops_no_document(self):
        self.document()
        for head in ("NULL", "'x'", "'00 11'"):
            with self.subTest(head), self.undone():
                self.sql(f"UPDATE smart_chain SET hash = {head}")
                move = self.make_invoice()
                move.action_post()
                self.env.cr.postcommit.clear()
                document = self.document(move)
                document._begin(True)
                anchor = chain_anchor.read(self.tracking(document))
                self.assertEqual(anchor, (0, GENESIS[:48], document.id))

    def test_a_number_that_was_reserved_leaves_with_an_anchor_too(self):
        document = self.doubted()
        self.document()
        self.simulator.reset()
        self.connect(enforce_numbering=False)
        document._decide_not_issued("Not in the dashboard")
        self.assertTrue(document.reserved_sequence)
        self.send_in_background()
        self.assertEqual(document.state, "issued")
        position, _short, _id = chain_anchor.read(self.tracking(document))
        self.assertGreater(position, 0)
        self.assertFalse(self.finding())

    def test_a_history_that_was_computed_anew_is_found_by_what_smart_was_sent(self):
        """By somebody who can compute everything there is in the database."""
        first, second = (self.document(move) for move in self.issue(2))
        self.seal()
        self.sql("UPDATE smart_document SET customer_name = 'Nadie' WHERE id = %s", first.id)
        self.sql("DELETE FROM smart_chain_link")
        self.sql("DELETE FROM smart_chain")
        for document in first, second:
            document.exchange_ids._chain()
            document._chain("issue")
        finding = self.finding()
        self.assertRegex(
            finding,
            f"{re.escape(second.control_number)}.*vouches for another history: links up to 2 were",
        )
        self.assertEqual(len(finding.splitlines()), 1, "all else is right")

    def test_a_request_that_was_sent_for_another_document_is_found(self):
        first, second = (self.document(move) for move in self.issue(2))
        self.seal()
        body = self.tracking(first)
        for table in ("smart_document", "smart_exchange"):
            self.sql(f"UPDATE {table} SET request_body = replace(request_body, %s, %s)",
                     self.tracking(second), body)  # fmt: skip
        self.assertIn(f"SMART was sent it for another document (№ {first.id})", self.finding())

    def test_the_position_of_an_anchor_is_before_the_link(self):
        document = self.document()
        self.seal()
        link = self.links()[-1]
        anchor = chain_anchor.tracking_id(
            2, fingerprint(2, link.previous_hash, link.content), document.id
        )
        self.sql(
            "UPDATE smart_document SET request_body = replace(request_body, %s, %s)",
            self.tracking(document),
            anchor,
        )
        self.assertIn("vouches for another history", self.finding())

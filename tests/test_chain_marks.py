"""Marks: what plain SQL cannot give, and what nobody can who has the database alone."""

import json
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.chain import mark as chain_mark
from ..models.chain.content import fingerprint
from ..models.chain.mark import Marker, Verdict
from ..models.schedule.progress import Progress
from .chain_common import ChainCommon

CHAIN = "odoo.addons.l10n_ve_edi_smart.models.chain.chain"


def key(*secrets):
    """Have the server run with keys, or without."""
    return patch.object(chain_mark, "_configured", lambda: list(secrets))


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestChainMarks(ChainCommon):
    def forge(self, **more):
        """Insert a link by plain SQL that says what an honest one might; return its id."""
        document = self.env["smart.document"].search([], limit=1)
        fact = json.loads(self.links("issue")[0].content) | {"customer_name": "Nadie"}
        values = {
            "issuer_id": self.company.id,
            "company_id": self.company.id,
            "environment": "custom",
            "kind": "issue",
            "document_id": document.id,
            "content": json.dumps(fact, sort_keys=True, separators=(",", ":")),
            **more,
        }
        return self.ask(
            f"INSERT INTO smart_chain_link ({', '.join(values)})"
            f" VALUES ({', '.join(['%s'] * len(values))}) RETURNING id",
            *values.values(),
        )

    # -- links that Odoo has not written ---------------------------------------------------

    @mute_logger(CHAIN)
    def test_a_head_that_somebody_has_emptied_stops_no_document(self):
        self.issue(1)
        self.finding()
        self.sql("UPDATE smart_chain SET position = NULL")
        self.assertEqual(self.issue(1).smart_state, "issued")
        self.env["smart.chain"]._seal_all(self.env.registry)

    @mute_logger(CHAIN)
    def test_an_inserted_link_is_not_sealed_and_stops_no_other(self):
        self.issue(1)
        forged = [self.forge(), self.forge(mark="h1:0"), self.forge(mark="x")]
        self.issue(1)
        self.seal()
        links = self.links()
        rejected = links.filtered("rejected_at")
        self.assertEqual(rejected.ids, forged)
        self.assertFalse(any(rejected.mapped("position")))
        self.assertEqual((links - rejected).mapped("position"), [1, 2, 3, 4])
        finding = self.finding()
        for link in rejected:
            self.assertIn(f"Link № {link.id} (Issue 00-00000001): it was added from", finding)

    @mute_logger(CHAIN)
    def test_an_inserted_link_does_not_keep_an_older_one_from_being_compared(self):
        document = self.document()
        self.seal()
        self.sql("UPDATE smart_document SET customer_name = 'Nadie' WHERE id = %s", document.id)
        self.forge()
        finding = self.finding()
        self.assertIn("Customer's Name: Inversiones La Trinidad, C.A. → Nadie", finding)

    def test_a_link_beside_the_chain_hides_nothing(self):
        """With a place where nobody walks: below the first, or in another chain."""
        document = self.document()
        self.seal()
        exchange = document.exchange_ids
        for place in (
            {"position": -1},
            {"position": 0},
            {"position": 1, "environment": "test"},
        ):
            with self.subTest(place), self.undone():
                self.sql("UPDATE smart_document SET customer_name = 'Nadie'")
                self.forge(**place)
                self.assertIn("Customer's Name", self.finding())
            with self.subTest(place), self.undone():
                link = self.forge(
                    kind="shortening",
                    document_id=None,
                    content=json.dumps(
                        {"exchanges": exchange.ids, "before": "2999-01-01T00:00:00Z", "v": 1}
                    ),
                    **place,
                )
                self.sql(
                    "UPDATE smart_exchange SET answer_body = NULL, shortening_link_id = %s", link
                )
                self.assertIn("not by the retention setting", self.finding())
            with self.subTest(place), self.undone():
                forged = self.ask(
                    "INSERT INTO smart_exchange (issuer_id, company_id, environment, operation,"
                    " outcome, started_at) SELECT issuer_id, company_id, environment, operation,"
                    " outcome, started_at FROM smart_exchange RETURNING id"
                )
                self.forge(kind="exchange", document_id=None, exchange_id=forged, **place)
                self.assertIn(f"Exchange № {forged} has no link", self.finding())
            with self.subTest(place), self.undone():
                self.forge(**place)
                self.run_cron("smart.chain", "_cron_check")
                self.assertTrue(any(self.chain.mapped("broken")))

    @mute_logger(CHAIN)
    def test_who_is_responsible_is_told_of_an_inserted_link_at_once(self):
        self.issue(1)
        self.run_cron("smart.chain", "_cron_seal")
        self.assertFalse(self.chain.activity_ids)
        self.forge(create_date="2020-01-01")
        self.run_cron("smart.chain", "_cron_seal")
        self.assertIn("was added from outside of Odoo", self.chain.activity_ids.note)
        checked_at = self.chain.checked_at
        self.run_cron("smart.chain", "_cron_seal")
        self.assertEqual(self.chain.checked_at, checked_at, "once")

    def test_a_forged_exchange_with_a_link_of_its_own_is_found(self):
        document = self.document()
        exchange = self.ask(
            "INSERT INTO smart_exchange (document_id, issuer_id, company_id, environment,"
            " operation, outcome, started_at, answer_body) SELECT document_id, issuer_id,"
            " company_id, environment, 'annul', 'accepted', started_at, '{}'"
            " FROM smart_exchange WHERE document_id = %s RETURNING id",
            document.id,
        )
        self.assertIn(f"Exchange № {exchange} has no link", self.finding())
        with mute_logger(CHAIN):
            self.forge(kind="exchange", document_id=None, exchange_id=exchange)
            self.assertIn(f"Exchange № {exchange} has no link", self.finding())

    def test_a_sealed_link_that_was_inserted_is_found_though_its_fingerprint_is_right(self):
        """With computing a fingerprint, but not a mark."""
        self.issue(1)
        self.seal()
        last = self.links()[-1]
        link = self.forge(position=3, previous_hash=last.hash)
        content = self.env["smart.chain.link"].sudo().browse(link).content
        current = fingerprint(3, last.hash, content)
        self.sql("UPDATE smart_chain_link SET hash = %s WHERE id = %s", current, link)
        self.sql("UPDATE smart_chain SET position = 3, hash = %s", current)
        self.assertRegex(self.finding(), "Link 3 .*it was not written by Odoo")

    def test_a_link_is_filed_under_what_it_says(self):
        one, other = self.issue(2).smart_document_id.sudo()
        self.seal()
        link = other.chain_link_ids
        self.sql("UPDATE smart_chain_link SET document_id = %s WHERE id = %s", one.id, link.id)
        self.sql(
            "UPDATE smart_chain_link SET mark = %s WHERE id = %s",
            Marker([]).mark(chain_mark.said_by(self.row(link))),
            link.id,
        )
        self.assertIn("something else than what it is filed under", self.finding())

    def row(self, link):
        self.sql("SELECT * FROM smart_chain_link WHERE id = %s", link.id)
        return self.env.cr.dictfetchone()

    def test_what_cannot_be_read_is_named_and_breaks_no_check(self):
        self.issue(1)
        self.seal()
        link = self.links()[-1]
        for content in (
            "",
            "[]",
            '{"v":2}',
            '{"v":true,"at":"2026-01-01T00:00:00Z"}',
            '{"v":2,"at":7,"kind":"issue"}',
            '{"v":2,"at":"2026-01-01T00:00:00Z","kind":"merge","from":["a"],"to":1}',
            '{"v":2,"at":"2026-01-01T00:00:00Z","kind":"issue","id":99999999999999999999}',
            '{"v":2,"at":"2026-01-01T00:00:00Z","kind":"issue","owner":7}',
            '{"v":2,"at":"2026-01-01T00:00:00Z","kind":["issue"]}',
            '{"v":2,"at":"2026-01-01T00:00:00Z","kind":"shortening","before":7}',
        ):
            with self.subTest(content), self.undone():
                self.sql("UPDATE smart_chain_link SET content = %s WHERE id = %s", content, link.id)
                row = self.row(link)
                self.sql(
                    "UPDATE smart_chain_link SET hash = %s, mark = %s WHERE id = %s",
                    fingerprint(link.position, link.previous_hash, content),
                    Marker([]).mark(chain_mark.said_by(row)),
                    link.id,
                )
                self.sql("UPDATE smart_chain SET hash = (SELECT hash FROM smart_chain_link"
                         " WHERE id = %s)", link.id)  # fmt: skip
                self.assertIn("it cannot be read", self.finding())

    # -- what waits ------------------------------------------------------------------------

    def test_what_waits_to_be_sealed_is_told(self):
        document = self.document()
        self.seal()
        self.assertEqual((self.chain.waiting_count, self.chain.waiting_since), (0, False))
        document._chain("issue")
        self.env.flush_all()
        self.assertEqual(self.chain.waiting_count, 1)
        self.assertEqual(self.chain.waiting_since, self.links()[-1].create_date)

    def test_what_a_long_batch_adds_is_sealed_while_it_goes_on(self):
        document = self.document()
        document._chain("issue")
        self.env.flush_all()
        self.assertEqual(self.chain.waiting_count, 1)
        Progress(self.registry, document.lane_id.id)._tell()
        self.assertEqual(self.chain.waiting_count, 0)

    def test_what_people_do_is_sealed_right_after(self):
        document = self.document()
        document.action_fetch_file()
        self.commit()
        self.assertEqual(self.links()[-1].kind, "file")
        self.assertEqual(self.chain.waiting_count, 0)
        self.annul(document)
        self.assertEqual(self.links()[-1].kind, "annulment")
        self.assertEqual(self.chain.waiting_count, 0)

    def test_what_waits_too_long_is_a_finding(self):
        self.issue(1)
        self.env.flush_all()
        self.seal()
        self.sql("UPDATE smart_chain_link SET position = NULL WHERE position = 2")
        self.sql("UPDATE smart_chain SET position = 1, hash = (SELECT hash FROM smart_chain_link"
                 " WHERE position = 1)")  # fmt: skip
        self.assertFalse(self.chain._check().findings)
        self.sql(
            "UPDATE smart_chain_link SET create_date = create_date - interval '10 minutes'"
            " WHERE position IS NULL"
        )
        self.assertIn("Links that wait to be sealed: 1, since", self.chain._check().findings[0])

    # -- keys ------------------------------------------------------------------------------

    def test_a_mark_says_how_it_was_made_and_whether_it_fits(self):
        plain, keyed, rotated = Marker([]), Marker(["one"]), Marker(["two", "one"])
        self.assertTrue(plain.mark("x").startswith("h1:"))
        self.assertTrue(keyed.mark("x").startswith("k1:"))
        for marker in (plain, keyed, rotated):
            self.assertIs(marker.judge(marker.mark("x"), "x"), Verdict.RIGHT)
            self.assertIs(marker.judge(marker.mark("x"), "y"), Verdict.WRONG)
            for wrong in (None, "", "x", "h2:00", "k1:"):
                self.assertIsNot(marker.judge(wrong, "x"), Verdict.RIGHT)
        self.assertIs(plain.judge(keyed.mark("x"), "x"), Verdict.UNVERIFIABLE)
        self.assertIs(keyed.judge(rotated.mark("x"), "x"), Verdict.UNVERIFIABLE)
        self.assertIs(rotated.judge(keyed.mark("x"), "x"), Verdict.RIGHT)

    def test_the_key_comes_from_outside_of_the_database(self):
        with patch.dict("os.environ", {"L10N_VE_EDI_SMART_KEY": "one, two,"}):
            self.assertEqual(chain_mark._configured(), ["one", "two"])
            self.assertTrue(Marker().mark("x").startswith("k1:"))

    def test_with_a_key_marks_and_places_are_proven_and_it_can_be_changed(self):
        self.issue(1)
        self.seal()
        with key("old"):
            self.issue(1)
            self.seal()
            self.assertFalse(self.finding())
        with key("new", "old"):
            self.issue(1)
            self.assertFalse(self.finding())
            self.assertFalse(self.chain.uncovered)
            marks = self.links().mapped("mark")
            self.assertEqual([mark[:2] for mark in marks], ["h1", "h1", "k1", "k1", "k1", "k1"])
            self.assertEqual(self.links().mapped("seal").count(False), 2)
        with key("new"):
            self.assertFalse(self.finding(), "the key before is gone")
            self.assertIn("this server does not have: 2.", self.chain.uncovered)

    def test_without_the_key_marks_cannot_be_verified_and_that_is_said(self):
        with key("secret"):
            self.issue(1)
            self.seal()
        self.assertFalse(self.finding())
        self.assertIn("this server does not have: 2.", self.chain.uncovered)

    def test_who_does_not_have_the_key_can_neither_add_nor_change_nor_move_a_link(self):
        with key("secret"):
            self.issue(3)
            self.seal()
            self.assertFalse(self.finding())
        # Without the key, but with all of the addon's code.
        with self.undone():
            self.document()._chain("issue")
            self.seal()
            with key("secret"):
                self.assertIn("marked without the server's key", self.finding())
        with self.undone():
            # The second document goes, with everything about it, and the chain is computed anew.
            self.sql("DELETE FROM smart_chain_link WHERE position IN (3, 4)")
            previous = self.links()[1].hash
            for position, link in enumerate(self.links()[2:], start=3):
                current = fingerprint(position, previous, link.content)
                self.sql(
                    "UPDATE smart_chain_link SET position = %s, previous_hash = %s, hash = %s"
                    " WHERE id = %s",
                    position,
                    previous,
                    current,
                    link.id,
                )
                previous = current
            self.sql("UPDATE smart_chain SET position = 4, hash = %s", previous)
            with key("secret"):
                self.assertRegex(self.finding(), "Link 3 .*it was not written by Odoo")

    def test_a_server_without_the_key_seals_what_it_cannot_verify(self):
        with key("secret"):
            move = self.make_invoice()
            move.action_post()
            self.env.cr.postcommit.clear()
            document = move.smart_document_id.sudo()
            document._request_annulment("x", False)
            self.env.cr.postcommit.clear()
        self.seal()
        self.assertEqual(self.links().mapped("position"), [1])

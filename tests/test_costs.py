"""What a document costs, in queries and commits: those do not depend on the machine."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tests.test_cursor import TestCursor

from ..models.lane.lock import LaneLock
from ..models.lane.sender import Sender
from .common import SmartCommon

#: To begin: bound how long locks are waited for, choose and lock it, read it and its numbering,
#: write both; all that while the one before is under way. To settle: read it, write it, log the
#: call, and chain the log and the document. (Outside of tests PostgreSQL is also asked for the
#: time, once in each transaction.) One query more is a regression, to be explained here.
QUERIES_A_DOCUMENT = 10
COMMITS_A_DOCUMENT = 2

#: What confirming adds, beside what Odoo's own posting asks. One of them looks for the activity of
#: a draft that could not be confirmed before, which is then closed.
QUERIES_TO_CONFIRM_ONE = 13
QUERIES_TO_CONFIRM_ONE_MORE = 1


@contextmanager
def counted_commits():
    """Give a list that grows by one for each commit that has something to commit."""
    commits = []
    commit = TestCursor.commit

    def counted(cursor):
        if cursor._savepoint:
            commits.append(cursor)
        return commit(cursor)

    with patch.object(TestCursor, "commit", counted):
        yield commits


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestCosts(SmartCommon):
    def queue(self, count):
        """Return documents that wait; nothing sends them by itself."""
        moves = self.env["account.move"].union(*(self.make_invoice() for _n in range(count)))
        moves.action_post()
        self.env.cr.postcommit.clear()
        self.env.flush_all()
        return moves

    def drain(self):
        """Send what waits; return how many queries and commits that took."""
        lane = self.env["smart.lane"].sudo().search([("issuer_id", "=", self.company.id)])
        key = lane._lock_key()
        self.env.flush_all()
        self.env.invalidate_all()
        queries = self.cr.sql_log_count
        with counted_commits() as commits, LaneLock(self.registry, key) as lock:
            Sender(self.registry, self.env.uid, lane.id, lock).run()
        return self.cr.sql_log_count - queries, len(commits)

    def cost_of_sending(self, few, many):
        """Return what one document more costs to send, in queries and commits."""
        moves = self.queue(few)
        base_queries, base_commits = self.drain()
        moves += self.queue(many)
        queries, commits = self.drain()
        self.assertEqual(set(moves.mapped("smart_state")), {"issued"})
        more = many - few
        return (queries - base_queries) / more, (commits - base_commits) / more

    def add_history(self, count):
        """Make issued documents, with their exchanges, as years of work leave them."""
        document = self.queue(1).smart_document_id
        self.drain()
        columns = [
            name
            for name, field in document._fields.items()
            if field.store and field.column_type and name not in ("id", "move_id", "control_number")
        ]
        names = ", ".join(f'"{name}"' for name in columns)
        self.env.cr.execute(
            f"INSERT INTO smart_document ({names}, control_number)"
            f" SELECT {names}, '01-' || lpad(n::text, 8, '0')"
            "   FROM smart_document, generate_series(1, %s) AS n WHERE id = %s",
            (count, document.id),
        )
        self.env.invalidate_all()

    def test_a_document_costs_few_queries_and_two_commits(self):
        self.queue(1)
        self.drain()  # registers the issuer's numbering
        self.assertEqual(self.cost_of_sending(2, 12), (QUERIES_A_DOCUMENT, COMMITS_A_DOCUMENT))

    def test_a_document_costs_the_same_with_a_long_history(self):
        self.add_history(2000)
        self.assertEqual(self.cost_of_sending(2, 7), (QUERIES_A_DOCUMENT, COMMITS_A_DOCUMENT))

    def cost_of_confirming(self, count, enabled):
        """Return the queries of posting ``count`` drafts from a cold cache, and of no sending."""
        moves = self.env["account.move"].union(*(self.make_invoice() for _n in range(count)))
        moves.journal_id.smart_enabled = enabled
        self.env.flush_all()
        self.env.invalidate_all()
        queries = self.cr.sql_log_count
        moves.action_post()
        self.env.flush_all()
        queries = self.cr.sql_log_count - queries
        self.assertEqual(moves.mapped("smart_state"), ["queued" if enabled else False] * count)
        self.env.cr.postcommit.clear()
        moves.journal_id.smart_enabled = True
        return queries

    def test_confirming_adds_a_handful_of_queries_however_many_documents(self):
        for enabled in (True, False):  # what is loaded once: sequences, parameters
            self.cost_of_confirming(1, enabled)
        added = {
            count: self.cost_of_confirming(count, True) - self.cost_of_confirming(count, False)
            for count in (1, 11)
        }
        self.assertLessEqual(added[1], QUERIES_TO_CONFIRM_ONE)
        self.assertLessEqual((added[11] - added[1]) / 10, QUERIES_TO_CONFIRM_ONE_MORE)

"""Whoever waits after a commit: few at a time, and nobody for nothing."""

import threading
from contextlib import ExitStack, contextmanager

from odoo.tests import BaseCase, tagged

from ..models.base import few_at_once


class Registry:
    """Counts the cursors that are open at the same time."""

    def __init__(self):
        self._lock = threading.Lock()
        self.open = self.most = 0

    @contextmanager
    def cursor(self):
        with self._lock:
            self.open += 1
            self.most = max(self.most, self.open)
        yield self
        with self._lock:
            self.open -= 1


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestFewAtOnce(BaseCase):
    def test_connections_beside_those_of_requests_are_few_and_everybody_gets_a_turn(self):
        registry, done = Registry(), []
        at_once = threading.Barrier(few_at_once.ASIDE)

        def work():
            with few_at_once.aside(registry):
                at_once.wait(timeout=60)  # as many as may be are there together
                done.append(True)

        threads = [threading.Thread(target=work) for _n in range(3 * few_at_once.ASIDE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        self.assertEqual(len(done), len(threads))
        self.assertEqual(registry.most, few_at_once.ASIDE)

    def test_who_comes_when_all_places_are_taken_does_not_wait(self):
        with ExitStack() as stack:
            places = [
                stack.enter_context(few_at_once.place_to_wait())
                for _n in range(few_at_once.WAITING)
            ]
            self.assertTrue(all(places))
            with few_at_once.place_to_wait() as admitted:
                self.assertFalse(admitted)
        with few_at_once.place_to_wait() as admitted:
            self.assertTrue(admitted)

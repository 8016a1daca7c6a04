"""The responsible person: looks at the queue all the time, and presses “Try again now”."""

import threading
from collections import Counter

from .said import in_english

#: How often somebody looks whether the queue has stopped.
LOOK_SECONDS = 0.3

LANES = """
    SELECT id, blocked, coalesce(reason, ''), paused_until,
           coalesce(paused_until > now() AT TIME ZONE 'UTC', false)
      FROM smart_lane
"""


class Person:
    """A thread that resumes what has stopped, and notes what it saw.

    Somebody has to act for a queue that is blocked. Pauses are ended only at first, so that
    nobody waits for them; once :meth:`leave_pauses` was called they must end by themselves.

    :param database: to read from, by this thread alone
    :param call: calls a method on a server: ``call(model, method, ids)``
    """

    def __init__(self, database, call):
        self._database = database
        self._call = call
        self._ending = threading.Event()
        self._leaving = threading.Event()
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._look_all_the_time, daemon=True)
        self._blocked = {}
        self._waiting = {}
        self.pressed = 0
        #: How often a queue was found blocked, by reason.
        self.blocks = Counter()
        #: Pauses that were seen, and that ended, since nobody ends them.
        self.pauses_left = self.pauses_ended = 0

    def start(self):
        self._thread.start()

    def stop(self):
        self._ending.set()
        self._thread.join()

    def leave_pauses(self):
        """Resume everything once more; from then on pauses must end by themselves."""
        self._leaving.set()
        while not self._left.wait(1) and self._thread.is_alive():
            pass

    def _look_all_the_time(self):
        while not self._ending.wait(LOOK_SECONDS):
            self.look()
        self._database.close()

    def look(self):
        """Look at every queue once, and press where that is to be done."""
        lanes = self._database.rows(LANES)
        leaving = self._leaving.is_set() and not self._left.is_set()
        stopped = []
        for lane, blocked, reason, until, waits in lanes:
            self._note_block(lane, blocked and in_english(reason))
            self._note_pause(lane, waits and until)
            if blocked or leaving or (waits and not self._left.is_set()):
                stopped.append(lane)
        if (not stopped or self._press(stopped)) and leaving:
            self._left.set()

    def _note_block(self, lane, reason):
        if reason is not False and self._blocked.get(lane) != reason:
            self.blocks[reason] += 1
        self._blocked[lane] = None if reason is False else reason

    def _note_pause(self, lane, until):
        """Count pauses, each of which has another end."""
        if not self._left.is_set():
            return
        before, self._waiting[lane] = self._waiting.get(lane), until
        if until != before:
            self.pauses_ended += bool(before)
            self.pauses_left += bool(until)

    def _press(self, lanes):
        """Return whether the button was pressed: no server may be there to press it on."""
        try:
            self._call("smart.lane", "action_resume", lanes)
        except Exception:  # killed while it answered, and whatever that leads to
            return False
        self.pressed += 1
        for lane in lanes:
            # What stops again from here on is new; what was ended did not end by itself.
            self._blocked.pop(lane, None)
            self._waiting.pop(lane, None)
        return True

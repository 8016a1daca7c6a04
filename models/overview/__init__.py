"""What waits, what needs a person and what has stopped, on the cards of the journals."""

from . import lane
from . import lane_outage
from . import account_journal

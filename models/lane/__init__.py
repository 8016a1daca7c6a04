"""Sending: an issuer's queue, its lock, and the steps that issue each document exactly once."""

from . import lane
from . import document_queue
from . import document_owner
from . import document_sending
from . import document_keep
from . import confirming
from . import lane_notices
from . import lane_progress
from . import smart_settings

"""A shop, and by what channel its sales become fiscal documents."""

from . import account_journal
from . import pos_config
from . import pos_order
from . import pos_order_server
from . import pos_session

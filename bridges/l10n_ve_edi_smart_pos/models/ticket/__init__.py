"""Tickets with their numbers, what waits, mails asked for, and the page behind the code."""

from . import account_move
from . import pos_config
from . import pos_order_mail
from . import pos_order_self_service
from . import pos_order_ticket

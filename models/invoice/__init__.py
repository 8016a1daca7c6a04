"""The invoice as the owner of a fiscal document: confirming, notes, resetting, sending."""

from . import account_move
from . import account_move_check
from . import account_move_deferred
from . import account_move_free
from . import account_move_line
from . import account_move_note
from . import account_move_paper
from . import account_move_payments
from . import account_move_prints
from . import account_move_reversed
from . import account_move_send
from . import account_move_send_later
from . import account_move_withdraw
from . import account_partial_reconcile
from . import account_move_content

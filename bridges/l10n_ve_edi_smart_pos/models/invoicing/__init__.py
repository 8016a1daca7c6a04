"""Which documents an order becomes; after the money nothing is refused any more."""

from . import account_move
from . import account_move_annulment
from . import account_move_draft
from . import pos_order
from . import pos_order_paid
from . import pos_order_rounding
from . import pos_session

from . import account_move_payments
from . import account_move_rounding
from . import account_move_free
from . import account_move_sources
from . import pos_order

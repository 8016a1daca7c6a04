from . import account_move_payments
from . import account_move_rounding
from . import account_move_free

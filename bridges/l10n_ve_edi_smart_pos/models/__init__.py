from . import account_move_rounding

from . import account_move_free

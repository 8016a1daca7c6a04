from . import account_move_payments

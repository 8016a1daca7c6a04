from . import account_move_sources
from . import pos_order

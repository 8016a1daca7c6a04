from . import account_move_sources
from . import sale_order_notes

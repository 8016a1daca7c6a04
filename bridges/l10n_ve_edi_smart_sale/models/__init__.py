from . import account_move_payments
from . import account_tax
from . import account_move_free
from . import sale_order
from . import account_move_sources
from . import sale_order_notes

from . import account_tax
from . import sale_order_line
from . import sale_order
from . import account_move

from . import account_move_sources
from . import pos_order_documents
from . import pos_order_returns
from . import pos_order_values

from . import account_tax
from . import sale_order_free

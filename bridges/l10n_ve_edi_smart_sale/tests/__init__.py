from . import test_totals
from . import test_free_orders

from . import test_free_orders

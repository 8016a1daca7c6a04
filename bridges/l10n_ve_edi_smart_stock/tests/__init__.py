from . import test_deliveries
from . import test_delivery_chain
from . import test_delivery_payloads
from . import test_random_deliveries

from . import test_cards
from . import test_exchanges

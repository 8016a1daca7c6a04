from . import test_cards

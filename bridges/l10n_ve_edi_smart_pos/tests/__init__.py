from . import test_rounding

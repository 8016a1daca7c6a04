from . import test_attack_fiscal_data
from . import test_fiscal_data

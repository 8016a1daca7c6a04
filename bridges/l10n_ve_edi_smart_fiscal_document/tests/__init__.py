from . import test_fiscal_data

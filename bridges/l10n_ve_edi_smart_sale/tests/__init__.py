from . import test_forms_of_payment
from . import test_order_texts
from . import test_totals
from . import test_free_orders
from . import test_notes
from . import test_contingency

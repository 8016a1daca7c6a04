from . import test_deliveries
from . import test_guides_and_invoices
from . import test_guides_named
from . import test_guides_to_invoice
from . import test_rights
from . import test_roads
from . import test_in_doubt

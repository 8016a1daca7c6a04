from . import test_deliveries
from . import test_rights
from . import test_roads
from . import test_in_doubt

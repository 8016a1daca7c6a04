from . import test_deliveries
from . import test_mails
from . import test_prints
from . import test_worker_rights

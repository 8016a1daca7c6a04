from . import test_confirming
from . import test_sending
from . import test_settings
from . import test_taxes
from . import test_locks
from . import test_conversion
from . import test_payload_amounts
from . import test_payload_properties

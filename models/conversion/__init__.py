"""From an owner to SMART's request, exactly, or to every problem with its cure."""

from . import payload
from . import payload_document
from . import payload_customer
from . import payload_currency
from . import payload_rate
from . import payload_amounts
from . import payload_lines
from . import payload_rules
from . import document
from . import document_owner

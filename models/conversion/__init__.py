"""From an owner to SMART's request, exactly, or to every problem with its cure."""

from . import payload
from . import payload_document
from . import payload_customer
from . import payload_currency
from . import payload_amounts
from . import payload_lines
from . import payload_rules
from . import payload_note
from . import document
from . import document_owner
from . import account_move
from . import account_move_former
from . import account_move_origin
from . import account_move_items
from . import account_move_cents
from . import account_move_total
from . import account_move_rounding
from . import account_move_line
from . import account_move_free
from . import account_tax

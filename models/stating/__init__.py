"""What an invoice states, to be converted: lines, taxes, the total, and what it corrects."""

from . import payload_note
from . import account_move
from . import account_move_former
from . import account_move_origin
from . import account_move_items
from . import account_move_cents
from . import account_move_total
from . import account_move_rounding
from . import account_move_line
from . import account_move_free
from . import account_move_rate
from . import account_move_paper
from . import account_tax

"""Where nothing electronic works: documents on numbered paper, each sheet accounted for."""

from . import pad
from . import pad_sheets
from . import sheet
from . import sheet_words
from . import account_move
from . import account_move_sheets
from . import account_move_numbers
from . import account_move_amounts
from . import account_journal

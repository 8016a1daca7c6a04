"""An issued invoice is known by its legal number, whatever Odoo calls it in its sequence.

Odoo's own name stays as it is: sequences, hashes and unique names are built on it, and to rewrite
it, with every line that repeats it, would collide with whoever pays the invoice just then.
"""

from . import account_move
from . import account_move_line
from . import account_move_reference
from . import account_payment

"""What is told before the money: of customer, lines, and what is left to be taken back."""

from . import account_tax
from . import pos_order_check
from . import pos_order_left
from . import pos_order_returns

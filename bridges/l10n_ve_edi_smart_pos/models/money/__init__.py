"""Foreign currency, the rate of the day, the IGTF, and change at the till."""

from . import pos_config
from . import pos_order_amounts
from . import pos_order_by_hand
from . import pos_order_igtf
from . import pos_order_payments
from . import pos_payment
from . import pos_payment_method

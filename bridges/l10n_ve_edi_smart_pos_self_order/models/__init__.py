from . import ir_http
from . import pos_order
from . import pos_payment_method

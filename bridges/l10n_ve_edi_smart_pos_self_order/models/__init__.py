from . import ir_http
from . import pos_order

from . import pos_make_invoice
from . import pos_make_payment

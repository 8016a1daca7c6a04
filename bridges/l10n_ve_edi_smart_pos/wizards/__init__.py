from . import pos_make_invoice

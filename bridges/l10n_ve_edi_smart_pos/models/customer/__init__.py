"""Who buys: found by cédula or RIF, made at the counter, typed without a connection."""

from . import pos_config
from . import pos_order
from . import problem
from . import res_company
from . import res_partner

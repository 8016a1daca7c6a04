from . import account_move
from . import edoc_provider
from . import res_company

from . import smart_preflight
from . import smart_igtf
from . import base_partner_merge
from . import smart_email
from . import smart_note
from . import smart_annul
from . import smart_resolve
from . import validate_account_move

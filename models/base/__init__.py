"""The base of all rooms: who may write, what nobody may change, work after a commit."""

from . import own_defaults
from . import record
from . import lock
from . import res_company_actions

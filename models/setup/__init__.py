"""Setting it up: a checklist that leads through it, what is wrong, and asking SMART if it works."""

from . import res_company
from . import res_company_steps
from . import res_company_links
from . import account_journal
from . import lane
from . import smart_settings

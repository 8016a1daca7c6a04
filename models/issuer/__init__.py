"""The company that issues: its RIF, its token and address at SMART, taxes, journals, settings."""

from . import token_key
from . import res_company
from . import res_company_token
from . import res_company_credentials
from . import res_company_responsible
from . import res_company_documents
from . import smart_settings
from . import smart_settings_credentials
from . import res_partner
from . import res_partner_identification
from . import account_journal
from . import account_journal_first
from . import uom_uom
from . import l10n_latam_identification_type

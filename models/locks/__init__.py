"""The records behind an issued document stay: invoice, lines, taxes, files, master data."""

from . import document_owner
from . import account_move
from . import account_move_line
from . import account_tax
from . import ir_attachment
from . import ir_module_module
from . import master_data
from . import res_company
from . import res_company_rif

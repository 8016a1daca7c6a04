"""What Odoo itself prints of a fiscal document, and when SMART's own print takes its place."""

from . import document
from . import document_owner
from . import ir_actions_report

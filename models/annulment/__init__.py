"""Annulling: at SMART first, then in Odoo's books."""

from . import document
from . import lane
from . import document_owner
from . import account_move

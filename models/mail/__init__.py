"""SMART e-mails an issued document to the customer."""

from . import email
from . import document
from . import document_owner
from . import account_move_mail
from . import account_move_send

"""The fiscal document as a record: number, amounts, file, what SMART said, how it is found."""

from . import numbering
from . import numbering_words
from . import exchange
from . import exchange_words
from . import document
from . import document_owner
from . import document_owner_fields
from . import account_move
from . import document_numbers
from . import links
from . import document_amounts
from . import document_file
from . import document_footer
from . import document_lookup
from . import document_words

from . import test_closing
from . import test_forms_of_payment
from . import test_mails
from . import test_rounding
from . import test_ticket_page
from . import test_tickets
from . import test_notes

from . import test_closing
from . import test_till_igtf
from . import test_forms_of_payment
from . import test_left
from . import test_mails
from . import test_random_till
from . import test_rounding
from . import test_notes

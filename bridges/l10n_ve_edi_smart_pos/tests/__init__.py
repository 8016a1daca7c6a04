from . import test_forms_of_payment

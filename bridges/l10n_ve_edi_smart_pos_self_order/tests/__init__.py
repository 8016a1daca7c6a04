from . import test_attack_phone
from . import test_kiosk

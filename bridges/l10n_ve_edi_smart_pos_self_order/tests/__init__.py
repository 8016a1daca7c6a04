from . import test_kiosk

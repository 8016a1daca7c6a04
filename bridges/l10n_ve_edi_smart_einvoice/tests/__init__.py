from . import test_attack_provider
from . import test_provider

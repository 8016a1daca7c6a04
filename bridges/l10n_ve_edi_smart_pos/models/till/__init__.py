"""What tills load, hand in, and are set up with: the rooms above, in order."""

from . import pos_config
from . import pos_order
from . import res_config_settings

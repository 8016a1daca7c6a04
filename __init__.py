from .log_record import install as mask_tokens_in_the_log
from . import controllers
from . import models
from . import wizards
from . import report
from .hooks import post_init_hook, uninstall_hook

mask_tokens_in_the_log()

"""In rooms. Each uses those above it, by import and by call; see docs/architecture.md."""

from . import base
from . import issuer
from . import chain
from . import document
from . import conversion
from . import lane
from . import annulment
from . import resolving
from . import mail
from . import schedule
from . import locks
from . import invoice
from . import integrity
from . import auditor

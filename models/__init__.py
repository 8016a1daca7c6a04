"""Rooms: each imports and calls only the rooms above it; see docs/architecture.md."""

from . import base
from . import issuer
from . import taxes
from . import chain
from . import document
from . import conversion
from . import contingency
from . import stating
from . import lane
from . import annulment
from . import resolving
from . import mail
from . import witness
from . import paper
from . import schedule
from . import locks
from . import naming
from . import invoice
from . import overview
from . import setup
from . import integrity
from . import auditor

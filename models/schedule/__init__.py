"""What the scheduled action, and the moment after a commit, do in which order."""

from . import lane
from . import annulling

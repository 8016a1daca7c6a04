"""What the scheduled action does in the background, and in which order."""

from . import lane
from . import annulling

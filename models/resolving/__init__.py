"""A person settles what the service did not: documents in doubt, and where numbers stand."""

from . import document
from . import document_recording
from . import document_owner
from . import lane
from . import numbering

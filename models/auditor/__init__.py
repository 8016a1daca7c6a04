"""An auditor of the tax authority sees everything and changes nothing."""

from . import auditor
from . import rights
from . import calls

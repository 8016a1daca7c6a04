"""What the scheduled actions do: each issuer's own ones, and the one that looks after those."""

from . import lane
from . import annulling
from . import res_company

"""Rooms: each imports and calls only the rooms above it; see README.md."""

from . import shop
from . import customer
from . import money
from . import invoicing
from . import check
from . import ticket
from . import closing
from . import till

"""What happened, written down so that a change is noticed: links, digests, marks."""

from . import chain
from . import chain_link

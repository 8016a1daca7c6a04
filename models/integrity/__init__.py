"""The chain is walked and checked against the books; old exchanges are shortened."""

from . import chain_check
from . import retention

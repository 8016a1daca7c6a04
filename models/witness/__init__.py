"""The printed document as a witness: it settles a doubt by itself, and a person may contest it."""

from . import witness
from . import document
from . import document_deciding
from . import document_sequence

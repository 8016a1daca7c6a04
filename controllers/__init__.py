from . import portal
from . import spreadsheet
from . import smart_book

from . import external_api
from . import spreadsheet
from . import smart_book

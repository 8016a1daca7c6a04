from . import external_api
from . import spreadsheet

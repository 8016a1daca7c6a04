from . import smart_book_rows
from . import smart_book_ledger
from . import smart_book_gaps
from . import smart_book_xlsx
from . import smart_book_content
from . import smart_book_paper
from . import smart_contingency_report

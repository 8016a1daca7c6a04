"""The evening: the session's report, and closing beside what waits."""

from . import pos_order_overview
from . import pos_session
from . import report_sale_details

"""The taxes that are SMART's rates: of which kind each is, and those of the chart of accounts."""

from . import account_tax
from . import res_company_taxes
from . import account_chart_template

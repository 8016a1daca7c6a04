"""``python -m lab.devtools``, which is what ``./dev`` runs."""

import sys

from .cli import main

sys.exit(main())

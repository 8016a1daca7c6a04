from . import test_jobs
from . import test_jobs_coming_back
from . import test_safety_net

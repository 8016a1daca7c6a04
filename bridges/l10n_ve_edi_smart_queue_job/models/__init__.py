from . import smart_lane

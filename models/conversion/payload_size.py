from itertools import accumulate

from odoo import api, models
from odoo.tools import format_list

from ...smart_api import texts
from ...smart_api.schemas import MAX_BODY_BYTES

#: How many of the longest lines are named.
NAMED = 3


class SmartPayload(models.AbstractModel):
    """The size: SMART's web server does not read a body of more bytes than it takes."""

    _inherit = "smart.payload"

    @api.model
    def _check_size(self, conversion):
        """Note if the request is too large, and how much of it would not be."""
        size = conversion.request.largest_body()
        if size <= MAX_BODY_BYTES:
            return
        conversion.problem_of_owner(
            "lines",
            self.env._(
                "The document is too large for SMART: it takes %(size)s bytes, and SMART reads "
                "%(limit)s at most.",
                size=size,
                limit=MAX_BODY_BYTES,
            ),
            self._cure_of_size(conversion.request, size),
        )

    @api.model
    def _cure_of_size(self, request, size):
        """Return how to divide a request, and where shortening is enough, what to shorten."""
        lines = request.lines
        sizes = [len(line.to_json().encode()) + 1 for line in lines]  # one for the comma
        ends = accumulate(sizes, initial=size - sum(sizes))
        fitting = sum(end <= MAX_BODY_BYTES for end in ends) - 1
        divide = self.env._(
            "Divide it into several documents: its first %s lines fit into one.", fitting
        )
        over = size - MAX_BODY_BYTES
        said = [len(f"{line.description}{line.comment}".encode()) for line in lines]
        if over > sum(said) / 2:
            return divide  # what is left of its texts would say nothing
        longest = sorted(range(len(lines)), key=said.__getitem__, reverse=True)[:NAMED]
        names = [
            self.env._(
                "%(number)s (“%(name)s”)",
                number=index + 1,
                name=texts.shorten(lines[index].description, 30),
            )
            for index in sorted(longest)
        ]
        shorten = self.env._(
            "Or shorten its texts by %(over)s bytes: a letter is one, with an accent two, an emoji "
            "four. The longest are those of the lines %(names)s.",
            over=over,
            names=format_list(self.env, names),
        )
        return f"{divide} {shorten}"

"""What the command says: one line a step, one sentence for a failure."""

import sys


class Failure(Exception):  # noqa: N818 - it is what the user reads, not a programming error
    """Something that the user can mend: what is wrong, and the cure."""

    def __init__(self, sentence, cure=""):
        """Keep both parts.

        :param str sentence: what is wrong, without a final full stop
        :param str cure: what to do, as an order, without a final full stop
        """
        super().__init__(sentence)
        self.sentence = sentence.rstrip(".")
        self.cure = cure.rstrip(".")

    def __str__(self):
        """Return both parts as one sentence."""
        return f"{self.sentence}; {self.cure}." if self.cure else f"{self.sentence}."


def step(message):
    """Announce a step that starts now, or that turned out to be done already."""
    print(f"→ {message}", flush=True)


def headline(message):
    """Open a larger part of the run."""
    print(f"\n== {message} ==", flush=True)


def line(message=""):
    """Print a plain line."""
    print(message, flush=True)


def warn(message):
    """Tell of something that goes on working, but less well."""
    print(f"! {message}", file=sys.stderr, flush=True)


def fail(message):
    """Print the one line of a failure."""
    print(f"dev: {message}", file=sys.stderr, flush=True)


def table(headers, rows, right=()):
    """Return rows as text columns, under headers and a rule.

    :param list headers: column titles
    :param list rows: lists of values, as long as the headers
    :param right: indexes of the columns to align right
    """
    cells = [[("" if value is None else str(value)) for value in row] for row in rows]
    widths = [
        max([len(title)] + [len(row[index]) for row in cells])
        for index, title in enumerate(headers)
    ]

    def join(row):
        return "  ".join(
            value.rjust(width) if index in right else value.ljust(width)
            for index, (value, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()

    return "\n".join([join(headers), join(["-" * width for width in widths]), *map(join, cells)])

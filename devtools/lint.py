"""``./dev lint``: every check that needs no test."""


def checks(bench, database):
    """Run all checks."""
    return {}

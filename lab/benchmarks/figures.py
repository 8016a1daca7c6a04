"""Figures: a name, a value, a unit, and the goal that it has to reach, if there is one."""

GOALS = {"<=": lambda value, bound: value <= bound, ">=": lambda value, bound: value >= bound}
SIGNS = {"<=": "≤", ">=": "≥"}


def met(figure):
    """Tell whether a figure reaches its goal; ``None`` when it has none."""
    if not figure.get("goal"):
        return None
    sign, bound = figure["goal"]
    return GOALS[sign](figure["value"], bound)


def lines(figures):
    """Return the figures as text, one a line, the goal beside each."""
    width = max(len(figure["name"]) for figure in figures)
    for figure in figures:
        line = f"{figure['name']:<{width}}  {figure['value']:>10.3f} {figure['unit']:<17}"
        if figure.get("spread"):
            line += "  [{:.3f} – {:.3f}]".format(*figure["spread"])
        if figure.get("goal"):
            sign, bound = figure["goal"]
            line += f"  goal {SIGNS[sign]} {bound}: {'reached' if met(figure) else 'MISSED'}"
        yield line.rstrip()

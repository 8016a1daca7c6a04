"""Pictures of the main screens for the guide: ``./dev screenshots``.

``world`` makes the company that they show, ``shots`` says what is on each, ``fingerprints`` tells
which of them what they show has left behind; ``python -m lab.pictures`` takes them.
"""

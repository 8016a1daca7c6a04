"""A stand-in for the web service of SMART, for demos, tests and fault injection.

Run it with ``python -m lab.simulator``. It is built from the description of the wire
only and shares no code with the addon, so that agreeing with it proves something.
"""

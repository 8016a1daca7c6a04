"""What proves the addon and works on it: the addon itself needs none of this.

``simulator`` stands in for the service, ``chaos`` and ``benchmarks`` put the addon to the test,
``devtools`` is what ``./dev`` runs.
"""

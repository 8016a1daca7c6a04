"""The ``./dev`` command: sets a real Odoo up in a cache folder and works with it.

Standard library only, because it runs before anything is installed.
"""

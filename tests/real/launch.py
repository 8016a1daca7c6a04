"""Odoo's command line as a file of its own: ``python -m odoo`` cannot start the evented server.

A server with workers starts that one by the path of the program that it was started with.
"""

import odoo.cli

if __name__ == "__main__":
    odoo.cli.main()

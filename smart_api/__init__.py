"""The SMART service's wire, in plain Python: nothing in here knows Odoo.

``schemas`` says what a request and an answer look like, ``amounts`` how the service
computes, ``credentials`` what a token tells, ``client`` how a call ends in one of the
four ``outcomes``.
"""

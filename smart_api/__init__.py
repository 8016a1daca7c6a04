"""The SMART service's wire, in plain Python: nothing in here knows Odoo.

``schemas`` says what a request looks like and ``answers`` what comes back, ``amounts`` how
the service computes, ``credentials`` what a token tells, ``addresses`` which addresses are
used, ``client`` how a call over a ``transport`` ends in one of the four ``outcomes``,
``refusals`` what a no means, and ``doubts`` what to do where nobody said yes or no.
"""

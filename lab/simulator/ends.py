"""How a call ends that is neither done nor refused."""


class BadRequestError(Exception):
    """The service stumbles over the request and says so: HTTP 400 in plain text."""


class FatalRequestError(Exception):
    """The request is one of those that kill the process of the real service."""

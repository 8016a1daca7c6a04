"""What an auditor calls from outside: methods that read, in transactions that cannot write."""

import logging

from psycopg2.errors import ReadOnlySqlTransaction

from odoo import models
from odoo.exceptions import AccessError
from odoo.http import request

from .auditor import READING_METHODS, is_readable, methods_of_auditor

_logger = logging.getLogger(__name__)

#: Bundles of scripts and styles: the first request for one stores it, also an auditor's.
ASSETS = "/web/assets/"


def make_read_only(cr):
    """Have PostgreSQL refuse every write until the transaction of ``cr`` ends."""
    cr.execute("SET TRANSACTION READ ONLY")


def check_call(env, model, method):
    """Allow or refuse a remote call of an auditor.

    :param env: of the auditor
    :returns: whether it may write: own account, or a wizard that only reads
    :raises AccessError: if an auditor may not call this method
    """
    if method in methods_of_auditor(env.registry, model):
        return True
    if method in READING_METHODS and is_readable(model):
        return False
    _logger.info("Auditor %s: %s.%s refused", env.uid, model, method)
    raise AccessError(
        env._(
            "An auditor reads fiscal documents and changes nothing: %(method)s of %(model)s "
            "is not allowed.",
            method=method,
            model=model,
        )
    )


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _dispatch(cls, endpoint):
        # EXTENDS 'base'
        env = request.env
        if not env.uid or not env.user._is_smart_auditor() or cls._smart_auditor_writes(endpoint):
            return super()._dispatch(endpoint)
        make_read_only(env.cr)
        try:
            response = super()._dispatch(endpoint)
            env.cr.flush()  # else the refusal would come after this `try`
        except ReadOnlySqlTransaction:
            _logger.info("Auditor %s: a write by %s refused", env.uid, request.httprequest.path)
            raise AccessError(
                env._("An auditor reads fiscal documents and changes nothing.")
            ) from None
        return response

    @classmethod
    def _smart_auditor_writes(cls, endpoint):
        """Tell whether an auditor's request may write; refuse calls that it may not make."""
        if request.httprequest.path.startswith(ASSETS):
            return True
        routes = endpoint.routing["routes"]
        if any(route.startswith("/web/dataset/") for route in routes):
            call = request.params.get("model"), request.params.get("method")
        elif any(route.startswith("/json/2/<__model__>") for route in routes):
            call = request.params.get("__model__"), request.params.get("__method__")
        else:
            return False
        return check_call(request.env, *map(str, call))


class ResUsers(models.Model):
    _inherit = "res.users"

    def _check_uid_passwd(self, uid, passwd):
        # EXTENDS 'base': only the old external API (/jsonrpc, /xmlrpc) calls this. It hides which
        # method is called, so an auditor's calls cannot be checked, and all are refused.
        result = super()._check_uid_passwd(uid, passwd)
        user = self.with_user(uid).env.user
        if user._is_smart_auditor():
            _logger.info("Auditor %s: the old external API refused", uid)
            raise AccessError(
                user.env._(
                    "An auditor uses the screen, or the external JSON-2 API with a key of its own."
                )
            )
        return result

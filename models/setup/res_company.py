from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...smart_api import addresses, credentials, identification
from ..terms import NUMBERED_STATES, QUEUED, REFUSED, SENDING, UNKNOWN


class ResCompany(models.Model):
    """Who sets a company up for SMART, and what is wrong with a token before it is saved."""

    _inherit = "res.company"

    smart_setup_hidden = fields.Boolean(
        string="Checklist of SMART Is Hidden",
        copy=False,
        help="Somebody has put the checklist away on the dashboard. The settings still have it.",
        groups="base.group_user",
    )

    def _smart_may_set_up(self):
        """Tell whether the user may set companies up: accounting managers and administrators."""
        user = self.env.user
        return user.has_group("account.group_account_manager") or user.has_group(
            "base.group_system"
        )

    def _smart_check_may_set_up(self):
        """Check the right to set this company up, for the person who asked for it.

        :raises AccessError: without the right
        """
        self.ensure_one()
        if not self._smart_may_set_up():
            raise AccessError(
                self.env._(
                    "Only accounting managers and administrators set up fiscal documents (%s).",
                    self.env.user.name,
                )
            )
        self.with_user(self.env.user).check_access("read")

    def _smart_judge_credentials(self, vat, environment, base_url, token):
        """Tell what is wrong with environment, address and token, saved or not.

        :param vat: the company's RIF, saved or not
        :param token: in clear; ``False`` for none. It is not quoted.
        :returns: what is wrong in words or ``False``, and the token's holder or ``None``
        """
        self.ensure_one()
        holder = None
        if token:
            try:
                holder = credentials.read_token(token)
            except credentials.TokenError as error:
                return self._smart_words_bad_token(error), None
        if environment == "custom":
            try:
                addresses.read_address(base_url)
            except addresses.ConfigurationError as error:
                words = self.env._(
                    "The SMART address of %(company)s cannot be used: %(reason)s.",
                    company=self.display_name,
                    reason=self._smart_configuration_fault(error),
                )
                return words, holder
        if not token and self.smart_token_lost:
            words = self.env._(
                "The token cannot be opened: it was sealed with a key that this server does not "
                "have. Nothing is sent until the server has that key again, or the token is "
                "entered anew."
            )
            return words, None
        if holder:
            return self._smart_words_foreign_token(holder, vat), holder
        if environment in (False, "disabled") or self._smart_issuing_parent():
            return False, None
        words = self.env._(
            "The token is missing: without it nothing is issued. SMART sends it to each issuer; "
            "copy it whole."
        )
        return words, None

    def _smart_issuing_parent(self):
        """Return the nearest parent that issues for companies without a token of their own."""
        # sudo: a branch's user may not read the parent company, yet issues in its name
        return self.sudo().parent_id.smart_issuer_id

    def _smart_words_bad_token(self, error):
        return self.env._(
            "The SMART token of %(company)s cannot be used: %(reason)s. "
            "Copy it again from SMART's message, whole.",
            company=self.display_name,
            reason=self._smart_token_fault(error),
        )

    def _smart_words_foreign_token(self, holder, vat):
        """Return in words that a token is another taxpayer's; ``False`` if it is this company's.

        :type holder: smart_api.credentials.TokenHolder
        """
        rif = identification.format_rif(vat)
        if holder.rif == rif:
            return False
        if not rif:
            return self.env._(
                "This token belongs to %(name)s (%(holder)s), and %(company)s has no valid RIF: "
                "enter it above.",
                name=holder.name or "-",
                holder=holder.rif,
                company=self.display_name,
            )
        return self.env._(
            "This token belongs to %(name)s (%(holder)s), but the RIF of %(company)s is %(rif)s: "
            "nothing could be confirmed. Enter the token of %(rif)s, or correct the RIF.",
            name=holder.name or "-",
            holder=holder.rif,
            company=self.display_name,
            rif=rif,
        )

    # -- asking SMART ----------------------------------------------------------------------

    def _smart_test_connection(self):
        """Return the window with what a test of the connection found; nothing is issued.

        :raises UserError: if there is nothing to test yet
        """
        self._smart_check_may_set_up()
        # sudo: asking needs the issuer's queue and token, and the issuer may be a parent company
        # that the user cannot read; the right to ask was checked
        issuer = self.sudo().smart_issuer_id
        if not issuer:
            raise UserError(
                self.env._(
                    "%s has no SMART environment with a token yet: choose one, enter the token, "
                    "and save.",
                    self.display_name,
                )
            )
        lane = issuer.env["smart.lane"]._of_issuer(issuer, issuer.smart_environment)
        return self.env["smart.connection"]._open_with(
            self, lane.display_name, lane._test_connection()
        )

    # -- going to production ---------------------------------------------------------------

    def _smart_words_production(self):
        """Return in words, one fact each, what changes once documents are legal ones."""
        self.ensure_one()
        # sudo: of all branches; only their number is told
        Document = self.env["smart.document"].sudo()
        ours = [("issuer_id", "=", self.id), ("environment", "=", self.smart_environment)]
        issued = Document.search_count([*ours, ("state", "in", NUMBERED_STATES)])
        waiting = Document.search_count([*ours, ("state", "in", (QUEUED, SENDING, UNKNOWN))])
        refused = Document.search_count([*ours, ("state", "=", REFUSED)])
        words = [
            self.env._(
                "Every document that is confirmed from then on is a legal one. It can be annulled "
                "or corrected by a note, never deleted."
            ),
            self.env._(
                "The numbering starts anew: internal numbers begin with 00000001 for each type, "
                "or where SMART says; control numbers come from the lot that SMART has given you."
            ),
        ]
        if issued:
            words.append(
                self.env._(
                    "The documents issued so far (%s) stay as they are, marked as issued in a "
                    "test, without legal value. Issue again, in production, what has to be legal.",
                    issued,
                )
            )
        if waiting:
            words.append(
                self.env._(
                    "Documents still wait for their control number (%s): they are not sent any "
                    "more. Wait until they are issued, or reset them to draft and confirm them "
                    "again afterwards.",
                    waiting,
                )
            )
        if refused:
            words.append(
                self.env._(
                    "Documents were refused (%s): reset them to draft, and confirm them again "
                    "afterwards.",
                    refused,
                )
            )
        return words

    def _smart_obstacle_to_production(self):
        """Return in words why this company does not go to production itself, or ``False``."""
        self.ensure_one()
        issuer = self.smart_issuer_id
        if issuer and issuer != self:
            return self.env._(
                "%(company)s issues in the name of %(issuer)s: take this step there.",
                company=self.display_name,
                issuer=issuer.sudo().name,  # sudo: the user may not read the parent company
            )
        if self.smart_environment == "production":
            return self.env._("%s is in production already.", self.display_name)
        return False

    def _smart_enter_production(self, token):
        """Make every document from now on a legal one, by the person who was told what changes.

        :param token: for production; empty: the present one, if it goes there
        :raises UserError: if something stands in the way, such as another taxpayer's token
        """
        self._smart_check_may_set_up()
        if obstacle := self._smart_obstacle_to_production():
            raise UserError(obstacle)
        # sudo: the present token stays the one, if it goes there
        present = not self._smart_token_needed("production", False) and self.sudo().smart_token
        problem, _holder = self._smart_judge_credentials(
            self.vat, "production", False, token or present
        )
        if problem:
            raise UserError(problem)
        vals = {"smart_environment": "production"}
        if token:
            vals["smart_token"] = token
        # sudo: companies and tokens are administrators'; the right to take this step was checked
        self.sudo().write(vals)

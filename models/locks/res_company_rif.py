from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...smart_api import identification
from ..terms import QUEUED, SENDING, UNKNOWN

#: A request that names the RIF will be sent, or was sent without an answer. A refused document is
#: not meant: it is converted anew before it is sent again.
WAITING = (QUEUED, SENDING, UNKNOWN)

#: Fields that decide a contact's identification. Odoo writes the first when it syncs contacts.
RIF_FIELDS = frozenset({"vat", "country_id", "l10n_latam_identification_type_id"})


class ResCompany(models.Model):
    """The RIF that documents are issued under does not change by accident."""

    _inherit = "res.company"

    @contextmanager
    def _smart_watch_rif(self):
        """Check whether the companies' RIF changes meanwhile, and tell what a change does.

        :raises AccessError: if the user may not change it
        :raises UserError: if documents wait
        """
        # sudo: the user who edits a contact need not see the companies that it belongs to
        issuers = self.sudo().filtered(lambda company: company._smart_issues())
        before = {company: company.smart_rif for company in issuers}
        yield
        for company, rif in before.items():
            if company.smart_rif != rif:
                company._smart_check_rif_change()
                company._smart_tell_rif_change(rif)

    def _smart_issues(self):
        """Tell whether documents are, or were, issued in the name of the company."""
        self.ensure_one()
        return bool(self.smart_token_sealed) or bool(
            # sudo: documents of all branches count
            self.env["smart.document"].sudo().search_count([("issuer_id", "=", self.id)], limit=1)
        )

    def _smart_check_rif_change(self):
        self.ensure_one()
        user = self.env.user  # the person who asked for it, also under `sudo`
        if not user._is_superuser() and not (
            user.has_group("account.group_account_manager") or user.has_group("base.group_system")
        ):
            raise AccessError(
                self.env._(
                    "Fiscal documents are issued under the RIF of %s: only accounting managers and "
                    "administrators change it.",
                    self.name,
                )
            )
        waiting = self.env["smart.document"].search(
            [("issuer_id", "=", self.id), ("state", "in", WAITING)], limit=1
        )
        if waiting:
            raise UserError(
                self.env._(
                    "The RIF of %(company)s stays as it is while documents wait for SMART, or for "
                    "what became of them: %(document)s does. Wait until it is issued, resolve it, "
                    "or reset it to draft.",
                    company=self.name,
                    document=waiting.display_name,
                )
            )

    def _smart_tell_rif_change(self, before):
        """Say on the company's contact what was changed, by whom, and what that means."""
        self.ensure_one()
        # Only to inform people; each document keeps the request that it was issued with.
        self.partner_id._message_log(
            author_id=self.env.user.partner_id.id,
            body=self.env._(
                "The RIF under which fiscal documents are issued was %(before)s and is %(now)s. "
                "%(consequences)s",
                before=before or "-",
                now=self.smart_rif or "-",
                consequences=self._smart_words_rif_change(self.smart_rif),
            ),
        )

    def _smart_words_rif_change(self, rif):
        """Return what it means that documents are issued under another RIF."""
        self.ensure_one()
        words = self.env._(
            "What was issued keeps the RIF that it was issued with. SMART counts internal and "
            "control numbers for each RIF on its own."
        )
        holder = self.smart_holder_rif
        if holder and holder != rif:
            words += " " + self.env._(
                "The SMART token belongs to %(holder)s: nothing can be confirmed until an "
                "administrator enters that of %(rif)s.",
                holder=holder,
                rif=rif or "-",
            )
        return words

    def _smart_warn_rif_change(self, vat):
        """Return a warning for the form if another identification is entered and it matters.

        :param str vat: what is entered
        """
        rif = identification.format_rif(vat)
        # sudo: see _smart_watch_rif
        for company in self.sudo():
            if company.smart_rif != rif and company._smart_issues():
                return {
                    "warning": {
                        "title": self.env._("RIF of %s", company.name),
                        "message": company._smart_words_rif_change(rif),
                    }
                }
        return None

    @api.onchange("vat")
    def _onchange_smart_rif(self):
        return self._origin._smart_warn_rif_change(self.vat)


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        # EXTENDS 'base'
        if not RIF_FIELDS & vals.keys():
            return super().write(vals)
        with self._smart_companies()._smart_watch_rif():
            return super().write(vals)

    def _smart_companies(self):
        """Return the companies whose contact is one of these."""
        # sudo: see _smart_watch_rif; archived companies can be restored
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        return companies.search([("partner_id", "in", self.ids)])

    @api.onchange("vat")
    def _onchange_smart_rif(self):
        return self._origin._smart_companies()._smart_warn_rif_change(self.vat)

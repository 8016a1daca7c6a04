"""Confirming where nobody stands before the document: what cannot be issued stays a draft.

A web order that is paid, a till, a scheduled action: they confirm invoices on the way, and a bad
phone number must not take back the payment. So everything goes through but the document, and the
responsible person gets one activity on it, with every problem and its cure.

Somebody is asked, and sees the list instead, where all of these hold:

- an internal user, not superuser mode: customers, web shops, providers of payment, tills and
  scheduled actions confirm as superuser;
- no scheduled action and no job of a queue, which may well run as an internal user;
- within a request, that the client has called a model of ``ASKING``, by a button, a server action
  or from outside. Whoever presses a button elsewhere, and registers a payment, say, is at work on
  something else. The old external API hides what is called: its caller is asked. Without a
  request it is a script, or a test.
"""

from markupsafe import Markup

from odoo import fields, models
from odoo.http import request

from ..conversion.problem import SmartPreflightError, explain

DEFERRED = "l10n_ve_edi_smart.mail_activity_type_deferred"

#: Whose buttons are about confirming documents.
ASKING = frozenset(
    {
        "account.debit.note",
        "account.journal",
        "account.move",
        "account.move.reversal",
        "validate.account.move",
    }
)
#: Keys of the context of scheduled actions, and of jobs of OCA's queue.
BACKGROUND = frozenset({"cron_id", "job_uuid"})


def called_model():
    """Return the model that the client of the current request calls; ``""`` for none."""
    path, params = request.httprequest.path, request.params
    if path.startswith("/web/dataset/call_"):
        return params.get("model")
    if path.startswith("/json/2/"):
        return params.get("__model__")
    if path == "/web/action/run":
        # sudo: for its model; who may run it, running it has asked
        action = request.env["ir.actions.server"].sudo().browse(params.get("action_id"))
        return action.model_name
    if path.startswith(("/xmlrpc/", "/jsonrpc")):
        return "account.move"
    return ""


class AccountMove(models.Model):
    _inherit = "account.move"

    def _smart_is_asked(self):
        """Tell whether a person sees what is wrong with documents that are confirmed now."""
        if self.env.su or not self.env.user._is_internal():
            return False
        if BACKGROUND & self.env.context.keys():
            return False
        return not request or called_model() in ASKING

    def _smart_correct_tomorrow(self):
        """Have what is dated today, elsewhere, be dated today in Caracas.

        From eight in the evening UTC is in the next day, which may be in the next period of VAT;
        tills and web shops date by the time zone of their user, if there is one.
        """
        today = self._smart_today()
        elsewhere = max(fields.Date.today(), fields.Date.context_today(self))
        for move in self:
            if move.invoice_date and today < move.invoice_date <= elsewhere:
                move.invoice_date = today

    def _smart_post_what_can(self, post, soft):
        """Confirm what can be issued; tell the responsible person of what cannot.

        :param post: confirms documents, all or none
        :param bool soft: what lies in the future is not confirmed now
        :returns: what was confirmed
        """
        if not self.env.su and not self.env.user.has_group(self._smart_group_to_send):
            return post(self)  # which refuses
        today = self._smart_today()
        due = self.filtered(lambda move: not (soft and move.date > today))
        accepted = self - due._smart_defer_refused()
        while accepted:
            try:
                with self.env.cr.savepoint():
                    return post(accepted)
            except SmartPreflightError as error:  # what shows only once it is confirmed
                error.owners._smart_defer(str(error))
                accepted -= error.owners
        return self.browse()

    def _smart_defer_refused(self):
        """Tell of the drafts that have problems, and return them."""
        refused = self.browse()
        for conversion in self.env["smart.payload"]._check(self):
            if conversion.errors:
                conversion.owner._smart_defer(explain(self.env, [conversion]))
                refused += conversion.owner
        return refused

    def _smart_defer(self, words):
        """Give the responsible person one activity for each draft, or renew the one that is open.

        :param str words: what is wrong, where the draft alone does not show it
        """
        for move in self:
            # sudo: whoever pays reads neither the company's users nor activities
            draft = move.sudo()
            company = draft.company_id
            responsible = company._smart_issuer_or_self()._smart_responsible()
            draft = draft.with_context(lang=responsible.lang)
            summary = draft.env._("SMART: mend and confirm")
            note = draft._smart_deferred_note(words)
            activities = draft.activity_search([DEFERRED])
            if activities:
                activities.write({"summary": summary, "note": note})
            else:
                draft.activity_schedule(
                    DEFERRED, summary=summary, note=note, user_id=responsible.id
                )

    def _smart_deferred_note(self, words):
        """Return in the user's language what is wrong with the draft, with links to mend it."""
        if not self._smart_is_fiscal():
            return Markup("<p>%s</p><p>%s</p>") % (
                self.env._(
                    "This could not be written on numbered paper, so it stays a draft; what it "
                    "belongs to, a payment or an order, went through."
                ),
                Markup("<br/>").join(words.splitlines()),
            )
        [checked] = self.env["smart.payload"]._check(self)
        problems = [
            Markup("<li>%s<br/>%s %s</li>")
            % (self._smart_deferred_where(problem), problem.what, problem.cure)
            for problem in checked.errors
        ]
        return Markup("<p>%s</p>%s") % (
            self.env._(
                "This could not be issued through SMART, so it stays a draft; what it belongs to, "
                "a payment or an order, went through. Mend what is listed, then confirm it."
            ),
            Markup("<ul>%s</ul>") % Markup().join(problems)
            if problems
            else Markup("<p>%s</p>") % Markup("<br/>").join(words.splitlines()),
        )

    def _smart_deferred_where(self, problem):
        """Return the record, with a link unless it is a part of this draft, and the field."""
        name = problem.record_name(self)
        if self._smart_part_name(problem.record) is None:
            name = problem.record._get_html_link(title=name)
        label = problem.field_label
        return Markup("%s › %s") % (name, label) if label else name

    def _smart_close_deferred(self, feedback):
        """Close the activities of drafts that could not be confirmed, for that is settled."""
        # sudo: whoever confirms may not see what others have to do
        self.sudo().activity_feedback([DEFERRED], feedback=feedback)

    def _generate_and_send(self, *args, **kwargs):
        # EXTENDS 'account': a till sends what it has just confirmed, unless it stays a draft
        drafts = self.filtered(
            lambda move: (
                move.state == "draft" and (move._smart_is_fiscal() or move._smart_is_on_paper())
            )
        )
        return super(AccountMove, self - drafts)._generate_and_send(*args, **kwargs)

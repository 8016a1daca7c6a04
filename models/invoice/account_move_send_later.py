from odoo import api, fields, models

#: What of the settings of a sending is kept as it is, and what by its id.
KEPT = (
    "author_user_id",
    "author_partner_id",
    "extra_edis",
    "invoice_edi_format",
    "mail_attachments_widget",
    "mail_body",
    "mail_lang",
    "mail_partner_ids",
    "mail_subject",
    "sending_methods",
)
#: What Odoo's own wizard notes.
AUTHOR = frozenset({"author_user_id", "author_partner_id"})
KEPT_BY_ID = {"mail_template": "mail.template", "pdf_report": "ir.actions.report"}


class AccountMove(models.Model):
    """Nothing goes to the customer before it is legal; what was to go, goes then.

    Whoever is in charge of mails of its own (orders that are paid, say) asks Odoo whether an
    invoice is ready to be sent, and is told when it is. Whoever sends without asking (*Send*, for
    one or many, the till) leaves its wish here.
    """

    _inherit = "account.move"

    smart_sending_data = fields.Json(
        string="To Be Sent Once Issued", readonly=True, copy=False, groups="base.group_user"
    )

    def _is_ready_to_be_sent(self):
        # EXTENDS 'account': asked by what sends by itself, which can wait for SMART's own print
        document = self.sudo().smart_document_id  # sudo: for where it stands only
        waits = self._smart_is_unnumbered() or (document.owner_step and document._awaits_file())
        return super()._is_ready_to_be_sent() and not waits

    @api.depends("smart_sending_data", "state")
    def _compute_is_being_sent(self):
        # EXTENDS 'account'
        res = super()._compute_is_being_sent()
        # sudo: customers compute it, too
        for move in self.filtered(lambda move: move.state == "posted"):
            move.is_being_sent = move.is_being_sent or bool(move.sudo().smart_sending_data)
        return res

    @api.model
    def _smart_notes_sending(self, vals):
        """Tell whether values say how something is sent, which the scheduled action does as su."""
        return vals.get("smart_sending_data") or set(vals.get("sending_data") or ()) - AUTHOR

    def _smart_send_once_issued(self, **settings):
        """Keep how documents without control number are to be sent; the last wish counts.

        :param settings: as of ``account.move.send``, over the defaults of then
        """
        kept = {
            "author_user_id": self.env.user.id,
            "author_partner_id": self.env.user.partner_id.id,
        }
        kept.update({name: settings[name] for name in KEPT if name in settings})
        kept.update({name: settings[name].id for name in KEPT_BY_ID if settings.get(name)})
        for name in ("extra_edis", "sending_methods"):
            if name in kept:
                kept[name] = list(kept[name] or ())
        if "mail_body" in kept:
            kept["mail_body"] = str(kept["mail_body"] or "")
        for move in self:
            self._smart_keep_uploaded(move, kept.get("mail_attachments_widget"))
            # sudo: how a locked document is to be sent is noted by its sending alone
            move.sudo().write({"smart_sending_data": kept, "sending_data": False})

    @api.model
    def _smart_keep_uploaded(self, move, widget):
        """Have files that somebody added to a mail outlive the window that they were added in."""
        uploaded = [int(one["id"]) for one in widget or () if one.get("manual")]
        named = [int(one["id"]) for one in widget or () if str(one.get("id")).isdecimal()]
        # Later it is read as superuser: whoever sends must be able to read it now.
        self.env["ir.attachment"].browse(named).exists().check_access("read")
        self.env["ir.attachment"].browse(uploaded).write(
            {"res_model": move._name, "res_id": move.id}
        )

    def _smart_review_sending(self, state):
        """A document that is taken back is sent once it is issued all the same, but not as it was.

        Its text may tell amounts that are about to change.
        """
        # sudo: see _smart_send_once_issued
        for move in self.sudo().filtered("smart_sending_data"):
            kept = move.smart_sending_data
            author = {name: kept[name] for name in ("author_user_id", "author_partner_id")}
            move.smart_sending_data = author if state == "draft" else False

    def _smart_with_legal_number(self, kept):
        """Return how it is to be sent, with its legal number where a text names it otherwise."""
        texts = {name: kept[name] for name in ("mail_subject", "mail_body") if kept.get(name)}
        return kept | {
            name: text.replace(self.name, self.smart_number) for name, text in texts.items()
        }

    def _smart_words_sent_later(self):
        """Return the action that says that nothing was sent now, and why."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "title": self.env._("Not sent yet"),
                "message": self.env._(
                    "Sent by itself as soon as it has its control number: %s",
                    ", ".join(self.mapped("smart_number")),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # -- once it is issued -------------------------------------------------------------------

    def _smart_became_legal(self):
        # EXTENDS 'smart.document.owner': what was printed before says that it is none
        self._smart_drop_outdated_prints()
        self._smart_settle_by_issued()
        self._smart_adopt_reference()
        return super()._smart_became_legal()

    def _smart_became_sendable(self):
        # EXTENDS 'smart.document.owner'
        self._smart_drop_outdated_prints()
        posted = self.filtered(lambda move: move.state == "posted")
        for move in posted.filtered("smart_sending_data"):
            # Marked at once, as sales do: who sends by itself what nobody has sent leaves it.
            move.write(
                {
                    "sending_data": move._smart_with_legal_number(move.smart_sending_data),
                    "smart_sending_data": False,
                    "is_move_sent": True,
                }
            )
            self.env.ref("account.ir_cron_account_move_send")._trigger()
        if posted:
            posted._action_invoice_ready_to_be_sent()
        return super()._smart_became_sendable()


class AccountMoveSend(models.AbstractModel):
    """The one place where invoices are made into files, marked as sent, and mailed."""

    _inherit = "account.move.send"

    @api.model
    def _generate_and_send_invoices(self, moves, from_cron=False, **settings):
        # EXTENDS 'account'
        waiting = moves.filtered(lambda move: move._smart_is_unnumbered())
        if waiting:
            options = {name: settings[name] for name in (*KEPT, *KEPT_BY_ID) if name in settings}
            self._check_sending_data(waiting, **options)
            for move in waiting:
                unedited = self._smart_unedited(move, options)
                move._smart_send_once_issued(
                    **{name: option for name, option in options.items() if name not in unedited}
                )
        issued = moves - waiting
        issued._smart_drop_outdated_prints()
        # sudo: see _smart_send_once_issued; what is sent now is not sent again later
        issued.sudo().filtered("smart_sending_data").smart_sending_data = False
        return super()._generate_and_send_invoices(issued, from_cron=from_cron, **settings)

    @api.model
    def _get_default_sending_settings(self, move, from_cron=False, **custom_settings):
        # EXTENDS 'account', whose scheduled action knows the author alone
        if from_cron and move.sending_data:
            kept = {name: move.sending_data[name] for name in KEPT if name in move.sending_data}
            for name, model in KEPT_BY_ID.items():
                record = self.env[model].browse(move.sending_data.get(name, [])).exists()
                if record:
                    kept[name] = record
            custom_settings = {**kept, **custom_settings}
        custom_settings = self._smart_own_template(move, custom_settings)
        return super()._get_default_sending_settings(move, from_cron=from_cron, **custom_settings)

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.mail.email import split_addresses
from ..smart_api.schemas import EMAIL_LENGTH


class SmartEmailWizard(models.TransientModel):
    """Have SMART e-mail issued documents to addresses that a person chooses."""

    _name = "smart.email.wizard"
    _description = "E-mail by SMART"
    _inherit = "smart.wizard"
    _smart_lines = frozenset({"line_ids"})

    line_ids = fields.One2many(comodel_name="smart.email.wizard.line", inverse_name="wizard_id")
    line_count = fields.Integer(compute="_compute_line_count")
    left_out = fields.Text(readonly=True, help="Documents that SMART cannot e-mail, and why.")
    done = fields.Boolean(readonly=True)

    @api.depends("line_ids")
    def _compute_line_count(self):
        for wizard in self:
            wizard.line_count = len(wizard.line_ids)

    @api.model
    def _open_on(self, owners):
        """Return a wizard for those whose documents can be e-mailed.

        :raises UserError: if there are none, with the reason of each
        """
        reasons = {owner: owner._smart_why_no_email() for owner in owners}
        left_out = "\n".join(filter(None, reasons.values()))
        if all(reasons.values()):
            raise UserError(left_out or self.env._("Choose the documents to e-mail."))
        wizard = self._make([{"left_out": left_out}])
        self.env["smart.email.wizard.line"]._make(
            [
                {"wizard_id": wizard.id, "document_id": owner.smart_document_id.id}
                for owner, reason in reasons.items()
                if not reason
            ]
        )
        return wizard

    def action_send(self):
        """Button: check everything, then have each document e-mailed after the commit."""
        wizard = self._acting()
        for owners in wizard.line_ids.document_id._owners():
            owners._smart_check_may_email()
        # Of two clicks the second waits for the first one's transaction here, and finds it done.
        wizard.lock_for_update()
        if wizard.done:
            return {"type": "ir.actions.act_window_close"}
        problems, addresses = [], {}
        for line in wizard.line_ids:
            found, whats_wrong = line._read_addresses()
            problems += whats_wrong
            addresses[line.document_id] = found
        if not addresses:
            problems.append(self.env._("Choose the documents to e-mail."))
        if problems:
            raise UserError("\n".join(problems))
        wizard._update({"done": True})
        emails = wizard.env["smart.email"]._ask(addresses)
        if len(emails) == 1:
            return {"type": "ir.actions.act_window_close"}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("E-mails by SMART"),
            "res_model": "smart.email",
            "view_mode": "list,form",
            "domain": [("id", "in", emails.ids)],
        }


class SmartEmailWizardLine(models.TransientModel):
    _name = "smart.email.wizard.line"
    _description = "Document to E-mail by SMART"
    _inherit = "smart.wizard"
    _smart_inputs = frozenset({"contact_ids", "addresses"})

    wizard_id = fields.Many2one(
        comodel_name="smart.email.wizard", required=True, index=True, ondelete="cascade"
    )
    document_id = fields.Many2one(comodel_name="smart.document", required=True)
    partner_id = fields.Many2one(related="document_id.partner_id", related_sudo=False)
    contact_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Contacts",
        compute="_compute_contact_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="Contacts of the customer whose addresses are proposed.",
    )
    addresses = fields.Char(
        string="E-mail Addresses",
        compute="_compute_addresses",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="Separate several with commas.",
    )

    @api.depends("document_id")
    def _compute_contact_ids(self):
        for line in self:
            line.contact_ids = line.document_id._owner()._smart_mail_contacts()

    @api.depends("contact_ids")
    def _compute_addresses(self):
        for line in self:
            good, bad = split_addresses(",".join(filter(None, line.contact_ids.mapped("email"))))
            # Wrong addresses are shown, too, to be corrected here or on the contact.
            line.addresses = ", ".join([*good, *bad])

    def _read_addresses(self):
        """Return the addresses, and everything that is wrong with this document."""
        self.ensure_one()
        owner = self.document_id._owner()
        name = owner.display_name
        good, bad = split_addresses(self.addresses)
        problems = list(filter(None, [owner._smart_why_no_email()]))
        if bad:
            problems.append(
                self.env._(
                    "%(document)s: not an e-mail address: %(addresses)s. Correct or remove it.",
                    document=name,
                    addresses=", ".join(f"“{one}”" for one in bad),
                )
            )
        elif not good:
            problems.append(self.env._("%s: enter an e-mail address.", name))
        elif len("|".join(good)) > EMAIL_LENGTH:
            problems.append(
                self.env._(
                    "%(document)s: the addresses are longer than %(limit)s characters together. "
                    "Send it twice, each time to a part of them.",
                    document=name,
                    limit=EMAIL_LENGTH,
                )
            )
        return good, problems

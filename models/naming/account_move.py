from odoo import api, fields, models


class AccountMove(models.Model):
    """What people read and type: display name, searches, what an invoice was settled with."""

    _inherit = "account.move"
    _rec_names_search = ["name", "partner_id.name", "ref", "smart_number"]

    smart_note_count = fields.Integer(compute="_compute_smart_note_count", groups="base.group_user")

    smart_origin_number = fields.Char(
        related="smart_note_origin_id.smart_number",
        string="Number of What It Corrects",
        groups="base.group_user",
    )
    smart_origin_words = fields.Char(
        string="What It Corrects",
        compute="_compute_smart_origin_words",
        help="By its legal number; of a document from before SMART, its control number.",
    )
    smart_is_debit_note = fields.Boolean(compute="_compute_smart_is_debit_note")

    @api.depends("smart_note_origin_id.smart_number", "smart_former_number")
    @api.depends_context("lang")
    def _compute_smart_origin_words(self):
        for move in self.sudo():  # sudo: customers read it in mails and in the portal
            move.smart_origin_words = (
                move.smart_note_origin_id.smart_number or move.smart_former_number
            )

    @api.depends(
        "smart_is_fiscal",
        "move_type",
        "debit_origin_id",
        "reversed_entry_id",
        "smart_note_origin_id",
        "smart_former_number",
    )
    def _compute_smart_is_debit_note(self):
        for move in self.sudo():  # sudo: customers, too, see what kind of document it is
            move.smart_is_debit_note = (
                move._smart_is_fiscal() and move._smart_document_type() == "debit_note"
            )

    def _get_move_display_name(self, show_ref=False):
        # EXTENDS 'account'
        name = super()._get_move_display_name(show_ref=show_ref)
        # A damaged database may have one without a name.
        legal = self.smart_legal_name
        return name.replace(self.name, legal, 1) if legal and self.name else legal or name

    @api.depends("smart_number", "smart_state")
    @api.depends_context("lang")
    def _compute_display_name(self):
        # EXTENDS 'account'
        res = super()._compute_display_name()
        for move in self.filtered(lambda move: move._smart_is_unnumbered()):
            move.display_name = self.env._("%s (provisional number)", move.display_name)
        return res

    # -- what it was settled with ----------------------------------------------------------

    def _compute_payments_widget_reconciled_info(self):
        # EXTENDS 'account'
        res = super()._compute_payments_widget_reconciled_info()
        self._smart_call_settled("invoice_payments_widget", "ref")
        return res

    def _compute_payments_widget_to_reconcile_info(self):
        # EXTENDS 'account'
        res = super()._compute_payments_widget_to_reconcile_info()
        self._smart_call_settled("invoice_outstanding_credits_debits_widget", "journal_name")
        return res

    def _smart_call_settled(self, widget, key):
        """Call what an invoice is, or can be, settled with by its legal number.

        :param str widget: the field that lists it
        :param str key: what of an entry is read by people
        """
        for move in self.filtered(widget):
            settled = move[widget]
            for entry in settled["content"]:
                # sudo: as Odoo, which shows all that settles the invoice
                other = self.sudo().browse(entry["move_id"])
                if other.smart_legal_name:
                    entry[key] = other._get_move_display_name(show_ref=True)
            move[widget] = settled

    def _get_invoice_next_payment_values(self, custom_amount=None):
        # EXTENDS 'account': what a customer quotes who pays in the portal
        values = super()._get_invoice_next_payment_values(custom_amount=custom_amount)
        if values and self.name and self.smart_legal_name:
            quoted = values["next_payment_reference"]
            values["next_payment_reference"] = quoted.replace(self.name, self.smart_legal_name, 1)
        return values

    # -- from an invoice to its notes, and back --------------------------------------------

    def _compute_smart_note_count(self):
        counts = dict(
            self._read_group(
                [("smart_note_origin_id", "in", self.ids), ("state", "!=", "cancel")],
                ["smart_note_origin_id"],
                ["__count"],
            )
        )
        for move in self:
            move.smart_note_count = counts.get(move, 0)

    def action_smart_open_notes(self):
        """Button: the credit and debit notes about this document."""
        notes = self.search([("smart_note_origin_id", "in", self.ids), ("state", "!=", "cancel")])
        # Not by Odoo's list for all kinds of entries, which has Odoo's own names.
        as_list = self.env.ref("account.view_out_invoice_tree")
        views = [(False, "form")] if len(notes) == 1 else [(as_list.id, "list"), (False, "form")]
        return notes._get_records_action(name=self.env._("Notes"), views=views)

    def action_smart_open_origin(self):
        """Button: the document that this note corrects."""
        return self.smart_note_origin_id._get_records_action()

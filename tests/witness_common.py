from odoo.tools import mute_logger

from .chain_common import ChainCommon
from .resolving_common import ResolvingCommon


class WitnessCommon(ResolvingCommon, ChainCommon):
    """Documents in doubt, and their prints at SMART."""

    def setUp(self):
        super().setUp()
        self.connect(enforce_numbering=False)

    def look(self):
        """Look for printed documents now, as the scheduled action would when it is time."""
        self.env["smart.document"].sudo().search([("witness_next_at", "!=", False)])._engine_write(
            {"witness_next_at": "2020-01-01"}
        )
        with mute_logger("odoo.addons.l10n_ve_edi_smart.smart_api.printed"):
            self.look_if_due()

    def look_if_due(self):
        self.env.flush_all()
        with self.registry.cursor() as cr:
            for issuer in self.issuers(cr):
                issuer.env["smart.document"]._look_for_witnesses(issuer)
        self.env.invalidate_all()

    def in_gap(self):
        """Return a document in doubt between two that are issued: 00-00000002."""
        self.confirm()
        invoice = self.unknown()
        self.confirm()
        return invoice

    def latest(self, invoice):
        """Return the latest evidence about an invoice."""
        return invoice.smart_document_id.sudo().witness_ids.sorted("id")[-1:]

    def assert_settled(self, invoice, number):
        self.assertEqual((invoice.smart_state, invoice.smart_control_number), ("issued", number))

    def assert_in_doubt(self, invoice, verdict, looks=1):
        """Look so many times, and find the document still in doubt, with this evidence."""
        for _look in range(looks):
            self.look()
        self.assertEqual((invoice.smart_state, invoice.smart_control_number), ("unknown", False))
        self.assertEqual(self.latest(invoice).verdict, verdict)

"""Views of ours are put together without a word: Odoo's own checks warn in its log alone."""

from odoo.tests import TransactionCase, tagged

OURS = "l10n_ve_edi_smart"


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestViews(TransactionCase):
    def test_nobody_is_shown_what_depends_on_a_field_that_they_lack(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", OURS), ("model", "=", "ir.ui.view")]
        )
        views = self.env["ir.ui.view"].browse(data.mapped("res_id"))
        self.assertGreater(len(views), 40)
        with self.assertNoLogs("odoo.addons.base.models.ir_ui_view", "WARNING"):
            views._check_xml()

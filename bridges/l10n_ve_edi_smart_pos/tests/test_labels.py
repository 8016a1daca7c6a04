"""With all bridges installed: no two fields of a model are called alike."""

from odoo.tests import tagged

from odoo.addons.l10n_ve_edi_smart.tests import test_labels


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestLabelsOfBridges(test_labels.TestLabels):
    """The test of the addon, where there is more."""

"""No two fields of a model are called alike: who builds a filter could not tell them apart."""

from odoo.tests import TransactionCase, tagged

OURS = "l10n_ve_edi_smart"


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestLabels(TransactionCase):
    def test_no_field_of_ours_has_the_label_of_another_field_of_its_model(self):
        alike, checked = [], 0
        for model in self.env.registry.values():
            by_label = {}
            for field in model._fields.values():
                by_label.setdefault(field.string, []).append(field)
            for label, fields in by_label.items():
                ours = [one for one in fields if (one._module or "").startswith(OURS)]
                checked += len(ours)
                if ours and len(fields) > 1:
                    alike.append((model._name, label, sorted(one.name for one in fields)))
        self.assertEqual(alike, [])
        self.assertGreater(checked, 200)

import os
from pathlib import Path

from odoo import release
from odoo.tests import TransactionCase, tagged

from ..lab import core_watch

ADDON = Path(__file__).resolve().parents[1]

ADVICE = (
    "Odoo has changed what this addon leans on. Read each method, then what of ours depends on it; "
    "once that is right: SMART_ACCEPT_CORE=1 ./dev test tests/test_core_watch.py"
)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestCoreWatch(TransactionCase):
    def test_methods_of_odoo_that_we_lean_on_are_as_somebody_has_read_them(self):
        if os.environ.get("SMART_ACCEPT_CORE"):
            core_watch.accept(release.version)
        changed = core_watch.reading_list(core_watch.recorded(), core_watch.present())
        self.assertFalse(changed, "\n\n".join(["", ADVICE, *changed]))

    def test_the_list_names_each_method_once_and_files_that_there_are(self):
        names = [watched.core for watched in core_watch.WATCHED]
        self.assertEqual(sorted(core_watch.recorded()), sorted(names))
        for watched in core_watch.WATCHED:
            self.assertTrue((ADDON / watched.ours).is_file(), watched)

"""Whole requests of transfers, compared with files that were checked by hand.

``SMART_WRITE_PAYLOADS=1`` writes them anew; then read the difference before it is committed.
"""

import json
import os
from pathlib import Path

from odoo.tests import tagged

from .deliveries_common import DeliveriesCommon
from .payload_cases import CASES

FOLDER = Path(__file__).parent / "data" / "payloads"


def sentence(name, function):
    def test(self):
        self.compare(name, function(self))

    return test


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestDeliveryPayloads(DeliveriesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.env["decimal.precision"].search([("name", "=", "Product Price")]).digits = 4

    def compare(self, name, picking):
        self.deliver(picking)
        self.assertEqual(picking.smart_state, "issued", picking.smart_last_error)
        found = self.sent(picking)
        # The numbers of orders and of the queue are the database's affair.
        found["trackingid"] = ""
        path = FOLDER / f"{name}.json"
        if os.environ.get("SMART_WRITE_PAYLOADS"):
            text = json.dumps(found, ensure_ascii=False, indent=1)
            path.write_text(text + "\n", encoding="utf-8")
        self.maxDiff = None
        self.assertEqual(found, json.loads(path.read_text("utf-8")))

    for _name, _function in CASES.items():
        locals()[f"test_{_name}"] = sentence(_name, _function)

    def test_there_is_no_file_without_a_case(self):
        self.assertEqual({path.stem for path in FOLDER.glob("*.json")}, set(CASES))

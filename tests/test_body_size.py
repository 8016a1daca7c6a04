"""What is too large for SMART is told before it is confirmed, and refused if it is sent."""

import re
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.conversion import payload_rules
from ..smart_api.schemas import MAX_BODY_BYTES
from .bad_inputs import invoice, line
from .common import SmartCommon

EMOJI = "\N{PARTY POPPER}"


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestBodySize(SmartCommon):
    def short(self, count):
        return invoice(self, *(line(self, 1.0, name=f"Pieza {n}") for n in range(1, count + 1)))

    def long(self, count, text, note=None):
        """Return a draft of lines that say much, each with a note below if there is one."""
        lines = []
        for number in range(1, count + 1):
            lines.append(line(self, 1234.56, name=(f"{number} " + text * 250)[:250]))
            if note:
                words = {"display_type": "line_note", "name": note, "tax_ids": False}
                lines.append(words)
        return invoice(self, *lines)

    def problem(self, draft):
        """Return the only problem of a draft, which cannot be confirmed."""
        [conversion] = self.env["smart.payload"]._check(draft)
        [problem] = conversion.errors
        with self.assertRaises(UserError) as raised, self.env.cr.savepoint():
            draft._post()
        self.assertIn(problem.cure, raised.exception.args[0])
        self.assertEqual(draft.state, "draft")
        self.assertFalse(self.simulator.calls())
        self.assertEqual((problem.record, problem.field), (draft, "invoice_line_ids"))
        self.assertIn("is too large for SMART", problem.what)
        self.assertIn(str(MAX_BODY_BYTES), problem.what)
        return problem

    def fitting(self, problem):
        return int(re.search(r"first (\d+) lines", problem.cure)[1])

    def test_nine_hundred_short_lines_are_to_be_divided_and_the_first_part_is_issued(self):
        draft = self.short(900)
        problem = self.problem(draft)
        self.assertNotIn("shorten", problem.cure)
        fitting = self.fitting(problem)
        draft.invoice_line_ids.sorted("sequence")[fitting + 1 :].unlink()
        self.assertEqual(self.fitting(self.problem(draft)), fitting)
        draft.invoice_line_ids.sorted("sequence")[fitting:].unlink()
        self.assertEqual(self.confirm(draft).smart_state, "issued")
        size = len(draft.smart_document_id.request_body.encode())
        self.assertLess(MAX_BODY_BYTES - 300, size)
        self.assertLessEqual(size, MAX_BODY_BYTES)

    def test_long_descriptions_are_to_be_shortened_or_divided(self):
        draft = self.long(250, "Válvula de latón, presión máxima, diámetro único; ")
        draft.invoice_line_ids.sorted("sequence")[6].name = "El más largo " + "ñ" * 230
        problem = self.problem(draft)
        self.assertIn("shorten its texts by", problem.cure)
        self.assertIn("7 (“El más largo", problem.cure)
        self.assertLess(200, self.fitting(problem))

    def test_characters_are_counted_as_the_bytes_that_they_take(self):
        problem = self.problem(self.long(60, EMOJI, note=EMOJI * 150))
        self.assertIn("shorten its texts by", problem.cure)
        self.assertLess(50, self.fitting(problem))
        plain = self.confirm(self.long(60, "a", note="a" * 150))
        self.assertEqual(plain.smart_state, "issued")

    def test_a_document_that_smart_does_not_read_is_refused_and_the_others_go_on(self):
        with patch.object(payload_rules, "MAX_BODY_BYTES", 10 * MAX_BODY_BYTES):
            large = self.long(60, EMOJI, note=EMOJI * 150)
            moves = self.confirm(self.make_invoice(), large, self.make_invoice())
        self.send_in_background()
        self.assertEqual(moves.mapped("smart_state"), ["issued", "refused", "issued"])
        self.assertEqual(moves.mapped("smart_internal_number"), ["00000001", False, "00000002"])
        self.assertIn("HTTP 413", large.smart_last_error)
        self.assertIn("Nothing was issued: the document is too large", large.smart_last_error)
        self.assertEqual(self.simulator.issued(), ["00000001", "00000002"])
        [exchange] = large.smart_document_id.exchange_ids
        self.assertEqual((exchange.outcome, exchange.http_status), ("refused", 413))
        large.button_draft()
        large.invoice_line_ids[10:].unlink()
        self.assertEqual(self.confirm(large).smart_state, "issued")

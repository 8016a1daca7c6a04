import json

from odoo.addons.l10n_ve_edi_smart_pos.tests.till_common import TillCommon


class CardCommon(TillCommon):
    """Gift cards and e-wallets of the company's programs, which pay at the till."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Program = cls.env["loyalty.program"]
        cls.programs = {}
        for kind in ("gift_card", "ewallet"):
            program = Program.browse(Program.create_from_template(kind)["res_id"])
            program.write({"company_id": cls.company.id, "currency_id": cls.bolivar.id})
            program.mail_template_id = cls.env.ref("loyalty.mail_template_gift_card")
            program.pos_report_print_id = cls.env.ref("loyalty.report_gift_card")
            cls.programs[kind] = program

    def gift(self, amount, kind="gift_card"):
        """Return the line by which a card pays, as the till keeps it."""
        program = self.programs[kind]
        card = self.env["loyalty.card"].create({"program_id": program.id, "points": amount})
        return {
            "product_id": program.reward_ids.discount_line_product_id.id,
            "price_unit": -amount,
            "qty": 1,
            "price_subtotal": -amount,
            "price_subtotal_incl": -amount,
            "is_reward_line": True,
            "reward_id": program.reward_ids.id,
            "coupon_id": card.id,
        }

    def sent(self, order):
        return json.loads(order.account_move.smart_document_id.request_body)

    def forms(self, order):
        return {form["forma"]: form["valor"] for form in self.sent(order)["formasdepago"]}

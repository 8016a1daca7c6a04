"""Random transfers: each is named before anything moves, or SMART takes what is made of it.

The transfers are Odoo's own, validated for real; the simulator, which shares no code with the
addon, judges their requests. Some are the same in each run, some are drawn anew: a failure tells
the seed that draws them again, to be given as ``SMART_PROPERTY_SEED``. ``./dev test --long`` has
five hundred.
"""

import os
import random
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

import requests

from odoo.tests import tagged

from odoo.addons.l10n_ve_edi_smart.models.conversion.problem import SmartPreflightError
from odoo.addons.l10n_ve_edi_smart.smart_api.schemas import IssueRequest

from .random_deliveries import RandomDeliveries, draw

LONG = bool(os.environ.get("SMART_DEV_LONG"))
SEED = int(os.environ.get("SMART_PROPERTY_SEED") or random.SystemRandom().randrange(2**32))
#: How many are the same each time, and how many are drawn anew.
FIXED, NEW = (400, 100) if LONG else (12, 18)
#: What SMART's web server does not even read: the pre-flight says how to divide it.
TOO_LARGE = "too large for SMART"


def money(value):
    return Decimal(str(value)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


@tagged("post_install", "-at_install", "l10n_ve_edi_smart")
class TestRandomDeliveries(RandomDeliveries):
    def test_what_the_preflight_takes_smart_takes(self):
        self.connect(enforce_numbering=False)
        self.session = requests.Session()
        self.seen, self.number, self.failures = Counter(), 1000, []
        for seed, count in ((16, FIXED), (SEED, NEW)):
            rng = random.Random(seed)
            for _n in range(count):
                self.judge_apart(draw(rng))
        print(f"\nrandom deliveries: {dict(self.seen)}")
        again = f"SMART_PROPERTY_SEED={SEED} draws these again\n\n"
        if self.failures:
            self.fail(again + "\n\n".join(self.failures[:3]))
        self.assertEqual(self.seen["drawn"], FIXED + NEW)
        self.assertGreater(self.seen["taken"], self.seen["drawn"] * 0.7)

    def judge_apart(self, spec):
        savepoint = self.env.cr.savepoint()
        try:
            self.judge(spec)
        except AssertionError as error:
            self.failures.append(f"{error}\n{spec}")
        except Exception:
            print(f"\nSMART_PROPERTY_SEED={SEED}\n{spec}")
            raise
        finally:
            savepoint.close(rollback=True)
            self.env.cr.postcommit.clear()

    def judge(self, spec):
        picking = self.transfer(spec)
        self.seen["drawn"] += 1
        self.seen[spec["road"]] += 1
        try:
            done = picking.button_validate()
        except SmartPreflightError as error:
            self.seen["named"] += 1
            self.seen["too large"] += TOO_LARGE in str(error)
            if self.is_good(spec) and self.worth(picking) and TOO_LARGE not in str(error):
                self.fail(f"refused without reason: {error}")
            return
        self.assertIs(done, True)
        self.assertEqual(picking.state, "done")
        wire = self.send(picking)
        self.seen["taken"] += 1
        self.seen[f"currency {wire['tipomoneda']}"] += 1
        self.seen["lines"] += len(wire["cuerpofactura"])
        self.compare(spec, picking, wire)

    def worth(self, picking):
        """Tell whether all goods together have a price, or a cost."""
        return any(move.product_id != self.priceless for move in picking.move_ids) and (
            sum(line.amount for _move, line in picking._smart_goods().lines) > 0
        )

    def send(self, picking):
        self.number += 1
        body = picking.smart_document_id.sudo().request_body
        request = IssueRequest.from_json(body).completed(f"{self.number:08d}", "")
        response = self.session.post(
            f"{self.simulator.url}/facturacion",
            data=request.to_json().encode(),
            headers={
                "Authorization": f"Bearer {self.simulator.token}",
                "Content-Type": "application/json",
            },
            timeout=60,
        )
        answer = response.json()
        self.assertTrue(
            response.status_code == 200 and answer["success"],
            f"accepted here, refused there: {answer}\n{body}",
        )
        return request.to_wire()

    def compare(self, spec, picking, wire):
        """See that the document says what was moved, and what it is worth."""
        body = wire["cuerpofactura"]
        moves = picking.move_ids.filtered(lambda move: move.state == "done")
        self.assertEqual(len(body), len(moves))
        self.assertEqual(money(wire["subtotal"]), sum(money(line["monto"]) for line in body))
        if not spec["vat"]:
            self.assertEqual(wire["exento"], wire["total"])
        self.assertTrue(wire["observacion"].startswith("Motivo: "), wire["observacion"])
        for line, move, drawn in zip(body, moves.sorted("id"), spec["lines"], strict=True):
            self.assertAlmostEqual(line["cantidad"], move.quantity, 6)
            moved = move.product_uom._compute_quantity(
                move.quantity, self.unit_of(drawn), rounding_method="HALF-UP"
            )
            self.assertAlmostEqual(moved, self.quantity_of(drawn), 5)
            ordered = spec["road"] == "order" and not drawn["kit"] and spec["prices"] == "order"
            plain = self.taxes["included"] not in move.product_id.taxes_id
            price = Decimal(str(drawn["price"])) * (1 - Decimal(str(drawn["discount"])) / 100)
            if ordered and plain and price and spec["currency"] == "VES" == self.told(wire):
                self.seen["prices"] += 1
                quantity = Decimal(str(self.quantity_of(drawn)))
                self.assertEqual(money(line["monto"]), money(price * quantity))

    def told(self, wire):
        return {1: "VES"}.get(wire["tipomoneda"], wire["tipomoneda"])

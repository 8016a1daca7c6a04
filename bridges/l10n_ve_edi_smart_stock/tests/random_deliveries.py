"""Transfers drawn at random, with everything that goods bring along on the road."""

from odoo import Command

from odoo.addons.l10n_ve_edi_smart.tests.random_documents import TEXTS

from .deliveries_common import DeliveriesCommon

GOOD_CUSTOMERS = ["company", "person", "foreigner", "delivery address"]
BAD_CUSTOMERS = ["no phone", "wrong rif"]
#: How the goods come to be moved.
ROADS = ["order"] * 5 + ["direct", "direct", "transfer", "to a vendor", "consignment"]
#: Least and most lines, and how many of a hundred transfers have so many.
SIZES = [((1, 5), 78), ((6, 25), 16), ((26, 90), 4), ((91, 300), 2)]
PRICES = [0.01, 0.05, 1, 3.333, 12.5, 99.94, 100.5, 1245.1234, 98765.43, 0.0001, 0]
QUANTITIES = [1, 1, 2, 3, 7, 12, 144, 0.5, 1.25, 0.333333, 2.000001, 9999]
TRANSPORT = ["", "", "Transporte Los Andes, C.A.", *TEXTS]


def draw(rng):
    """Return what one transfer is like.

    :param random.Random rng: draws it; the same one draws the same
    """
    [(least, most)] = rng.choices([size for size, _share in SIZES], [one for _, one in SIZES])
    road = rng.choice(ROADS)
    return {
        "road": road,
        "customer": rng.choice(BAD_CUSTOMERS if rng.random() < 0.04 else GOOD_CUSTOMERS),
        "currency": rng.choice(["VES", "VES", "USD", "EUR", "COP"]),
        "prices": rng.choice(["order", "order", "list", "cost"]),
        "vat": rng.random() < 0.5,
        "reason": rng.choice(["sale", "sample", "other", "repair"]),
        "words": [rng.choice(TRANSPORT) for _part in range(6)],
        "lines": [_line(rng, road) for _n in range(rng.randint(least, most))],
    }


def _line(rng, road):
    return {
        "goods": rng.randrange(10**6),
        "quantity": rng.choice([rng.choice(QUANTITIES), rng.randint(1, 99999) / 1000]),
        "price": rng.choice([rng.choice(PRICES), rng.randint(1, 10**6) / 100]),
        "discount": rng.choice([0, 0, 0, 5, 12.5, 33.33, 99.99, 100]),
        "unit": rng.choice(["own", "own", "dozen"]),
        "lots": rng.randint(1, 3),
        "package": rng.random() < 0.2,
        "kit": road == "order" and rng.random() < 0.15,
    }


class RandomDeliveries(DeliveriesCommon):
    """Makes the transfers that are drawn, and knows which of them nothing is wrong with."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_manager")
        digits = cls.env["decimal.precision"]
        digits.search([("name", "=", "Product Unit")]).digits = 6
        digits.search([("name", "=", "Product Price")]).digits = 4
        cls.currencies = {
            code: cls.env.ref(f"base.{code}") for code in ("VES", "USD", "EUR", "COP")
        }
        for code, rate in (("EUR", 44.1234), ("COP", 0.0101)):
            cls.currencies[code].active = True
            cls.env["res.currency.rate"].create(
                {"currency_id": cls.currencies[code].id, "company_id": cls.company.id,
                 "name": "2020-01-01", "inverse_company_rate": rate}
            )  # fmt: skip
        cls.units = {
            name: cls.env.ref(f"uom.product_uom_{name}")
            for name in ("unit", "dozen", "gram", "kgm", "ton", "litre", "meter")
        }
        cls.taxes["included"] = cls.taxes["general"].copy({"name": "16 % incluido"})
        cls.taxes["included"].price_include_override = "tax_included"
        cls.taxes["nine"] = cls.taxes["general"].copy({"name": "9 %", "amount": 9})
        cls.pricelists = {
            code: cls.env["product.pricelist"].create(
                {
                    "name": f"Lista en {code}",
                    "currency_id": currency.id,
                    "company_id": cls.company.id,
                    "item_ids": [
                        Command.create(
                            {
                                "compute_price": "formula",
                                "price_discount": 7.77,
                                "base": "list_price",
                            }
                        )
                    ],
                }
            )
            for code, currency in cls.currencies.items()
        }
        cls.add_customers()
        cls.add_goods()
        cls.shop = cls.env["stock.location"].create(
            {"name": "Tienda del consignatario", "usage": "internal", "smart_is_place": True,
             "location_id": cls.stock.id, "smart_place_partner_id": cls.place.id}
        )  # fmt: skip
        cls.ends = {
            "transfer": cls.stock_2,
            "to a vendor": cls.env.ref("stock.stock_location_suppliers"),
            "consignment": cls.shop,
        }

    @classmethod
    def add_customers(cls):
        kind = "l10n_latam_identification_type_id"
        cedula = cls.env.ref("l10n_ve_edi_smart.it_ve_cedula")
        passport = cls.env.ref("l10n_ve_edi_smart.it_ve_passport")

        def customer(**values):
            return cls.customer.with_context(no_vat_validation=True).copy(values)

        cls.customers_by_name = {
            "company": cls.customer,
            "person": customer(**{"vat": "V-9876543", kind: cedula.id, "name": "José Pérez"}),
            "foreigner": customer(
                **{"vat": "C01X00T47", kind: passport.id, "country_id": cls.env.ref("base.de").id},
                phone="030 901820",
            ),
            "delivery address": cls.env["res.partner"].create(
                {"parent_id": cls.customer.id, "type": "delivery", "city": "Valencia",
                 "name": "Almacén de La Trinidad"}
            ),
            "no phone": customer(phone=False),
            "wrong rif": customer(vat="J-30984512-1"),
        }  # fmt: skip

    @classmethod
    def add_goods(cls):
        """Make goods of every unit, kind of tracking, tax and price."""
        taxes = ["general", "reduced", "luxury", "exempt", "included"]
        units = ["unit", "unit", "kgm", "gram", "ton", "litre", "meter", "dozen"]
        names = ["Harina de maíz", *(text for text in TEXTS if text.strip())]
        cls.goods = [
            cls.make_goods(
                names[number % len(names)],
                [12.5, 0, 0.0003, 99.94, 3500][number % 5],
                stock=0,
                default_code=[False, f"COD-{number}", "<b>&" * 10][number % 3],
                standard_price=[8.25, 0.5, 0.0123][number % 3],
                uom_id=cls.units[units[number % len(units)]].id,
                weight=[0, 0.25, 12.3456789][number % 3],
                # A tracked one may well have neither price nor cost of its own currency.
                tracking=["none", "none", "lot", "serial"][number % 4],
                taxes_id=[Command.set(cls.taxes[taxes[number % len(taxes)]].ids)],
            )
            for number in range(40)
        ]
        cls.priceless = cls.make_goods("Muestra sin valor", 0, stock=0, standard_price=0)
        cls.untaxed = cls.make_goods(
            "Con otro impuesto", 5, stock=0, taxes_id=[Command.set(cls.taxes["nine"].ids)]
        )
        cls.kit = cls.env["product.product"].create(
            {"name": "Combo escolar", "type": "service", "company_id": cls.company.id}
        )

    # -- transfers -------------------------------------------------------------------------

    def product_of(self, line):
        number = line["goods"]
        if number % 50 == 0:
            return self.untaxed if number % 100 == 0 else self.priceless
        return self.goods[number % len(self.goods)]

    def unit_of(self, line):
        unit = self.product_of(line).uom_id
        tracked = self.product_of(line).tracking == "serial"
        dozens = line["unit"] == "dozen" and unit == self.units["unit"] and not tracked
        return self.units["dozen"] if dozens else unit

    def quantity_of(self, line):
        if self.product_of(line).tracking == "serial":
            return line["lots"]
        return self.unit_of(line).round(line["quantity"])

    def transfer(self, spec):
        """Return the transfer that was drawn, ready to be validated."""
        self.company.write(
            {"smart_delivery_prices": spec["prices"], "smart_delivery_vat": spec["vat"]}
        )
        customer = self.customers_by_name[spec["customer"]]
        # As whoever decides what customers pay does: those who move goods may not.
        customer.commercial_partner_id.sudo().with_company(
            self.company
        ).property_product_pricelist = self.pricelists[spec["currency"]]
        picking = (
            self.by_order(spec, customer)
            if spec["road"] == "order"
            else self.direct(spec, customer)
        )
        other, carrier, plate, driver, cedula, origin = spec["words"]
        picking.write(
            {
                "smart_transfer_reason": spec["reason"],
                "smart_transfer_reason_other": other.strip() or "Por encargo",
                "smart_carrier_name": carrier,
                "smart_vehicle_plate": plate,
                "smart_driver_name": driver,
                "smart_driver_vat": cedula,
                "origin": origin or picking.origin,
            }
        )
        for move, line in zip(picking.move_ids.sorted("id"), spec["lines"], strict=True):
            self.move_goods(move, line)
        picking.move_ids.picked = True
        return picking

    def by_order(self, spec, customer):
        """Return the transfer of an order, with what is moved of a kit beside its goods."""
        spec["lines"].sort(key=lambda line: line["kit"])
        ordered = [line for line in spec["lines"] if not line["kit"]]
        lines = [
            {
                "product_id": self.product_of(line).id,
                "product_uom_qty": self.quantity_of(line),
                "product_uom_id": self.unit_of(line).id,
                "price_unit": line["price"],
                "discount": line["discount"],
            }
            for line in ordered
        ]
        lines.append({"product_id": self.kit.id, "product_uom_qty": 1, "price_unit": 100})
        order = self.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "pricelist_id": self.pricelists[spec["currency"]].id,
                "warehouse_id": self.warehouse.id,
                "picking_policy": "one",
                "order_line": [Command.create(line) for line in lines],
            }
        )
        order.action_confirm()
        picking = order.picking_ids or self.env["stock.picking"].create(
            {
                "picking_type_id": self.out_type.id,
                "partner_id": customer.id,
                "location_id": self.stock.id,
                "location_dest_id": self.customers.id,
            }
        )
        self.add_moves(picking, spec["lines"][len(ordered) :], sale_line_id=order.order_line[-1].id)
        return picking

    def direct(self, spec, customer):
        out = spec["road"] in ("direct", "to a vendor")
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": (self.out_type if out else self.internal_type).id,
                "partner_id": customer.id if out else False,
                "location_id": self.stock.id,
                "location_dest_id": self.ends.get(spec["road"], self.customers).id,
            }
        )
        self.add_moves(picking, spec["lines"])
        return picking

    def add_moves(self, picking, lines, **values):
        moves = self.env["stock.move"].create(
            [
                {
                    "picking_id": picking.id,
                    "product_id": self.product_of(line).id,
                    "product_uom_qty": self.quantity_of(line),
                    "product_uom": self.unit_of(line).id,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                    **values,
                }
                for line in lines
            ]
        )
        # Each stays one of its own, as Odoo has it where they differ.
        moves._action_confirm(merge=False)

    def move_goods(self, move, line):
        product, quantity = move.product_id, move.product_uom_qty
        tracked = product.tracking != "none"
        parts = line["lots"] if tracked else 1
        shares = [1.0] * parts if product.tracking == "serial" else self.split(quantity, parts)
        package = self.env["stock.package"].create({}) if line["package"] else None
        move.move_line_ids = [
            Command.clear(),
            *(
                Command.create(
                    {
                        "product_id": product.id,
                        "product_uom_id": move.product_uom.id,
                        "quantity": share,
                        "lot_id": self.lot(product).id if tracked else False,
                        "result_package_id": package.id if package else False,
                        "picking_id": move.picking_id.id,
                        "location_id": move.location_id.id,
                        "location_dest_id": move.location_dest_id.id,
                    }
                )
                for share in shares
            ),
        ]

    def split(self, quantity, parts):
        share = round(quantity / parts, 2)
        return [share] * (parts - 1) + [quantity - share * (parts - 1)] if share else [quantity]

    def lot(self, product):
        self.lots = getattr(self, "lots", 0) + 1
        name = f"{['L', 'Serie//', 'ñ|<'][self.lots % 3]}{self.lots:05d}"
        return self.env["stock.lot"].create(
            {"name": name, "product_id": product.id, "company_id": self.company.id}
        )

    # -- judging ---------------------------------------------------------------------------

    def is_good(self, spec):
        """Tell by what was drawn, without the addon's words, that nothing is wrong."""
        out = spec["road"] in ("order", "direct", "to a vendor")
        untaxed = spec["vat"] and any(self.product_of(one) == self.untaxed for one in spec["lines"])
        return not untaxed and not (out and spec["customer"] in BAD_CUSTOMERS)

from typing import NamedTuple

from odoo import api, fields, models

from odoo.addons.l10n_ve_edi_smart.models.paper.words import address_words
from odoo.addons.l10n_ve_edi_smart.smart_api import identification, texts

from ..transport import REMARK_LENGTH, laid_out
from .terms import EXPORT, OTHER, PRINTED_REASONS, REASONS, RETURN, SALE, TRANSFER


class Transport(NamedTuple):
    """How goods are on the road, in words of the document.

    :param remark: of the document, at most ``REMARK_LENGTH`` characters
    :param route: what did not fit there: for a line's comment
    :param cut: parts that had to be shortened: pairs of what was written and what is printed
    """

    remark: str
    route: str
    cut: list


class StockPicking(models.Model):
    """Why and how goods are moved: SMART has no fields for that, the law wants it printed."""

    _inherit = "stock.picking"

    smart_transfer_reason = fields.Selection(
        selection=REASONS,
        string="Reason of the Transfer",
        compute="_compute_smart_transfer_reason",
        store=True,
        readonly=False,
        copy=False,
        help="Why the goods are moved: it is printed on their fiscal document.",
    )
    smart_transfer_reason_other = fields.Char(
        string="Other Reason",
        copy=False,
        help="What is printed where none of the reasons fits, or beside it.",
    )
    smart_carrier_name = fields.Char(
        string="Carried by",
        compute="_compute_smart_carriage",
        store=True,
        readonly=False,
        copy=False,
    )
    smart_vehicle_plate = fields.Char(
        string="Vehicle Plate",
        compute="_compute_smart_carriage",
        store=True,
        readonly=False,
        copy=False,
    )
    smart_driver_name = fields.Char(
        string="Driver",
        compute="_compute_smart_carriage",
        store=True,
        readonly=False,
        copy=False,
    )
    smart_driver_vat = fields.Char(
        string="Driver's Cédula",
        compute="_compute_smart_carriage",
        store=True,
        readonly=False,
        copy=False,
    )

    # -- proposals -------------------------------------------------------------------------

    @api.depends(lambda self: self._smart_reason_sources())
    def _compute_smart_transfer_reason(self):
        for picking in self:
            picking.smart_transfer_reason = (
                picking.smart_transfer_reason or picking._smart_usual_reason()
            )
            if picking.smart_transfer_reason == OTHER and not picking.smart_transfer_reason_other:
                usual = picking.picking_type_id.smart_transfer_reason_other
                picking.smart_transfer_reason_other = usual

    @api.model
    def _smart_reason_sources(self):
        """Return the fields that tell why goods are moved."""
        known = ["picking_type_id", "location_id", "location_dest_id", "partner_id", "return_id"]
        return [*known, "sale_id"] if "sale_id" in self._fields else known

    def _smart_usual_reason(self):
        """Return the reason that can be told from the transfer, or is set for its type."""
        self.ensure_one()
        target = self.location_dest_id.usage
        usual = self.picking_type_id.smart_transfer_reason
        if self.return_id or target == "supplier":
            return RETURN
        if target in ("internal", "transit"):
            return usual or TRANSFER
        if "sale_id" in self._fields and self.sale_id:
            abroad = self.partner_id.country_id and self.partner_id.country_id.code != "VE"
            return EXPORT if abroad else SALE
        return usual

    @api.depends(lambda self: self._smart_carriage_sources())
    def _compute_smart_carriage(self):
        for picking in self:
            carrier, plate, driver = picking._smart_usual_carriage()
            picking.smart_carrier_name = picking.smart_carrier_name or carrier
            picking.smart_vehicle_plate = picking.smart_vehicle_plate or plate
            picking.smart_driver_name = picking.smart_driver_name or driver.name
            picking.smart_driver_vat = picking.smart_driver_vat or driver.vat

    @api.model
    def _smart_carriage_sources(self):
        """Return the fields of other addons that know who carries the goods."""
        known = ["carrier_id"] if "carrier_id" in self._fields else []
        batch = self.env.get("stock.picking.batch")
        if batch is not None and "vehicle_id" in batch._fields:
            known += ["batch_id.vehicle_id", "batch_id.driver_id"]
        return known

    def _smart_usual_carriage(self):
        """Return carrier, plate and driver (``res.partner``), as far as other addons know them."""
        self.ensure_one()
        sources = self._smart_carriage_sources()
        # sudo: whoever moves goods need not read vehicles
        picking = self.sudo()
        carrier = picking.carrier_id.name if "carrier_id" in sources else False
        plate, driver = False, picking.env["res.partner"]
        if "batch_id.vehicle_id" in sources:
            plate = picking.batch_id.vehicle_id.license_plate
            driver = picking.batch_id.driver_id
        return carrier, plate, driver

    # -- in words --------------------------------------------------------------------------

    def _smart_reason_words(self):
        """Return the reason as it is printed, ``""`` if there is none."""
        self.ensure_one()
        # Transfers from before the addon was there have none until they are validated.
        said = PRINTED_REASONS.get(self.smart_transfer_reason or self._smart_usual_reason(), "")
        return " - ".join(filter(None, (said, texts.readable(self.smart_transfer_reason_other))))

    def _smart_place_words(self, location):
        """Return name and address of the place that a location belongs to."""
        place = location._smart_place()
        # sudo: the address of one's own company is no secret
        partner = location._smart_place_partner().sudo()
        return texts.readable(", ".join(filter(None, (place.name, address_words(partner)))))

    def _smart_road(self):
        """Return what is said of the road, in its order, as pairs of label and value.

        :returns: why and how the goods are moved, and from where to where
        """
        self.ensure_one()
        driver = [texts.readable(self.smart_driver_name), texts.readable(self.smart_driver_vat)]
        said = [
            ("Motivo", self._smart_reason_words()),
            ("Transporte", texts.readable(self.smart_carrier_name)),
            ("Placa", texts.readable(self.smart_vehicle_plate)),
            ("Conductor", ", ".join(filter(None, driver))),
            ("Pedido", texts.readable(self.origin)),
        ]
        coming_back = self.location_id.usage == "customer"
        origin = (
            texts.readable(self.partner_id.display_name)
            if coming_back
            else self._smart_place_words(self.location_id)
        )
        # A customer's address of delivery is that of the document.
        away = self.location_dest_id.usage not in ("customer", "supplier")
        target = self._smart_place_words(self._smart_target()) if away else ""
        return said, [("Desde", origin), ("Hasta", target)]

    def _smart_transport(self):
        """Return what the document says of the road.

        :rtype: Transport
        """
        said, route = self._smart_road()
        whole, cut = laid_out([*said, *route], REMARK_LENGTH)
        if not cut:
            return Transport(whole, "", [])
        remark, cut = laid_out(said, REMARK_LENGTH)
        return Transport(remark, laid_out(route, 10 * REMARK_LENGTH)[0], cut)

    def _smart_refer(self, conversion):
        # EXTENDS 'smart.document.owner' with what is wrong about reason and transport
        if not self._smart_reason_words():
            conversion.problem(
                self,
                "smart_transfer_reason_other"
                if self.smart_transfer_reason == OTHER
                else "smart_transfer_reason",
                self.env._("The reason of the transfer is missing."),
                self.env._("Choose why the goods are moved; “Other” is told in words."),
            )
        if self.smart_driver_vat and not self._smart_is_driver_known():
            conversion.problem(
                self,
                "smart_driver_vat",
                self.env._("“%s” is not a valid cédula.", self.smart_driver_vat),
                self.env._("Enter V or E and up to eight digits, for example V-12345678."),
                warning=True,
            )
        for written, printed in self._smart_transport().cut:
            conversion.problem(
                self,
                "",
                self.env._(
                    "“%(written)s” will be printed as “%(sent)s”, for SMART takes %(limit)s "
                    "characters for reason and transport together.",
                    written=written,
                    sent=printed,
                    limit=REMARK_LENGTH,
                ),
                self.env._("Shorten it, if the rest should be read."),
                warning=True,
            )

    def _smart_is_driver_known(self):
        for kind in ("cedula", "rif", "passport"):
            if identification.understand(kind, self.smart_driver_vat)[1]:
                return True
        return False

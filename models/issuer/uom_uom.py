from odoo import api, fields, models

from ..terms import UNITS

#: The units of Odoo that SMART has, too.
OF_ODOO = {
    "uom.product_uom_unit": "unit",
    "uom.product_uom_kgm": "kilo",
    "uom.product_uom_litre": "litre",
    "uom.product_uom_meter": "metre",
}
#: What companies call units of their own that are one of those.
BY_NAME = {
    name: unit
    for unit, names in {
        "unit": "unit units und unid unidad unidades",
        "kilo": "kg kgs kilo kilos kilogramo kilogramos kilogram kilograms",
        "litre": "l lt lts litro litros litre litres liter liters",
        "metre": "m mt mts metro metros metre metres meter meters",
        "box": "box boxes caja cajas",
    }.items()
    for name in names.split()
}


class UomUom(models.Model):
    _inherit = "uom.uom"

    smart_unit = fields.Selection(
        selection=UNITS,
        string="SMART Unit",
        compute="_compute_smart_unit",
        store=True,
        readonly=False,
        help="Which of SMART's units this is. Quantities in any other unit are printed with its "
        "name, such as “2 Dozens”.",
        groups="base.group_user",
    )

    @api.depends("name")
    def _compute_smart_unit(self):
        xml_ids = self.get_external_id()
        for unit in self:
            # Units are recognised by the name that they were given, not by its translations.
            name = (unit.with_context(lang=None).name or "").strip(" .").casefold()
            unit.smart_unit = OF_ODOO.get(xml_ids.get(unit.id)) or BY_NAME.get(name)

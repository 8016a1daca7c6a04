import json
from collections import OrderedDict

from werkzeug.datastructures import FileStorage

from odoo.http import route

from odoo.addons.web.controllers.export import ExcelExport
from odoo.addons.web.controllers.pivot import TableExporter

from ..models.document.document_lookup import harmless

#: Exports of other apps stay as they are: they may need a group's name unchanged.
OWN_MODELS = "smart."


def _harmless_titles(cell):
    """Make all titles of a pivot's description harmless, however deep they are."""
    if isinstance(cell, dict):
        return {
            key: harmless(value) if key == "title" else _harmless_titles(value)
            for key, value in cell.items()
        }
    if isinstance(cell, list):
        return [_harmless_titles(value) for value in cell]
    return cell


def _harmless_groups(node):
    """Make the headlines of a grouped export harmless; they are names that customers chose."""
    node.children = OrderedDict(
        (tuple(map(harmless, key)) if isinstance(key, tuple) else harmless(key), child)
        for key, child in node.children.items()
    )
    for child in node.children.values():
        _harmless_groups(child)


class SmartTableExporter(TableExporter):
    @route()
    def export_xlsx(self, data, **kw):
        # EXTENDS 'web': a spreadsheet would compute a customer named "=…"
        content = json.load(data) if isinstance(data, FileStorage) else json.loads(data)
        if not str(content.get("model")).startswith(OWN_MODELS):
            return super().export_xlsx(json.dumps(content), **kw)
        description = _harmless_titles(content)
        if "title" in content:  # the name of the sheet, not a cell
            description["title"] = content["title"]
        return super().export_xlsx(json.dumps(description), **kw)


class SmartExcelExport(ExcelExport):
    def from_group_data(self, fields, columns_headers, groups):
        # EXTENDS 'web'
        if groups._model._name.startswith(OWN_MODELS):
            _harmless_groups(groups)
        return super().from_group_data(fields, columns_headers, groups)

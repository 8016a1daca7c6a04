"""What an auditor reads, enforced where Odoo itself decides: models, rows, views, menus."""

from odoo import api, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

from .auditor import EMPTY_MODELS, is_readable, may_write, methods_of_auditor

AUDITOR_VIEWS = {
    ("res.partner", "list"): "partner_view_list",
    ("res.partner", "form"): "partner_view_form",
    ("res.partner", "search"): "partner_view_search",
    ("product.product", "list"): "product_view_list",
    ("product.product", "form"): "product_view_form",
}


class IrModelAccess(models.Model):
    _inherit = "ir.model.access"

    @tools.ormcache("self.env.uid", "mode")
    def _get_allowed_models(self, mode="read"):
        # EXTENDS 'base'
        allowed = super()._get_allowed_models(mode)
        if not self.env.user._is_smart_auditor():
            return allowed
        if mode == "read":
            return frozenset(model for model in allowed if is_readable(model))
        registry = self.env.registry
        return frozenset(model for model in allowed if may_write(registry, model))


class IrRule(models.Model):
    _inherit = "ir.rule"

    @tools.ormcache(
        "self.env.uid",
        "self.env.su",
        "model_name",
        "mode",
        "tuple(self._compute_domain_context_values())",
    )
    def _compute_domain(self, model_name, mode="read"):
        # EXTENDS 'base'
        domain = super()._compute_domain(model_name, mode)
        if self.env.su or not self.env.user._is_smart_auditor():
            return domain
        return (domain & self._smart_auditor_domain(model_name)).optimize(self.env[model_name])

    @api.model
    def _smart_auditor_domain(self, model_name):
        """Return the domain of a model's rows that have to do with fiscal documents."""
        if model_name in EMPTY_MODELS:
            return Domain.FALSE
        user = self.env.user
        if model_name == "res.users":
            return Domain("id", "=", user.id)
        if model_name == "res.users.settings":
            return Domain("user_id", "=", user.id)
        if model_name == "res.partner":
            own = user.partner_id + self.env.companies.partner_id
            return Domain("id", "in", own.ids) | self._smart_on_documents("partner_id")
        if model_name == "product.template":
            return self._smart_on_documents("product_tmpl_id")
        if model_name == "product.product":
            return self._smart_on_documents("product_id")
        if model_name == "ir.exports":
            return Domain("resource", "=like", "smart.%")
        if model_name == "ir.exports.line":
            return Domain("export_id.resource", "=like", "smart.%")
        if model_name == "ir.attachment":
            return Domain("res_model", "=like", "smart.%")
        return Domain.TRUE

    @api.model
    def _smart_on_documents(self, what):
        """Return the domain of what stands on fiscal documents of the allowed companies.

        In SQL, because an auditor may read neither invoices nor their lines.

        :param str what: ``partner_id``, ``product_id`` or ``product_tmpl_id``
        """
        company_ids = tuple(self.env.companies.ids) or (None,)

        def to_sql(model, alias, query):
            identifier = SQL.identifier(alias, "id")
            if what == "partner_id":
                return SQL(
                    "EXISTS (SELECT FROM smart_document AS fiscal"
                    " WHERE fiscal.partner_id = %s AND fiscal.company_id IN %s)",
                    identifier,
                    company_ids,
                )
            products = SQL("(%s)", identifier)
            if what == "product_tmpl_id":
                products = SQL(
                    "(SELECT variant.id FROM product_product AS variant"
                    " WHERE variant.product_tmpl_id = %s)",
                    identifier,
                )
            on_lines = [
                SQL(
                    "EXISTS (SELECT FROM %s AS line"
                    " JOIN smart_document AS fiscal ON fiscal.%s = line.%s"
                    " WHERE line.%s IN %s AND fiscal.company_id IN %s)",
                    SQL.identifier(self.env[lines.comodel_name]._table),
                    SQL.identifier(field),
                    SQL.identifier(lines.inverse_name),
                    SQL.identifier(product),
                    products,
                    company_ids,
                )
                for field, lines, product in self._smart_products_of_owners()
            ]
            return SQL("(%s)", SQL(" OR ").join(on_lines))

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _smart_products_of_owners(self):
        """Yield where owners name products: field of the document, field of lines, column."""
        for field, model in self.env["smart.document"]._owner_fields().items():
            for path in self.env[model]._smart_references.get("product.product", ()):
                lines, product = path.split(".")
                yield field, self.env[model]._fields[lines], product


class IrUiView(models.Model):
    _inherit = "ir.ui.view"

    def _postprocess_access_rights(self, tree):
        # EXTENDS 'base'
        if not self.env.user._is_smart_auditor():
            return super()._postprocess_access_rights(tree)
        model = tree.get("model_access_rights", "")
        tree = super()._postprocess_access_rights(tree)
        allowed = methods_of_auditor(self.env.registry, model)
        for node in tree.xpath("//button[@type] | //chatter | //div[hasclass('oe_chatter')]"):
            if node.tag != "button" or node.get("name") not in allowed:
                node.getparent().remove(node)
        if not may_write(self.env.registry, model):
            tree.attrib.pop("multi_edit", None)
            for action in ("create", "edit", "delete", "duplicate", "import"):
                tree.set(action, "0")
        return tree

    @api.model
    def default_view(self, model, view_type):
        # EXTENDS 'base': most of the usual screens of customers and products is hidden from an
        # auditor
        view = AUDITOR_VIEWS.get((model, view_type))
        if view and self.env.user._is_smart_auditor():
            return self.env.ref(f"l10n_ve_edi_smart.smart_auditor_{view}").id
        return super().default_view(model, view_type)


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    @tools.ormcache("frozenset(self.env.user._get_group_ids())", "debug")
    def _visible_menu_ids(self, debug=False):
        # EXTENDS 'base'
        visible = super()._visible_menu_ids(debug)
        if not self.env.user._is_smart_auditor():
            return visible
        root = self.env.ref("l10n_ve_edi_smart.smart_auditor_menu_root")
        return visible & set(self.search([("id", "child_of", root.id)]).ids)


class IrActionsActions(models.Model):
    _inherit = "ir.actions.actions"

    @api.model
    def get_bindings(self, model_name):
        # EXTENDS 'base': an auditor's *Actions* menu has only the prints
        bindings = super().get_bindings(model_name)
        if self.env.user._is_smart_auditor():
            bindings = {kind: bound for kind, bound in bindings.items() if kind == "report"}
        return bindings

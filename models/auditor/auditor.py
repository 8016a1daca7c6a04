"""Who is an auditor, and what an auditor may reach: the one list that all guards use.

An auditor (SENIAT) is handed a login that reads what concerns fiscal documents and changes
nothing. Odoo's groups only ever add rights, so a group alone cannot promise that: the rights
of every internal user, or a group ticked by mistake, would widen it. Hence four guards, each
of which holds without the others:

1. :class:`ResUsers` here: an auditor's other groups do not count;
2. ``ir.model.access`` and ``ir.rule`` (``rights.py``): only the models below, of them only
   the rows that have to do with fiscal documents, and nothing is written;
3. ``ir.http`` (``calls.py``): remote calls reach only the methods below;
4. PostgreSQL: everything else that an auditor's request runs, with or without ``sudo``,
   runs in a transaction that is read-only.
"""

from odoo import SUPERUSER_ID, api, models, tools
from odoo.exceptions import ValidationError

AUDITOR_GROUP = "l10n_ve_edi_smart.group_smart_auditor"

#: The group that gives rights to others: every administrator has it.
ADMINISTRATOR_GROUP = "base.group_erp_manager"

#: Groups of an auditor that count; all others have no effect.
AUDITOR_GROUPS = (
    AUDITOR_GROUP,
    "base.group_user",
    "base.group_allow_export",
    "base.group_multi_company",
    "base.group_multi_currency",
)

#: Besides the addon's own models (``smart.*``) an auditor reads the customers and products
#: of fiscal documents, and what the web client needs to work.
READABLE_MODELS = frozenset(
    {
        "ir.actions.act_url",
        "ir.actions.act_window",
        "ir.actions.act_window.view",
        "ir.actions.act_window_close",
        "ir.actions.actions",
        "ir.actions.client",
        "ir.actions.report",
        "ir.attachment",
        "ir.exports",
        "ir.exports.line",
        "ir.filters",
        "ir.model",
        "ir.model.fields",
        "ir.ui.menu",
        "ir.ui.view",
        "l10n_latam.identification.type",
        "product.category",
        "product.product",
        "product.template",
        "res.company",
        "res.country",
        "res.country.state",
        "res.currency",
        "res.currency.rate",
        "res.lang",
        "res.partner",
        "res.users",
        "res.users.settings",
        "uom.uom",
    }
)

#: Readable but always empty. The web client asks for them by itself, and would show an error.
EMPTY_MODELS = frozenset(
    {
        "bus.presence",
        "discuss.channel",
        "discuss.channel.member",
        "mail.activity",
        "mail.canned.response",
        "mail.followers",
        "mail.message",
        "mail.notification",
        "mail.presence",
    }
)

#: Methods that read, as the web client and the external API call them.
READING_METHODS = frozenset(
    {
        "check_access_rights",
        "context_get",
        "default_get",
        "exists",
        "export_data",
        "fields_get",
        "formatted_read_group",
        "formatted_read_grouping_sets",
        "get_bindings",
        "get_external_id",
        "get_field_translations",
        "get_formview_action",
        "get_formview_id",
        "get_metadata",
        "get_view",
        "get_views",
        "has_access",
        "has_group",
        "load_views",
        "name_search",
        "read",
        "read_group",
        "read_progress_bar",
        "search",
        "search_count",
        "search_panel_select_multi_range",
        "search_panel_select_range",
        "search_read",
        "web_name_search",
        "web_read",
        "web_read_group",
        "web_search_read",
    }
)

_DIALOG = frozenset(
    {"create", "default_get", "get_views", "onchange", "read", "web_read", "web_save"}
)

#: An auditor's own login: its password, second factor and keys of the external API.
OWN_ACCOUNT = {
    "auth_totp.wizard": _DIALOG | {"enable"},
    "change.password.own": _DIALOG | {"change_password"},
    "res.users": frozenset(
        {
            "action_change_password_wizard",
            "action_get",
            "action_totp_enable_wizard",
            "api_key_wizard",
            "preference_change_password",
        }
    ),
    "res.users.apikeys": frozenset({"remove"}),
    "res.users.apikeys.description": _DIALOG | {"make_key"},
    "res.users.apikeys.show": _DIALOG,
    "res.users.identitycheck": _DIALOG | {"run_check"},
    "res.users.settings": frozenset({"set_res_users_settings"}),
}


def methods_of_auditor(registry, model):
    """Return the methods of a model that an auditor may call although they write.

    A model of the addon allows some by its attribute ``_smart_auditor_methods``: that is
    for a wizard which writes nothing but its own row. (``smart.document`` and the rest have
    none.)
    """
    own = OWN_ACCOUNT.get(model)
    if own is None:
        own = getattr(registry.get(model), "_smart_auditor_methods", frozenset())
    return own


def may_write(registry, model):
    """Tell whether an auditor writes rows of a model: own account, or a reading wizard."""
    return model != "res.users" and bool(methods_of_auditor(registry, model))


def is_readable(model):
    """Tell whether an auditor sees a model at all."""
    return (
        model.startswith("smart.")
        or model in READABLE_MODELS
        or model in EMPTY_MODELS
        or model in OWN_ACCOUNT
    )


class ResUsers(models.Model):
    _inherit = "res.users"

    def _is_smart_auditor(self):
        """Tell whether this user only reads, whatever other rights it was given."""
        return bool(self.id) and self.id != SUPERUSER_ID and self._has_group(AUDITOR_GROUP)

    @tools.ormcache("self.id")
    def _get_group_ids(self):
        # EXTENDS 'base'
        group_ids = super()._get_group_ids()
        definitions = self.env["res.groups"]._get_group_definitions()
        if definitions.get_id(AUDITOR_GROUP) not in group_ids or self.id == SUPERUSER_ID:
            return group_ids
        counted = {definitions.get_id(name) for name in AUDITOR_GROUPS}
        return tuple(group_id for group_id in group_ids if group_id in counted)

    def _on_webclient_bootstrap(self):
        # EXTENDS 'web': no chat with OdooBot, nor anything else, is created for an auditor
        if self._is_smart_auditor():
            return None
        return super()._on_webclient_bootstrap()

    @api.constrains("group_ids")
    def _check_smart_auditor(self):
        """Keep administrators from locking themselves out."""
        definitions = self.env["res.groups"]._get_group_definitions()
        auditor = definitions.get_id(AUDITOR_GROUP)
        administrator = definitions.get_id(ADMINISTRATOR_GROUP)
        for user in self:
            # sudo: the person who edits a user's access may have no right to read groups
            group_ids = user.sudo().all_group_ids.ids
            if auditor in group_ids and administrator in group_ids:
                raise ValidationError(
                    self.env._(
                        "%s cannot be an auditor and an administrator at once: an auditor "
                        "changes nothing, not even its own rights. Make a user for the auditor.",
                        user.name,
                    )
                )


class ResGroups(models.Model):
    """The same check for changes of groups, which could lock out a whole company."""

    _inherit = "res.groups"

    @api.constrains("implied_ids", "implied_by_ids", "user_ids")
    def _check_smart_auditor(self):
        auditor = self.env.ref(AUDITOR_GROUP, raise_if_not_found=False)
        if not auditor:
            return  # it is just being installed
        auditor = auditor.sudo()  # sudo: the person who edits groups may not see all of them
        if auditor.implied_by_ids:
            raise ValidationError(
                self.env._(
                    "The group “%(group)s” cannot imply “%(auditor)s”: an auditor changes nothing "
                    "in all of Odoo, and no other group of an auditor has an effect. Give that "
                    "group to the auditor's own user instead.",
                    group=auditor.implied_by_ids[0].full_name,
                    auditor=auditor.full_name,
                )
            )
        self.env.registry.clear_cache("groups")  # implied groups may just have changed
        administrator = self.env.ref(ADMINISTRATOR_GROUP)
        if administrator in auditor.all_implied_ids:
            raise ValidationError(
                self.env._(
                    "“%s” cannot imply the rights of an administrator: an auditor changes nothing.",
                    auditor.full_name,
                )
            )
        # sudo: as above; archived users can come back
        users = self.env["res.users"].sudo().with_context(active_test=False)
        both = [("all_group_ids", "in", group.ids) for group in (auditor, administrator)]
        users.search(both, limit=1)._check_smart_auditor()
